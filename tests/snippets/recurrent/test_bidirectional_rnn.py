"""Two layers read from both ends, against nn.RNN, nn.GRU and nn.LSTM that are bidirectional."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from snippets.recurrent import bidirectional_rnn as snippet
from snippets.recurrent.bidirectional_rnn import BidirectionalRNN, backwards
from tests.snippets.conftest import Compare

Sizes = tuple[int, int, int, int]

# Batch, steps, input, hidden: one of each, odd ones, a long one, one step.
SIZES = [(1, 1, 1, 1), (3, 5, 4, 6), (1, 30, 2, 7), (4, 1, 3, 5)]
CELLS = pytest.mark.parametrize("kind", [nn.RNN, nn.GRU, nn.LSTM], ids=lambda kind: kind.__name__)
STARTS = pytest.mark.parametrize("given", [False, True], ids=["from-zero", "from-a-state"])


@pytest.fixture(autouse=True)
def seeded() -> Iterator[None]:
    """The same weights and inputs for a test whichever tests ran before it."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(13)
        yield


def pair(kind: Any, D: int, H: int) -> tuple[BidirectionalRNN, Any]:
    """Ours and its twin with the same weights, in float64."""
    twin = kind(D, H, batch_first=True, bidirectional=True).double()
    ours = BidirectionalRNN(*(kind(D, H, batch_first=True) for _ in range(2))).double()
    ours.load_torch(twin)
    return ours, twin


def drawn(kind: Any, sizes: Sizes) -> tuple[Tensor, Any]:
    """An input and a state of the right shapes, all asking for gradients."""
    B, T, D, H = sizes
    shapes = ((B, T, D), (2, B, H), (2, B, H))
    x, h, c = (torch.randn(s, dtype=torch.float64, requires_grad=True) for s in shapes)
    return x, (h, c) if kind is nn.LSTM else h


def parts(state: Any) -> list[Tensor]:
    return [state] if isinstance(state, Tensor) else list(state)


def weights(model: BidirectionalRNN) -> list[Tensor]:
    return [*model.ahead.all_weights[0], *model.back.all_weights[0]]


def back(answer: tuple[Tensor, Any], to: list[Tensor]) -> list[Tensor]:
    """Gradients of a sum in which every number of out and state has a weight of its own."""
    outs = [answer[0], *parts(answer[1])]
    total = sum((part * torch.linspace(-1, 2, part.numel()).view_as(part)).sum() for part in outs)
    return list(torch.autograd.grad(total, to))


@CELLS
@pytest.mark.parametrize("sizes", SIZES, ids=str)
@STARTS
def test_equals_the_twin(kind: Any, sizes: Sizes, given: bool, compare: Compare) -> None:
    ours, twin = pair(kind, *sizes[2:])
    x, state = drawn(kind, sizes)
    start = state if given else None
    mine, other = ours(x, start), twin(x, start)
    oracle = f"nn.{kind.__name__}, bidirectional"
    compare(mine[0], other[0], oracle=oracle, what="forward", dtype=torch.float64)
    compare(mine[1], other[1], oracle=oracle, what="state", dtype=torch.float64)
    inputs = [x, *parts(state)] if given else [x]
    compare(
        back(mine, inputs + weights(ours)),
        back(other, inputs + [weight for side in twin.all_weights for weight in side]),
        oracle=oracle, what="gradient", dtype=torch.float64,
    )  # fmt: skip


@CELLS
@pytest.mark.parametrize("lengths", [(7, 1, 4), (2, 6, 3), (1, 1, 1)], ids=str)
@STARTS
def test_lengths_equal_packed_rows(
    kind: Any, lengths: tuple[int, ...], given: bool, compare: Compare
) -> None:
    ours, twin = pair(kind, 2, 5)
    x, state = drawn(kind, (3, 7, 2, 5))
    start, ends = state if given else None, torch.tensor(lengths)
    mine = ours(x, start, ends)
    packed = pack_padded_sequence(x, ends, batch_first=True, enforce_sorted=False)
    out, last = twin(packed, start)
    other = pad_packed_sequence(out, batch_first=True, total_length=7)[0], last
    oracle = f"nn.{kind.__name__}, bidirectional, packed"
    compare(mine[0], other[0], oracle=oracle, what="forward", dtype=torch.float64)
    compare(mine[1], other[1], oracle=oracle, what="state", dtype=torch.float64)
    inputs = [x, *parts(state)] if given else [x]
    compare(
        back(mine, inputs + weights(ours)),
        back(other, inputs + [weight for side in twin.all_weights for weight in side]),
        oracle=oracle, what="gradient", dtype=torch.float64,
    )  # fmt: skip


def test_a_row_back_to_front_by_hand(compare: Compare) -> None:
    x = torch.tensor([[1.0, 2, 3, 4], [1, 2, 3, 0], [1, 0, 0, 0]])
    ends = torch.tensor([4, 3, 1])
    byhand = torch.tensor([[4.0, 3, 2, 1], [3, 2, 1, 0], [1, 0, 0, 0]])
    compare(backwards(x, ends), byhand, oracle="hand-computed values", what="value")
    assert torch.equal(backwards(backwards(x, ends), ends), x)


@CELLS
def test_each_side_knows_its_own_side_only(kind: Any) -> None:
    ours, _ = pair(kind, 3, 4)
    x, _ = drawn(kind, (2, 6, 3, 4))
    out, _ = ours(x)
    (ahead,) = torch.autograd.grad(out[:, 2, :4].sum(), x, retain_graph=True)
    (behind,) = torch.autograd.grad(out[:, 2, 4:].sum(), x)
    assert ahead[:, :3].abs().min() > 0 and not ahead[:, 3:].any()
    assert behind[:, 2:].abs().min() > 0 and not behind[:, :2].any()


@CELLS
@pytest.mark.parametrize("filler", [1e30, math.nan, math.inf], ids=str)
def test_values_behind_a_length_never_matter(kind: Any, filler: float) -> None:
    ours, _ = pair(kind, 2, 4)
    x, _ = drawn(kind, (3, 6, 2, 4))
    ends = torch.tensor([6, 2, 1])
    behind = torch.arange(6) >= ends[:, None]
    filled = x.detach().masked_fill(behind[..., None], filler).requires_grad_()
    answer, same = ours(x, None, ends), ours(filled, None, ends)
    assert torch.equal(answer[0], same[0]) and not answer[0][behind].any()
    assert all(torch.equal(a, b) for a, b in zip(parts(answer[1]), parts(same[1]), strict=True))
    before, after = back(answer, [x, *weights(ours)]), back(same, [filled, *weights(ours)])
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))


def test_finite_differences_agree() -> None:
    ours, _ = pair(nn.RNN, 2, 2)
    given = drawn(nn.RNN, (2, 3, 2, 2))
    assert torch.autograd.gradcheck(lambda x, h: ours(x, h, torch.tensor([3, 2])), given)


def layer(*sizes: int, **more: Any) -> nn.RNN:
    return nn.RNN(*(sizes or (3, 6)), batch_first=True, **more)


Z = torch.zeros
BAD: dict[str, tuple[Callable[[BidirectionalRNN], Any], str]] = {
    "wrong width": (lambda m: m(Z(2, 4, 5)), r"expected x \(B, T, 3\).*\(2, 4, 5\)"),
    "no batch": (lambda m: m(Z(4, 3)), r"got \(4, 3\)"),
    "no step": (lambda m: m(Z(2, 0, 3)), r"with steps, got \(2, 0, 3\)"),
    "row without a step": (lambda m: m(Z(2, 4, 3), None, torch.tensor([4, 0])), r"1 to 4.*\[4, 0"),
    "length beyond": (lambda m: m(Z(2, 4, 3), None, torch.tensor([5, 4])), r"1 to 4.*\[5, 4\]"),
    "lengths of others": (lambda m: m(Z(2, 4, 3), None, torch.tensor([4])), "expected 2 whole"),
    "half a length": (lambda m: m(Z(2, 4, 3), None, torch.ones(2)), r"whole.*1\.0"),
    "two layers a side": (
        lambda m: BidirectionalRNN(layer(3, 6, 2), layer(3, 6, 2)),
        "expected one layer.*num_layers=2",
    ),
    "both ways already": (
        lambda m: BidirectionalRNN(layer(bidirectional=True), layer()),
        "expected one layer.*bidirectional=True",
    ),
    "time first": (lambda m: BidirectionalRNN(nn.RNN(3, 6), nn.RNN(3, 6)), "batch first, got RNN"),
    "sides of two sizes": (lambda m: BidirectionalRNN(layer(), layer(3, 5)), "two layers alike"),
    "sides of two kinds": (
        lambda m: BidirectionalRNN(layer(), nn.GRU(3, 6, batch_first=True)),
        "alike, got RNN.*GRU",
    ),
    "tanh and relu": (
        lambda m: BidirectionalRNN(layer(), layer(nonlinearity="relu")),
        "two layers alike",
    ),
    "one-way twin": (lambda m: m.load_torch(layer()), "but bidirectional, got RNN"),
    "relu twin": (
        lambda m: m.load_torch(layer(bidirectional=True, nonlinearity="relu")),
        "but bidirectional, got RNN",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act(BidirectionalRNN(layer(), layer()))


def test_nothing_given_is_changed_and_the_answer_repeats() -> None:
    ours, _ = pair(nn.LSTM, 3, 5)
    x, state = drawn(nn.LSTM, (2, 4, 3, 5))
    ends = torch.tensor([4, 2])
    given = [x, *state, ends, *ours.parameters()]
    before, versions = [each.detach().clone() for each in given], [each._version for each in given]
    random = torch.get_rng_state()
    assert torch.equal(ours(x, state, ends)[0], ours(x, state, ends)[0])
    assert all(torch.equal(a, b) for a, b in zip(given, before, strict=True))
    assert [each._version for each in given] == versions
    assert torch.equal(torch.get_rng_state(), random)


def test_weights_survive_saving() -> None:
    ours, _ = pair(nn.GRU, 3, 5)
    x, _ = drawn(nn.GRU, (2, 4, 3, 5))
    another, _ = pair(nn.GRU, 3, 5)
    another.load_state_dict(ours.state_dict())
    assert torch.equal(another(x)[0], ours(x)[0])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_the_dtype_stays(dtype: torch.dtype) -> None:
    ours = pair(nn.RNN, 3, 5)[0].to(dtype)
    out, h = ours(torch.randn(2, 4, 3, dtype=dtype), None, torch.tensor([4, 2]))
    assert {out.dtype, h.dtype} == {dtype}


def test_bfloat16_autocast_stays_near() -> None:
    ours, x = pair(nn.GRU, 3, 5)[0].float(), torch.randn(2, 4, 3)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out, _ = ours(x)
    assert (out.float() - ours(x)[0]).abs().max() < 0.05


@pytest.mark.cuda
@CELLS
def test_equals_itself_on_cuda(kind: Any) -> None:
    ours, _ = pair(kind, 2, 5)
    x, _ = drawn(kind, (3, 6, 2, 5))
    here = ours(x, None, torch.tensor([6, 1, 4]))[0]
    there = ours.cuda()(x.cuda(), None, torch.tensor([6, 1, 4]).cuda())[0]
    assert (here - there.cpu()).abs().max() < 1e-9


@pytest.fixture(scope="module")
def result() -> snippet.Result:
    return snippet.demo()


def test_the_demo_reaches_its_bar(result: snippet.Result) -> None:
    assert result.metric >= result.expected > result.chance


def test_each_side_guesses_about_the_other(result: snippet.Result) -> None:
    ahead, behind, both = result.knows
    assert ahead[:5].min() > 0.95 and (ahead[5:] - 0.5).abs().max() < 0.05
    assert behind[4:].min() > 0.95 and (behind[:4] - 0.5).abs().max() < 0.05
    assert both.min() > 0.95


def test_the_demo_repeats_and_leaves_random_numbers_alone(result: snippet.Result) -> None:
    before = torch.get_rng_state()
    again = snippet.demo()
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(again.knows, result.knows)
