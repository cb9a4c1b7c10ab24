"""The LSTM against nn.LSTM with copied weights, and against what is said about it."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from snippets.recurrent import lstm
from snippets.recurrent.lstm import LSTM

Sizes = tuple[int, int, int, int, int]

ORACLE = "nn.LSTM"
# Batch, steps, input, hidden, layers: the smallest, odd ones, deep ones, a long one.
SIZES = [(1, 1, 1, 1, 1), (3, 5, 4, 6, 1), (2, 7, 3, 5, 2), (5, 2, 1, 3, 3), (1, 30, 2, 7, 1)]
ALL_SIZES = pytest.mark.parametrize("sizes", SIZES, ids=str)
BOTH_WAYS = pytest.mark.parametrize("both_ways", [False, True], ids=["one-way", "both-ways"])
STARTS = pytest.mark.parametrize("given", [False, True], ids=["from-zero", "from-a-state"])


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def pair(sizes: Sizes, both_ways: bool) -> tuple[LSTM, nn.LSTM]:
    """Ours and its twin with the same weights, in float64."""
    _, _, D, H, layers = sizes
    twin = nn.LSTM(D, H, layers, bidirectional=both_ways, batch_first=True).double()
    ours = LSTM(D, H, layers, both_ways).double()
    ours.load_torch(twin)
    return ours, twin


def rows(sizes: Sizes, both_ways: bool) -> tuple[Tensor, tuple[Tensor, Tensor]]:
    """An input and a state of the right shapes, both asking for gradients."""
    B, T, D, H, layers = sizes
    shape = (layers * (1 + both_ways), B, H)
    x, h, c = (torch.randn(s, dtype=torch.float64) for s in ((B, T, D), shape, shape))
    return x.requires_grad_(), (h.requires_grad_(), c.requires_grad_())


def packed(twin: nn.LSTM, x: Tensor, state: Any, lengths: Tensor) -> tuple[Tensor, Any]:
    """What the twin says of rows of these lengths, padded as ours are."""
    sequence = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    out, last = twin(sequence, state)
    return pad_packed_sequence(out, batch_first=True, total_length=x.shape[1])[0], last


def gradients(answer: tuple[Tensor, tuple[Tensor, Tensor]], of: list[Tensor]) -> list[Tensor]:
    """Those of a sum in which every number of out, h and c has a weight of its own."""
    out, (h, c) = answer
    total = sum(
        (part * torch.linspace(-1, 2, part.numel()).view_as(part)).sum() for part in (out, h, c)
    )
    return list(torch.autograd.grad(total, of))


def weights(model: LSTM) -> list[Tensor]:
    return [weight for k in range(len(model.b)) for weight in (model.W[k], model.U[k], model.b[k])]


def twin_weights(twin: nn.LSTM) -> list[Tensor]:
    """In the order of ours; the gradient of our bias is that of either of the twin's two."""
    return [weight for W, U, b, _ in twin.all_weights for weight in (W, U, b)]


@ALL_SIZES
@BOTH_WAYS
@STARTS
def test_equals_the_twin(sizes: Sizes, both_ways: bool, given: bool, compare: Any) -> None:
    ours, twin = pair(sizes, both_ways)
    x, state = rows(sizes, both_ways)
    mine, other = ours(x, state if given else None), twin(x, state if given else None)
    compare(mine[0], other[0], oracle=ORACLE, what="forward", dtype=torch.float64)
    compare(mine[1], other[1], oracle=ORACLE, what="state", dtype=torch.float64)
    inputs = [x, *state] if given else [x]
    compare(
        gradients(mine, inputs + weights(ours)),
        gradients(other, inputs + twin_weights(twin)),
        oracle=ORACLE, what="gradient", dtype=torch.float64,
    )  # fmt: skip


@pytest.mark.parametrize("lengths", [(7, 7, 7), (7, 1, 4), (2, 6, 3), (1, 1, 1)], ids=str)
@pytest.mark.parametrize("layers", [1, 2, 3])
@BOTH_WAYS
@STARTS
def test_lengths_equal_packed_rows(
    lengths: tuple[int, ...], layers: int, both_ways: bool, given: bool, compare: Any
) -> None:
    sizes = (3, 7, 2, 5, layers)
    ours, twin = pair(sizes, both_ways)
    x, state = rows(sizes, both_ways)
    ends = torch.tensor(lengths)
    mine = ours(x, state if given else None, ends)
    other = packed(twin, x, state if given else None, ends)
    oracle = f"{ORACLE}, packed"
    compare(mine[0], other[0], oracle=oracle, what="forward", dtype=torch.float64)
    compare(mine[1], other[1], oracle=oracle, what="state", dtype=torch.float64)
    inputs = [x, *state] if given else [x]
    compare(
        gradients(mine, inputs + weights(ours)),
        gradients(other, inputs + twin_weights(twin)),
        oracle=oracle, what="gradient", dtype=torch.float64,
    )  # fmt: skip


@BOTH_WAYS
@pytest.mark.parametrize("filler", [1e30, math.nan, math.inf], ids=str)
def test_values_behind_a_length_never_matter(both_ways: bool, filler: float) -> None:
    ours, _ = pair((3, 6, 2, 4, 2), both_ways)
    x, _ = rows((3, 6, 2, 4, 2), both_ways)
    ends = torch.tensor([6, 2, 0])
    behind = torch.arange(6) >= ends[:, None]
    filled = x.detach().masked_fill(behind[..., None], filler).requires_grad_()
    (out, state), (same, same_state) = ours(x, None, ends), ours(filled, None, ends)
    assert torch.equal(out, same) and torch.equal(state[0], same_state[0])
    assert torch.equal(state[1], same_state[1])
    assert (out[behind] == 0).all()
    before = gradients((out, state), [x, *weights(ours)])
    after = gradients((same, same_state), [filled, *weights(ours)])
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))
    assert (after[0][behind] == 0).all()


@BOTH_WAYS
def test_a_row_is_the_same_alone_and_among_longer_ones(both_ways: bool, compare: Any) -> None:
    ours, _ = pair((3, 6, 2, 4, 2), both_ways)
    x, _ = rows((3, 6, 2, 4, 2), both_ways)
    together, state = ours(x, None, torch.tensor([6, 4, 1]))
    for b, length in enumerate([6, 4, 1]):
        alone, alone_state = ours(x[b : b + 1, :length])
        compare(
            (together[b, :length], *(part[:, b] for part in state)),
            (alone[0], *(part[:, 0] for part in alone_state)),
            oracle="the row alone", what="value", atol=1e-12,
        )  # fmt: skip


def test_a_state_carries_on_where_it_was_taken(compare: Any) -> None:
    ours, _ = pair((2, 9, 3, 4, 2), False)
    x, state = rows((2, 9, 3, 4, 2), False)
    whole, end = ours(x, state)
    first, between = ours(x[:, :4], state)
    rest, last = ours(x[:, 4:], between)
    parts = (torch.cat([first, rest], dim=1), *last)
    compare(parts, (whole, *end), oracle="one pass over all steps", what="value", atol=1e-12)


@BOTH_WAYS
def test_no_step_leaves_the_state_as_it_was(both_ways: bool) -> None:
    ours, _ = pair((2, 3, 3, 4, 2), both_ways)
    x, state = rows((2, 3, 3, 4, 2), both_ways)
    for read, lengths in ((x, torch.zeros(2, dtype=torch.long)), (x[:, :0], None)):
        out, after = ours(read, state, lengths)
        assert out.shape == (2, read.shape[1], 4 * (1 + both_ways))
        assert not out.any()
        assert torch.equal(after[0], state[0]) and torch.equal(after[1], state[1])


def test_an_empty_batch_has_an_empty_answer() -> None:
    out, (h, c) = LSTM(2, 3, 2)(torch.zeros(0, 4, 2))
    assert (out.shape, h.shape, c.shape) == ((0, 4, 3), (2, 0, 3), (2, 0, 3))


@BOTH_WAYS
def test_first_and_second_derivatives_agree_with_finite_differences(both_ways: bool) -> None:
    ours, _ = pair((2, 3, 2, 2, 1), both_ways)
    x, state = rows((2, 3, 2, 2, 1), both_ways)

    def answer(x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, ...]:
        out, last = ours(x, (h, c), torch.tensor([3, 2]))
        return out, *last

    assert torch.autograd.gradcheck(answer, (x, *state))
    assert torch.autograd.gradgradcheck(answer, (x, *state))


BAD: dict[str, tuple[Callable[[LSTM], Any], str]] = {
    "wrong width": (lambda m: m(torch.zeros(2, 4, 5)), r"expected 3 input features.*\(2, 4, 5\)"),
    "no batch": (lambda m: m(torch.zeros(4, 3)), r"expected 3 input features.*\(4, 3\)"),
    "state of another batch": (
        lambda m: m(torch.zeros(2, 4, 3), (torch.zeros(1, 1, 6), torch.zeros(1, 1, 6))),
        r"expected h and c \(1, 2, 6\), got \(1, 1, 6\)",
    ),
    "only c is wrong": (
        lambda m: m(torch.zeros(2, 4, 3), (torch.zeros(1, 2, 6), torch.zeros(2, 6))),
        r"expected h and c \(1, 2, 6\), got \(1, 2, 6\), \(2, 6\)",
    ),
    "length beyond": (lambda m: m(torch.zeros(2, 4, 3), None, torch.tensor([4, 5])), r"0 to 4.*5"),
    "length below": (lambda m: m(torch.zeros(2, 4, 3), None, torch.tensor([4, -1])), r"0 to 4.*-1"),
    "lengths of others": (
        lambda m: m(torch.zeros(2, 4, 3), None, torch.tensor([4, 4, 4, 4])),
        r"expected 2 whole lengths",
    ),
    "half a length": (lambda m: m(torch.zeros(2, 4, 3), None, torch.ones(2)), r"whole.*1\.0"),
    "no hidden unit": (lambda m: LSTM(3, 0), r"at least 1, got \(3, 0, 1\)"),
    "no layer": (lambda m: LSTM(3, 6, 0), r"at least 1, got \(3, 6, 0\)"),
    "larger twin": (lambda m: m.load_torch(nn.LSTM(3, 7)), r"expected.*3, 6, 1.*got LSTM\(3, 7\)"),
    "twin both ways": (lambda m: m.load_torch(nn.LSTM(3, 6, bidirectional=True)), "bidirectional"),
    "twin of no bias": (lambda m: m.load_torch(nn.LSTM(3, 6, bias=False)), "bias=False"),
    "twin with projection": (lambda m: m.load_torch(nn.LSTM(3, 6, proj_size=2)), "proj_size=2"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act(LSTM(3, 6))


def test_the_forget_bias_starts_at_one() -> None:
    for b in LSTM(3, 5, 2, True).b:
        i, f, g, o = b.chunk(4)
        assert (f == 1).all()
        assert not i.any() and not g.any() and not o.any()


def test_nothing_given_is_changed() -> None:
    ours, _ = pair((2, 4, 3, 5, 2), True)
    x, state = rows((2, 4, 3, 5, 2), True)
    ends = torch.tensor([4, 2])
    given = [x, *state, ends, *ours.parameters()]
    before = [part.detach().clone() for part in given]
    versions = [part._version for part in given]
    ours(x, state, ends)
    assert all(torch.equal(a, b) for a, b in zip(given, before, strict=True))
    assert [part._version for part in given] == versions


def test_the_answer_repeats_and_draws_no_random_number() -> None:
    ours, _ = pair((2, 4, 3, 5, 2), True)
    x, _ = rows((2, 4, 3, 5, 2), True)
    before = torch.get_rng_state()
    assert torch.equal(ours(x)[0], ours(x)[0])
    assert torch.equal(torch.get_rng_state(), before)


def test_weights_survive_saving() -> None:
    ours, _ = pair((2, 4, 3, 5, 2), True)
    x, _ = rows((2, 4, 3, 5, 2), True)
    another = LSTM(3, 5, 2, True).double()
    another.load_state_dict(ours.state_dict())
    assert torch.equal(another(x)[0], ours(x)[0])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_the_dtype_stays(dtype: torch.dtype) -> None:
    out, (h, c) = LSTM(3, 5, 2, True).to(dtype)(
        torch.randn(2, 4, 3, dtype=dtype), None, torch.tensor([4, 2])
    )
    assert {out.dtype, h.dtype, c.dtype} == {dtype}


def test_single_precision_is_close_to_the_twin(compare: Any) -> None:
    twin = nn.LSTM(4, 6, 2, batch_first=True)
    ours = LSTM(4, 6, 2)
    ours.load_torch(twin)
    x = torch.randn(3, 9, 4)
    compare(ours(x)[0], twin(x)[0], oracle=ORACLE, what="forward", atol=1e-6, dtype=torch.float32)


def test_bfloat16_autocast_stays_near() -> None:
    ours, x = LSTM(4, 6, 2), torch.randn(3, 9, 4, requires_grad=True)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out, _ = ours(x)
    out.float().sum().backward()
    assert x.grad is not None and x.grad.isfinite().all()
    assert (out.float() - ours(x)[0]).abs().max() < 0.05


@pytest.mark.cuda
@BOTH_WAYS
def test_equals_itself_on_cuda(both_ways: bool) -> None:
    sizes = (3, 6, 2, 5, 2)
    ours, _ = pair(sizes, both_ways)
    x, state = rows(sizes, both_ways)
    ends = torch.tensor([6, 1, 4])
    here, (h, c) = ours(x, state, ends)
    there, (far_h, far_c) = ours.cuda()(x.cuda(), tuple(part.cuda() for part in state), ends)
    for near, far in ((here, there), (h, far_h), (c, far_c)):
        assert (near - far.cpu()).abs().max() < 1e-9


@pytest.fixture(scope="module")
def result() -> lstm.Result:
    return lstm.demo()


def test_the_demo_reaches_its_bar(result: lstm.Result) -> None:
    assert result.metric <= result.expected < result.chance


def test_the_gate_opens_at_the_marks_and_the_cell_lasts(result: lstm.Result) -> None:
    _, marks, i, f, _, c = result.steps
    at = marks.bool()
    assert i[at].min() > 2 * i[~at].max()
    assert f[8:].min() > 0.9
    assert (c.diff().abs()[at[1:]]).min() > c.diff().abs()[~at[1:]].median()


def test_guessing_the_mean_gives_chance(result: lstm.Result) -> None:
    _, y = lstm.marked_sum(torch.rand(20000, 30).argsort(dim=1) < 2)
    assert (y - 1).square().mean().item() == pytest.approx(result.chance, abs=0.005)


def test_the_demo_leaves_random_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        lstm, "train", lambda marks: (LSTM(2, 16), nn.Linear(16, 1), [float(marks.sum())])
    )
    before = torch.get_rng_state()
    first, again, other = lstm.demo(0), lstm.demo(0), lstm.demo(1)
    assert torch.equal(torch.get_rng_state(), before)
    assert first.metric == again.metric != other.metric


def test_a_forget_bias_of_zero_does_not_learn_to_wait() -> None:
    marks = (torch.arange(15) < 1).expand(200, 64, 15)
    open_errors, half_open_errors = (lstm.train(marks, bias)[2] for bias in (1, 0))
    assert sum(open_errors[-20:]) < sum(half_open_errors[-20:]) / 10
