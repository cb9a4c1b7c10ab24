"""Stacked layers against torch's own with num_layers, in both orders of the loops."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from snippets.recurrent import deep_rnn as snippet
from snippets.recurrent.deep_rnn import DeepRNN, by_step
from tests.snippets.conftest import Compare

Sizes = tuple[int, int, int, int, int]

# Batch, steps, input, hidden, layers: one of each, odd ones, deep ones, one step.
SIZES = [(1, 1, 1, 1, 1), (3, 5, 4, 6, 2), (1, 20, 2, 7, 3), (4, 1, 3, 5, 4)]
ALL_SIZES = pytest.mark.parametrize("sizes", SIZES, ids=str)
CELLS = pytest.mark.parametrize("kind", [nn.RNN, nn.GRU, nn.LSTM], ids=lambda kind: kind.__name__)
STARTS = pytest.mark.parametrize("given", [False, True], ids=["from-zero", "from-a-state"])


@pytest.fixture(autouse=True)
def seeded() -> Iterator[None]:
    """The same weights and inputs for a test whichever tests ran before it."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(17)
        yield


def pair(kind: Any, D: int, H: int, layers: int, both_ways: bool = False) -> tuple[DeepRNN, Any]:
    """Ours and its twin with the same weights, in float64."""
    more = {"batch_first": True, "bidirectional": both_ways}
    twin = kind(D, H, layers, **more).double()
    wide = H * (1 + both_ways)
    ours = DeepRNN(*(kind(wide if n else D, H, **more) for n in range(layers))).double()
    ours.load_torch(twin)
    return ours, twin


def drawn(kind: Any, sizes: Sizes, both_ways: bool = False) -> tuple[Tensor, Any]:
    """An input and a state as the twin takes it, all asking for gradients."""
    B, T, D, H, layers = sizes
    shapes = ((B, T, D), *(2 * ((layers * (1 + both_ways), B, H),)))
    x, h, c = (torch.randn(s, dtype=torch.float64, requires_grad=True) for s in shapes)
    return x, (h, c) if kind is nn.LSTM else h


def by_layer(state: Any, layers: int) -> list[Any]:
    """A state of the twin, cut up as ours takes it."""
    if isinstance(state, Tensor):
        return list(state.chunk(layers))
    return list(zip(*(part.chunk(layers) for part in state), strict=True))


def stacked(last: list[Any]) -> Any:
    """The last states of ours, as the twin gives them."""
    if isinstance(last[0], Tensor):
        return torch.cat(last)
    return tuple(torch.cat(part) for part in zip(*last, strict=True))


def parts(state: Any) -> list[Tensor]:
    return [state] if isinstance(state, Tensor) else list(state)


def back(answer: tuple[Tensor, Any], to: list[Tensor]) -> list[Tensor]:
    """Gradients of a sum in which every number of out and state has a weight of its own."""
    outs = [answer[0], *parts(answer[1])]
    total = sum((part * torch.linspace(-1, 2, part.numel()).view_as(part)).sum() for part in outs)
    return list(torch.autograd.grad(total, to))


def all_weights(*models: Any) -> list[Tensor]:
    return [weight for model in models for weights in model.all_weights for weight in weights]


@CELLS
@ALL_SIZES
@STARTS
def test_equals_the_twin(kind: Any, sizes: Sizes, given: bool, compare: Compare) -> None:
    ours, twin = pair(kind, *sizes[2:])
    x, state = drawn(kind, sizes)
    out, last = ours(x, by_layer(state, sizes[4]) if given else None)
    mine, other = (out, stacked(last)), twin(x, state if given else None)
    oracle = f"nn.{kind.__name__}, num_layers"
    compare(mine[0], other[0], oracle=oracle, what="forward", dtype=torch.float64)
    compare(mine[1], other[1], oracle=oracle, what="state", dtype=torch.float64)
    inputs = [x, *parts(state)] if given else [x]
    compare(
        back(mine, inputs + all_weights(*ours.layers)), back(other, inputs + all_weights(twin)),
        oracle=oracle, what="gradient", dtype=torch.float64,
    )  # fmt: skip


@CELLS
@pytest.mark.parametrize("lengths", [(7, 1, 4), (1, 1, 1)], ids=str)
@pytest.mark.parametrize("both_ways", [False, True], ids=["one-way", "both-ways"])
def test_lengths_equal_packed_rows(
    kind: Any, lengths: tuple[int, ...], both_ways: bool, compare: Compare
) -> None:
    ours, twin = pair(kind, 2, 5, 3, both_ways)
    x, _ = drawn(kind, (3, 7, 2, 5, 3))
    ends = torch.tensor(lengths)
    out, last = ours(x, None, ends)
    packed = pack_padded_sequence(x, ends, batch_first=True, enforce_sorted=False)
    theirs, state = twin(packed)
    theirs = pad_packed_sequence(theirs, batch_first=True, total_length=7)[0]
    oracle = f"nn.{kind.__name__}, num_layers, packed"
    compare(out, theirs, oracle=oracle, what="forward", dtype=torch.float64)
    compare(stacked(last), state, oracle=oracle, what="state", dtype=torch.float64)


@ALL_SIZES
@pytest.mark.parametrize("kind", [nn.RNN, nn.GRU], ids=["RNN", "GRU"])
def test_step_by_step_is_the_same(kind: Any, sizes: Sizes, compare: Compare) -> None:
    _, T, D, H, layers = sizes
    _, twin = pair(kind, D, H, layers)
    x, h = drawn(kind, sizes)
    make = nn.RNNCell if kind is nn.RNN else nn.GRUCell
    cells = [make(H if n else D, H).double() for n in range(layers)]
    with torch.no_grad():
        for cell, weights in zip(cells, twin.all_weights, strict=True):
            for ours, theirs in zip(cell.parameters(), weights, strict=True):
                ours.copy_(theirs)
    grid = by_step(cells, x, h)
    assert (len(grid), {len(step) for step in grid}) == (T, {layers})
    top, last = torch.stack([step[-1] for step in grid], dim=1), torch.stack(grid[-1])
    out, state = twin(x, h)
    oracle = f"nn.{kind.__name__}, num_layers"
    compare((top, last), (out, state), oracle=oracle, what="forward", dtype=torch.float64)
    mine, other = back((top, last), [x, h]), back((out, state), [x, h])
    compare(mine, other, oracle=oracle, what="gradient", dtype=torch.float64)


@CELLS
@pytest.mark.parametrize("filler", [1e30, math.nan], ids=str)
def test_values_behind_a_length_never_matter(kind: Any, filler: float) -> None:
    ours, _ = pair(kind, 2, 4, 2)
    x, _ = drawn(kind, (3, 6, 2, 4, 2))
    ends = torch.tensor([6, 2, 1])
    behind = torch.arange(6) >= ends[:, None]
    filled = x.detach().masked_fill(behind[..., None], filler)
    out, last = ours(x, None, ends)
    same, same_last = ours(filled, None, ends)
    assert torch.equal(out, same) and not out[behind].any()
    pairs = zip(parts(stacked(last)), parts(stacked(same_last)), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)


def test_a_state_carries_on_where_it_was_taken(compare: Compare) -> None:
    ours, _ = pair(nn.LSTM, 3, 4, 2)
    x, _ = drawn(nn.LSTM, (2, 9, 3, 4, 2))
    whole, end = ours(x)
    first, between = ours(x[:, :4])
    rest, last = ours(x[:, 4:], between)
    mine = (torch.cat([first, rest], dim=1), *stacked(last))
    compare(mine, (whole, *stacked(end)), oracle="one pass", what="value", atol=1e-12)


def test_finite_differences_agree() -> None:
    ours, _ = pair(nn.RNN, 2, 2, 2)
    x, _ = drawn(nn.RNN, (2, 3, 2, 2, 2))
    assert torch.autograd.gradcheck(lambda x: ours(x, None, torch.tensor([3, 2]))[0], (x,))


def layer(*sizes: int, **more: Any) -> nn.RNN:
    return nn.RNN(*sizes, batch_first=True, **more)


Z = torch.zeros
BAD: dict[str, tuple[Callable[[DeepRNN], Any], str]] = {
    "wrong width": (lambda m: m(Z(2, 4, 5)), r"expected x \(B, T, 3\).*\(2, 4, 5\)"),
    "no batch": (lambda m: m(Z(4, 3)), r"got \(4, 3\)"),
    "no step": (lambda m: m(Z(2, 0, 3)), r"with steps, got \(2, 0, 3\)"),
    "a state too few": (lambda m: m(Z(2, 4, 3), [None]), "expected 2 states, got 1"),
    "row without a step": (lambda m: m(Z(2, 4, 3), None, torch.tensor([4, 0])), r"1 to 4.*\[4, 0"),
    "half a length": (lambda m: m(Z(2, 4, 3), None, torch.ones(2)), r"whole.*1\.0"),
    "no layer": (lambda m: DeepRNN(), "at least one layer, got none"),
    "widths that do not meet": (
        lambda m: DeepRNN(layer(3, 6), layer(5, 6)),
        "expected 6 inputs of layer 1, got 5",
    ),
    "both ways are twice as wide": (
        lambda m: DeepRNN(layer(3, 6, bidirectional=True), layer(6, 6)),
        "expected 12 inputs of layer 1, got 6",
    ),
    "two kinds": (
        lambda m: DeepRNN(layer(3, 6), nn.GRU(6, 6, batch_first=True)),
        "one kind.*GRU.*at 1",
    ),
    "two in one": (lambda m: DeepRNN(layer(3, 6, 2)), "num_layers=2.* at 0"),
    "time first": (lambda m: DeepRNN(nn.RNN(3, 6)), "batch first, got RNN"),
    "flatter twin": (lambda m: m.load_torch(layer(3, 6)), r"expected layers as in.*"),
    "relu twin": (lambda m: m.load_torch(layer(3, 6, 2, nonlinearity="relu")), "expected layers"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act(DeepRNN(layer(3, 6), layer(6, 6)))


def test_nothing_given_is_changed_and_the_answer_repeats() -> None:
    ours, _ = pair(nn.GRU, 3, 5, 2)
    x, h = drawn(nn.GRU, (2, 4, 3, 5, 2))
    cells = [nn.RNNCell(3, 5).double(), nn.RNNCell(5, 5).double()]
    state, ends = by_layer(h, 2), torch.tensor([4, 2])
    given = [x, h, ends, *ours.parameters()]
    before, versions = [each.detach().clone() for each in given], [each._version for each in given]
    random = torch.get_rng_state()
    assert torch.equal(ours(x, state, ends)[0], ours(x, state, ends)[0])
    assert torch.equal(by_step(cells, x, h)[-1][-1], by_step(cells, x, h)[-1][-1])
    assert len(state) == 2
    assert all(torch.equal(a, b) for a, b in zip(given, before, strict=True))
    assert [each._version for each in given] == versions
    assert torch.equal(torch.get_rng_state(), random)


def test_weights_survive_saving() -> None:
    ours, _ = pair(nn.LSTM, 3, 5, 2)
    x, _ = drawn(nn.LSTM, (2, 4, 3, 5, 2))
    another, _ = pair(nn.LSTM, 3, 5, 2)
    another.load_state_dict(ours.state_dict())
    assert torch.equal(another(x)[0], ours(x)[0])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_the_dtype_stays(dtype: torch.dtype) -> None:
    ours = pair(nn.RNN, 3, 5, 2)[0].to(dtype)
    out, last = ours(torch.randn(2, 4, 3, dtype=dtype), None, torch.tensor([4, 2]))
    assert {out.dtype, last[0].dtype, last[1].dtype} == {dtype}


def test_bfloat16_autocast_stays_near() -> None:
    ours, x = pair(nn.GRU, 3, 5, 2)[0].float(), torch.randn(2, 4, 3)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out, _ = ours(x)
    assert (out.float() - ours(x)[0]).abs().max() < 0.05


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    ours, _ = pair(nn.RNN, 2, 5, 2)
    x, _ = drawn(nn.RNN, (3, 6, 2, 5, 2))
    ends = torch.tensor([6, 1, 4])
    here, there = ours(x, None, ends)[0], ours.cuda()(x.cuda(), None, ends.cuda())[0]
    assert (here - there.cpu()).abs().max() < 1e-9


def test_the_picture_shows_what_was_said() -> None:
    flow = snippet.demo()
    reached = flow.reach > 0
    at = torch.zeros(4, 10, dtype=torch.bool)
    at[: flow.layer, : flow.step] = True
    assert torch.equal(reached, at)
    assert flow.reach[flow.layer - 1, flow.step - 1].item() == pytest.approx(1, abs=1e-6)
    assert (flow.reach[flow.layer - 1, : flow.step].diff() > 0).all()
    assert (flow.reach[: flow.layer, 0].diff() < 0).all()  # lower down it holds out longer


def test_the_demo_repeats_and_leaves_random_numbers_alone() -> None:
    before = torch.get_rng_state()
    first, again, other = snippet.demo(0), snippet.demo(0), snippet.demo(1)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(first.reach, again.reach) and not torch.equal(first.reach, other.reach)
