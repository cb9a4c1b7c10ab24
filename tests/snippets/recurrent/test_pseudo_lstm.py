"""The pseudo LSTM against its equations, and against nn.LSTM where both gates stand wide open."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from snippets.recurrent import pseudo_lstm
from snippets.recurrent.pseudo_lstm import PseudoLSTM

Sizes = tuple[int, int, int, int]

ORACLE = "nn.LSTM"
# Batch, steps, input, hidden: the smallest, odd ones, a long one.
ALL_SIZES = pytest.mark.parametrize(
    "sizes", [(1, 1, 1, 1), (3, 5, 4, 6), (2, 7, 3, 5), (5, 2, 1, 3), (1, 30, 2, 7)], ids=str
)
STARTS = pytest.mark.parametrize("given", [False, True], ids=["from-zero", "from-a-state"])


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def pair(sizes: Sizes) -> tuple[PseudoLSTM, nn.LSTM]:
    """Ours and nn.LSTM with the same weights, o open whatever it reads, in float64."""
    D, H = sizes[2:]
    twin, ours = nn.LSTM(D, H, batch_first=True).double(), PseudoLSTM(D, H).double()
    W, U, b, more = (weight.detach().clone() for weight in twin.all_weights[0])
    for gate in (W, U, b, more):
        gate[3 * H :] = 0
    b[3 * H :] = 100
    order = torch.arange(4 * H).unflatten(0, (4, H))[[0, 1, 3, 2]].flatten()  # i f g o -> i f o g
    ours.load_state_dict({"W": W[order], "U": U[order], "b": (b + more)[order]})
    for theirs, weight in zip(twin.all_weights[0], (W, U, b, more), strict=True):
        theirs.data.copy_(weight)
    return ours, twin


def made(sizes: Sizes) -> PseudoLSTM:
    ours = PseudoLSTM(*sizes[2:]).double()
    nn.init.normal_(ours.b)
    return ours


def rows(sizes: Sizes) -> tuple[Tensor, Tensor]:
    B, T, D, H = sizes
    x, s = (torch.randn(shape, dtype=torch.float64) for shape in ((B, T, D), (1, B, H)))
    return x.requires_grad_(), s.requires_grad_()


def gradients(answer: tuple[Tensor, Tensor], of: list[Tensor]) -> list[Tensor]:
    """Those of a sum in which every number of out and s has a weight of its own."""
    total = sum((part * torch.linspace(-1, 2, part.numel()).view_as(part)).sum() for part in answer)
    return list(torch.autograd.grad(total, of))


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def by_hand(
    ours: PseudoLSTM, x: list[list[float]], s: list[float]
) -> tuple[list[list[float]], list[float]]:
    """The equations for one row, in plain numbers: the output of every step, and the last s."""
    (W, U, b), outs, H = (w.tolist() for w in (ours.W, ours.U, ours.b)), [], len(s)

    def at(k: int, x_t: list[float], seen: list[float]) -> float:
        return b[k] + sum(w * v for w, v in zip(W[k] + U[k], x_t + seen, strict=True))

    for x_t in x:
        a = [math.tanh(v) for v in s]
        i, f, o = ([sigmoid(at(n * H + u, x_t, a)) for u in range(H)] for n in range(3))
        read = [o[u] * a[u] for u in range(H)]
        new = [math.tanh(at(3 * H + u, x_t, read)) for u in range(H)]
        s = [f[u] * s[u] + i[u] * new[u] for u in range(H)]
        outs.append([math.tanh(v) for v in s])
    return outs, s


@ALL_SIZES
def test_it_equals_the_equations(sizes: Sizes, compare: Any) -> None:
    ours = made(sizes)
    x, s = rows(sizes)
    out, last = ours(x, s)
    for b in range(sizes[0]):
        theirs = by_hand(ours, x[b].tolist(), s[0, b].tolist())
        mine, (outs, end) = (out[b], last[0, b]), map(torch.DoubleTensor, theirs)
        compare(mine[0], outs, oracle="the equations", what="forward", dtype=torch.float64)
        compare(mine[1], end, oracle="the equations", what="state", dtype=torch.float64)


@ALL_SIZES
@STARTS
def test_with_the_gate_open_it_equals_an_open_lstm(sizes: Sizes, given: bool, compare: Any) -> None:
    ours, twin = pair(sizes)
    x, s = rows(sizes)
    mine = ours(x, s if given else None)
    out, (_, c) = twin(x, (s.tanh(), s) if given else None)  # h = tanh(c), as o = 1
    oracle = f"{ORACLE}, o = 1"
    compare(mine[0], out, oracle=oracle, what="forward", dtype=torch.float64)
    compare(mine[1], c, oracle=oracle, what="state", dtype=torch.float64)
    inputs = [x, s] if given else [x]
    compare(
        gradients(mine, inputs), gradients((out, c), inputs),
        oracle=oracle, what="gradient", dtype=torch.float64,
    )  # fmt: skip


def test_derivatives_agree_with_finite_differences() -> None:
    ours = made((2, 3, 2, 2))
    x, s = rows((2, 3, 2, 2))

    def answer(x: Tensor, s: Tensor, U: Tensor) -> tuple[Tensor, ...]:
        return torch.func.functional_call(ours, {"U": U}, (x, s, torch.tensor([3, 2])))

    assert torch.autograd.gradcheck(answer, (x, s, ours.U.detach().requires_grad_()))


@pytest.mark.parametrize("filler", [1e30, math.nan, math.inf], ids=str)
def test_values_behind_a_length_never_matter(filler: float) -> None:
    ours = made((3, 6, 2, 4))
    x, _ = rows((3, 6, 2, 4))
    ends = torch.tensor([6, 2, 0])
    behind = torch.arange(6) >= ends[:, None]
    filled = x.detach().masked_fill(behind[..., None], filler).requires_grad_()
    (out, s), (same, same_s) = ours(x, None, ends), ours(filled, None, ends)
    assert torch.equal(out, same) and torch.equal(s, same_s)
    assert not out[behind].any() and not s[0, 2].any()
    after = gradients((same, same_s), [filled, *ours.parameters()])
    assert all(part.isfinite().all() for part in after)
    assert not after[0][behind].any()


def test_a_row_is_the_same_alone_and_among_longer_ones(compare: Any) -> None:
    ours = made((3, 6, 2, 4))
    x, start = rows((3, 6, 2, 4))
    out, s = ours(x, start, torch.tensor([6, 4, 1]))
    for b, length in enumerate([6, 4, 1]):
        alone, last = ours(x[b : b + 1, :length], start[:, b : b + 1])
        mine, theirs = (out[b, :length], s[:, b]), (alone[0], last[:, 0])
        compare(mine, theirs, oracle="the row alone", what="value", atol=1e-12)


def test_a_state_carries_on_where_it_was_taken(compare: Any) -> None:
    ours = made((2, 9, 3, 4))
    x, s = rows((2, 9, 3, 4))
    whole, end = ours(x, s)
    first, between = ours(x[:, :4], s)
    rest, last = ours(x[:, 4:], between)
    parts = (torch.cat([first, rest], dim=1), last)
    compare(parts, (whole, end), oracle="one pass over all steps", what="value", atol=1e-12)


def test_no_step_and_no_row_have_their_answers() -> None:
    ours = made((2, 3, 3, 4))
    x, s = rows((2, 3, 3, 4))
    for read, lengths in ((x, torch.zeros(2, dtype=torch.long)), (x[:, :0], None)):
        out, after = ours(read, s, lengths)
        assert out.shape == (2, read.shape[1], 4) and not out.any()
        assert torch.equal(after, s)
    assert ours(x[:0])[0].shape == (0, 3, 4)


def test_the_state_has_no_bound_and_the_output_has() -> None:
    ours = PseudoLSTM(1, 1)
    with torch.no_grad():
        ours.W[:] = 0
        ours.U[:] = 0
        ours.b[:] = 20  # always keep, always write 1
    out, s = ours(torch.zeros(1, 50, 1))
    assert s.item() == pytest.approx(50) and out.abs().max() <= 1


BAD: dict[str, tuple[Callable[[PseudoLSTM], Any], str]] = {
    "wrong width": (lambda m: m(torch.zeros(2, 4, 5)), r"expected 3 input features.*\(2, 4, 5\)"),
    "no batch": (lambda m: m(torch.zeros(4, 3)), r"expected 3 input features.*\(4, 3\)"),
    "state of another batch": (
        lambda m: m(torch.zeros(2, 4, 3), torch.zeros(1, 1, 6)),
        r"expected a state of shape \(1, 2, 6\), got \(1, 1, 6\)",
    ),
    "length beyond": (lambda m: m(torch.zeros(2, 4, 3), None, torch.tensor([4, 5])), r"0 to 4.*5"),
    "length below": (lambda m: m(torch.zeros(2, 4, 3), None, torch.tensor([4, -1])), r"0 to 4.*-1"),
    "half a length": (lambda m: m(torch.zeros(2, 4, 3), None, torch.ones(2)), r"whole.*1\.0"),
    "no hidden unit": (lambda m: PseudoLSTM(3, 0), r"at least 1, got \(3, 0\)"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act(PseudoLSTM(3, 6))


def test_the_forget_gate_starts_open() -> None:
    i, f, o, new = PseudoLSTM(3, 5).b.chunk(4)
    assert (f == 1).all() and not any(part.any() for part in (i, o, new))


def test_nothing_given_is_changed_and_no_random_number_drawn() -> None:
    ours = made((2, 4, 3, 5))
    x, state = rows((2, 4, 3, 5))
    ends, before = torch.tensor([4, 2]), torch.get_rng_state()
    given = [x, state, ends, *ours.parameters()]
    versions = [part._version for part in given]
    assert torch.equal(ours(x, state, ends)[0], ours(x, state, ends)[0])
    assert [part._version for part in given] == versions
    assert torch.equal(torch.get_rng_state(), before)


def test_weights_survive_saving() -> None:
    ours, another = made((2, 4, 3, 5)), PseudoLSTM(3, 5).double()
    another.load_state_dict(ours.state_dict())
    x, _ = rows((2, 4, 3, 5))
    assert torch.equal(another(x)[0], ours(x)[0])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_the_dtype_stays(dtype: torch.dtype) -> None:
    out, s = PseudoLSTM(3, 5).to(dtype)(torch.randn(2, 4, 3, dtype=dtype))
    assert out.dtype == s.dtype == dtype


def test_bfloat16_autocast_stays_near() -> None:
    ours, x = made((3, 9, 4, 6)).float(), torch.randn(3, 9, 4, requires_grad=True)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out, _ = ours(x)
    out.float().sum().backward()
    assert x.grad is not None and x.grad.isfinite().all()
    assert (out.float() - ours(x)[0]).abs().max() < 0.05


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    ours = made((3, 6, 2, 5))
    x, state = rows((3, 6, 2, 5))
    ends = torch.tensor([6, 1, 4])
    here, s = ours(x, state, ends)
    there, far = ours.cuda()(x.cuda(), state.cuda(), ends)
    assert (here - there.cpu()).abs().max() < 1e-9
    assert (s - far.cpu()).abs().max() < 1e-9


@pytest.fixture(scope="module")
def result() -> pseudo_lstm.Result:
    return pseudo_lstm.demo()


def test_the_demo_reaches_its_bar(result: pseudo_lstm.Result) -> None:
    assert result.metric <= result.expected < result.chance


def test_the_picture_shows_a_state_and_its_squashed_output(result: pseudo_lstm.Result) -> None:
    numbers, marks, s, h = result.steps
    assert marks.nonzero()[:, 0].tolist() == [7, 22] and numbers.shape == (30,)
    assert torch.allclose(h, s.tanh())
    assert s.abs().max() > 1


def test_the_demo_leaves_random_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pseudo_lstm, "range", lambda n: [0], raising=False)
    before = torch.get_rng_state()
    first, again, other = (pseudo_lstm.demo(seed) for seed in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), before)
    assert first.metric == again.metric != other.metric
