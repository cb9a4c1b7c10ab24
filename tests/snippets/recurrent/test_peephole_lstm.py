"""Peepholes: shut, the model is nn.LSTM; open, it is the equations, one number at a time."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from snippets.recurrent import peephole_lstm
from snippets.recurrent.peephole_lstm import PeepholeLSTM

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


def pair(sizes: Sizes) -> tuple[PeepholeLSTM, nn.LSTM]:
    """Ours, its open peepholes shut by the copying, and its twin, in float64."""
    twin, ours = nn.LSTM(*sizes[2:], batch_first=True).double(), opened(sizes)
    ours.load_torch(twin)
    return ours, twin


def opened(sizes: Sizes) -> PeepholeLSTM:
    """Ours with peepholes of all signs."""
    ours = PeepholeLSTM(*sizes[2:]).double()
    nn.init.normal_(ours.p)
    return ours


def rows(sizes: Sizes) -> tuple[Tensor, tuple[Tensor, Tensor]]:
    B, T, D, H = sizes
    x, h, c = (torch.randn(s, dtype=torch.float64) for s in ((B, T, D), (1, B, H), (1, B, H)))
    return x.requires_grad_(), (h.requires_grad_(), c.requires_grad_())


def gradients(answer: tuple[Tensor, tuple[Tensor, Tensor]], of: list[Tensor]) -> list[Tensor]:
    """Those of a sum in which every number of out, h and c has a weight of its own."""
    out, (h, c) = answer
    total = sum(
        (part * torch.linspace(-1, 2, part.numel()).view_as(part)).sum() for part in (out, h, c)
    )
    return list(torch.autograd.grad(total, of))


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def by_hand(
    ours: PeepholeLSTM, x: list[list[float]], h: list[float], c: list[float]
) -> tuple[list[list[float]], list[float]]:
    """The equations for one row, in plain numbers: h of every step, and the last c."""
    (W, U, b, p), outs = (w.tolist() for w in (ours.W, ours.U, ours.b, ours.p)), []
    H = len(h)
    for x_t in x:
        z = [
            b[k] + sum(w * v for w, v in zip(W[k] + U[k], x_t + h, strict=True))
            for k in range(4 * H)
        ]
        i = [sigmoid(z[u] + p[0][u] * c[u]) for u in range(H)]
        f = [sigmoid(z[H + u] + p[1][u] * c[u]) for u in range(H)]
        c = [f[u] * c[u] + i[u] * math.tanh(z[2 * H + u]) for u in range(H)]
        o = [sigmoid(z[3 * H + u] + p[2][u] * c[u]) for u in range(H)]
        h = [o[u] * math.tanh(c[u]) for u in range(H)]
        outs.append(h)
    return outs, c


@ALL_SIZES
@STARTS
def test_shut_peepholes_equal_the_twin(sizes: Sizes, given: bool, compare: Any) -> None:
    ours, twin = pair(sizes)
    x, state = rows(sizes)
    mine, other = ours(x, state if given else None), twin(x, state if given else None)
    compare(mine[0], other[0], oracle=ORACLE, what="forward", dtype=torch.float64)
    compare(mine[1], other[1], oracle=ORACLE, what="state", dtype=torch.float64)
    inputs = [x, *state] if given else [x]
    compare(
        gradients(mine, [*inputs, ours.W, ours.U, ours.b]),
        gradients(other, [*inputs, *twin.all_weights[0][:3]]),
        oracle=ORACLE, what="gradient", dtype=torch.float64,
    )  # fmt: skip


@pytest.mark.parametrize("lengths", [(7, 7, 7), (7, 1, 4), (2, 6, 3), (1, 1, 1)], ids=str)
@STARTS
def test_lengths_equal_packed_rows(lengths: tuple[int, ...], given: bool, compare: Any) -> None:
    ours, twin = pair((3, 7, 2, 5))
    x, state = rows((3, 7, 2, 5))
    start = state if given else None
    sequence = pack_padded_sequence(x, list(lengths), batch_first=True, enforce_sorted=False)
    out, last = twin(sequence, start)
    out = pad_packed_sequence(out, batch_first=True, total_length=7)[0]
    mine = ours(x, start, torch.tensor(lengths))
    oracle = f"{ORACLE}, packed"
    compare(mine[0], out, oracle=oracle, what="forward", dtype=torch.float64)
    compare(mine[1], last, oracle=oracle, what="state", dtype=torch.float64)
    compare(
        gradients(mine, [x, ours.W, ours.U, ours.b]),
        gradients((out, last), [x, *twin.all_weights[0][:3]]),
        oracle=oracle, what="gradient", dtype=torch.float64,
    )  # fmt: skip


@ALL_SIZES
def test_open_peepholes_equal_the_equations(sizes: Sizes, compare: Any) -> None:
    ours = opened(sizes)
    x, (h, c) = rows(sizes)
    out, (_, last) = ours(x, (h, c))
    for b in range(sizes[0]):
        outs, end = by_hand(ours, x[b].tolist(), h[0, b].tolist(), c[0, b].tolist())
        theirs = torch.tensor(outs, dtype=torch.float64), torch.tensor(end, dtype=torch.float64)
        compare((out[b], last[0, b]), theirs, oracle="the equations", what="forward", atol=1e-12)


def test_derivatives_agree_with_finite_differences() -> None:
    ours = opened((2, 3, 2, 2))
    x, state = rows((2, 3, 2, 2))

    def answer(x: Tensor, h: Tensor, c: Tensor, p: Tensor) -> tuple[Tensor, ...]:
        with_p = {"p": p}
        out, last = torch.func.functional_call(ours, with_p, (x, (h, c), torch.tensor([3, 2])))
        return out, *last

    assert torch.autograd.gradcheck(answer, (x, *state, ours.p.detach().requires_grad_()))


@pytest.mark.parametrize("filler", [1e30, math.nan, math.inf], ids=str)
def test_values_behind_a_length_never_matter(filler: float) -> None:
    ours = opened((3, 6, 2, 4))
    x, _ = rows((3, 6, 2, 4))
    ends = torch.tensor([6, 2, 0])
    behind = torch.arange(6) >= ends[:, None]
    filled = x.detach().masked_fill(behind[..., None], filler).requires_grad_()
    (out, state), (same, same_state) = ours(x, None, ends), ours(filled, None, ends)
    assert torch.equal(out, same) and torch.equal(state[1], same_state[1])
    assert not out[behind].any() and not state[0][0, 2].any()
    after = gradients((same, same_state), [filled, *ours.parameters()])
    assert all(part.isfinite().all() for part in after)
    assert not after[0][behind].any()


def test_a_state_carries_on_where_it_was_taken(compare: Any) -> None:
    ours = opened((2, 9, 3, 4))
    x, state = rows((2, 9, 3, 4))
    whole, end = ours(x, state)
    first, between = ours(x[:, :4], state)
    rest, last = ours(x[:, 4:], between)
    parts = (torch.cat([first, rest], dim=1), *last)
    compare(parts, (whole, *end), oracle="one pass over all steps", what="value", atol=1e-12)


def test_no_step_and_no_row_have_their_answers() -> None:
    ours = opened((2, 3, 3, 4))
    x, state = rows((2, 3, 3, 4))
    for read, lengths in ((x, torch.zeros(2, dtype=torch.long)), (x[:, :0], None)):
        out, after = ours(read, state, lengths)
        assert out.shape == (2, read.shape[1], 4) and not out.any()
        assert torch.equal(after[0], state[0]) and torch.equal(after[1], state[1])
    assert ours(x[:0])[0].shape == (0, 3, 4)


BAD: dict[str, tuple[Callable[[PeepholeLSTM], Any], str]] = {
    "wrong width": (lambda m: m(torch.zeros(2, 4, 5)), r"expected 3 input features.*\(2, 4, 5\)"),
    "no batch": (lambda m: m(torch.zeros(4, 3)), r"expected 3 input features.*\(4, 3\)"),
    "state of another batch": (
        lambda m: m(torch.zeros(2, 4, 3), (torch.zeros(1, 1, 6), torch.zeros(1, 1, 6))),
        r"expected h and c \(1, 2, 6\), got \(1, 1, 6\)",
    ),
    "length beyond": (lambda m: m(torch.zeros(2, 4, 3), None, torch.tensor([4, 5])), r"0 to 4.*5"),
    "length below": (lambda m: m(torch.zeros(2, 4, 3), None, torch.tensor([4, -1])), r"0 to 4.*-1"),
    "half a length": (lambda m: m(torch.zeros(2, 4, 3), None, torch.ones(2)), r"whole.*1\.0"),
    "no hidden unit": (lambda m: PeepholeLSTM(3, 0), r"at least 1, got \(3, 0\)"),
    "larger twin": (lambda m: m.load_torch(nn.LSTM(3, 7)), r"expected.*3, 6.*got LSTM\(3, 7\)"),
    "twin of two layers": (lambda m: m.load_torch(nn.LSTM(3, 6, 2)), "num_layers=2"),
    "twin both ways": (lambda m: m.load_torch(nn.LSTM(3, 6, bidirectional=True)), "bidirectional"),
    "twin of no bias": (lambda m: m.load_torch(nn.LSTM(3, 6, bias=False)), "bias=False"),
    "twin with projection": (lambda m: m.load_torch(nn.LSTM(3, 6, proj_size=2)), "proj_size=2"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act(PeepholeLSTM(3, 6))


def test_it_starts_as_an_lstm_with_the_forget_gate_open() -> None:
    ours = PeepholeLSTM(3, 5)
    i, f, g, o = ours.b.chunk(4)
    assert (f == 1).all()
    assert not any(part.any() for part in (i, g, o, ours.p))


def test_nothing_given_is_changed_and_no_random_number_drawn() -> None:
    ours = opened((2, 4, 3, 5))
    x, state = rows((2, 4, 3, 5))
    ends, before = torch.tensor([4, 2]), torch.get_rng_state()
    given = [x, *state, ends, *ours.parameters()]
    versions = [part._version for part in given]
    assert torch.equal(ours(x, state, ends)[0], ours(x, state, ends)[0])
    assert [part._version for part in given] == versions
    assert torch.equal(torch.get_rng_state(), before)


def test_weights_survive_saving() -> None:
    ours, another = opened((2, 4, 3, 5)), PeepholeLSTM(3, 5).double()
    another.load_state_dict(ours.state_dict())
    x, _ = rows((2, 4, 3, 5))
    assert torch.equal(another(x)[0], ours(x)[0])


def test_single_precision_is_close_to_the_twin(compare: Any) -> None:
    twin, ours, x = nn.LSTM(4, 6, batch_first=True), PeepholeLSTM(4, 6), torch.randn(3, 9, 4)
    ours.load_torch(twin)
    compare(ours(x)[0], twin(x)[0], oracle=ORACLE, what="forward", atol=1e-6, dtype=torch.float32)


def test_bfloat16_autocast_stays_near() -> None:
    ours, x = opened((3, 9, 4, 6)).float(), torch.randn(3, 9, 4, requires_grad=True)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out, _ = ours(x)
    out.float().sum().backward()
    assert x.grad is not None and x.grad.isfinite().all()
    assert (out.float() - ours(x)[0]).abs().max() < 0.05


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    ours = opened((3, 6, 2, 5))
    x, state = rows((3, 6, 2, 5))
    ends = torch.tensor([6, 1, 4])
    here, (h, c) = ours(x, state, ends)
    there, (far_h, far_c) = ours.cuda()(x.cuda(), tuple(part.cuda() for part in state), ends)
    for near, far in ((here, there), (h, far_h), (c, far_c)):
        assert (near - far.cpu()).abs().max() < 1e-9


@pytest.fixture(scope="module")
def result() -> peephole_lstm.Result:
    return peephole_lstm.demo()


def test_the_demo_reaches_its_bar(result: peephole_lstm.Result) -> None:
    assert result.metric >= result.expected > result.chance


def test_both_cells_count_up_and_down_again(result: peephole_lstm.Result) -> None:
    for c in result.steps[:, 3]:
        assert c[7] - c[0] > 3 and c[7] - c[15] > 3
    gates = result.steps[:, :3]
    assert ((gates >= 0) & (gates <= 1)).all() and not torch.equal(*gates)


def test_the_answer_is_the_last_b_alone() -> None:
    x, y = peephole_lstm.letters(torch.tensor([3, 1]))
    assert x[..., 0].tolist() == [[-1, -1, -1, 1, 1, 1], [-1, 1, 1, 1, 1, 1]]
    assert y.tolist() == [[0, 0, 0, 0, 0, 1], [0, 1, 0, 0, 0, 0]]


def test_the_demo_leaves_random_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def untrained(peepholes: bool) -> tuple[PeepholeLSTM, nn.Linear]:
        return PeepholeLSTM(1, 8), nn.Linear(8, 1)

    monkeypatch.setattr(peephole_lstm, "train", untrained)
    before = torch.get_rng_state()
    first, again, other = (peephole_lstm.demo(seed) for seed in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(first.steps, again.steps) and not torch.equal(first.steps, other.steps)


def test_training_without_peepholes_leaves_them_shut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peephole_lstm, "range", lambda n: [0] * 3, raising=False)
    assert not peephole_lstm.train(False)[0].p.any()
    assert peephole_lstm.train(True)[0].p.any()
