"""The RNN against nn.RNN with copied weights, and against what is said about it."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from snippets.recurrent import rnn
from snippets.recurrent.rnn import RNN
from tests.snippets.conftest import Compare

Sizes = tuple[int, int, int, int, int]

ORACLE = "nn.RNN"
# Batch, steps, input, hidden, layers: the smallest, odd ones, deep ones, a long one.
SIZES = [(1, 1, 1, 1, 1), (3, 5, 4, 6, 1), (2, 7, 3, 5, 2), (5, 2, 1, 3, 3), (1, 30, 2, 7, 1)]
ALL_SIZES = pytest.mark.parametrize("sizes", SIZES, ids=str)
BOTH_WAYS = pytest.mark.parametrize("both_ways", [False, True], ids=["one-way", "both-ways"])
STARTS = pytest.mark.parametrize("given", [False, True], ids=["from-zero", "from-a-state"])


@pytest.fixture(autouse=True)
def seeded() -> Iterator[None]:
    """The same weights and inputs for a test whichever tests ran before it."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(1)
        yield


def pair(sizes: Sizes, both_ways: bool = False) -> tuple[RNN, nn.RNN]:
    """Ours and its twin with the same weights, in float64."""
    _, _, D, H, layers = sizes
    twin = nn.RNN(D, H, layers, bidirectional=both_ways, batch_first=True).double()
    ours = RNN(D, H, layers, both_ways).double()
    ours.load_torch(twin)
    return ours, twin


def drawn(sizes: Sizes, both_ways: bool = False) -> tuple[Tensor, Tensor]:
    """An input and a state of the right shapes, both asking for gradients."""
    B, T, D, H, layers = sizes
    x = torch.randn(B, T, D, dtype=torch.float64, requires_grad=True)
    h = torch.randn(layers * (1 + both_ways), B, H, dtype=torch.float64, requires_grad=True)
    return x, h


def packed(twin: nn.RNN, x: Tensor, h: Tensor | None, lengths: Tensor) -> tuple[Tensor, Tensor]:
    """What the twin says of rows of these lengths, padded as ours are."""
    sequence = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    out, last = twin(sequence, h)
    return pad_packed_sequence(out, batch_first=True, total_length=x.shape[1])[0], last


def gradients(answer: tuple[Tensor, Tensor], of: list[Tensor]) -> list[Tensor]:
    """Those of a sum in which every number of out and h has a weight of its own."""
    total = sum((part * torch.linspace(-1, 2, part.numel()).view_as(part)).sum() for part in answer)
    return list(torch.autograd.grad(total, of))


def weights(model: RNN) -> list[Tensor]:
    return [weight for k in range(len(model.b)) for weight in (model.W[k], model.U[k], model.b[k])]


def twin_weights(twin: nn.RNN) -> list[Tensor]:
    """In the order of ours; the gradient of our bias is that of either of the twin's two."""
    return [weight for W, U, b, _ in twin.all_weights for weight in (W, U, b)]


@ALL_SIZES
@BOTH_WAYS
@STARTS
def test_equals_the_twin(sizes: Sizes, both_ways: bool, given: bool, compare: Compare) -> None:
    ours, twin = pair(sizes, both_ways)
    x, h = drawn(sizes, both_ways)
    mine, other = ours(x, h if given else None), twin(x, h if given else None)
    compare(mine[0], other[0], oracle=ORACLE, what="forward", dtype=torch.float64)
    compare(mine[1], other[1], oracle=ORACLE, what="state", dtype=torch.float64)
    inputs = [x, h] if given else [x]
    compare(
        gradients(mine, inputs + weights(ours)),
        gradients(other, inputs + twin_weights(twin)),
        oracle=ORACLE, what="gradient", dtype=torch.float64,
    )  # fmt: skip


@pytest.mark.parametrize("lengths", [(7, 7, 7), (7, 1, 4), (2, 6, 3), (1, 1, 1)], ids=str)
@pytest.mark.parametrize("layers", [1, 3])
@BOTH_WAYS
@STARTS
def test_lengths_equal_packed_rows(
    lengths: tuple[int, ...], layers: int, both_ways: bool, given: bool, compare: Compare
) -> None:
    sizes = (3, 7, 2, 5, layers)
    ours, twin = pair(sizes, both_ways)
    x, h = drawn(sizes, both_ways)
    ends = torch.tensor(lengths)
    mine = ours(x, h if given else None, ends)
    other = packed(twin, x, h if given else None, ends)
    oracle = f"{ORACLE}, packed"
    compare(mine[0], other[0], oracle=oracle, what="forward", dtype=torch.float64)
    compare(mine[1], other[1], oracle=oracle, what="state", dtype=torch.float64)
    inputs = [x, h] if given else [x]
    compare(
        gradients(mine, inputs + weights(ours)),
        gradients(other, inputs + twin_weights(twin)),
        oracle=oracle, what="gradient", dtype=torch.float64,
    )  # fmt: skip


def test_the_example_of_the_page_by_hand(compare: Compare) -> None:
    model = RNN(1, 1).double()
    with torch.no_grad():
        model.W[0].fill_(1), model.U[0].fill_(0.5), model.b[0].fill_(0)
    x = torch.tensor([[1.0, 0, 0], [0, 0, 1], [0, 1, 0]], dtype=torch.float64)[..., None]
    out, h = model(x)
    a, b = math.tanh(1), math.tanh(math.tanh(1) / 2)
    byhand = torch.tensor([[a, b, math.tanh(b / 2)], [0, 0, a], [0, a, b]], dtype=torch.float64)
    compare(out[..., 0], byhand, oracle="hand-computed values", what="value")
    assert [round(value, 3) for value in byhand[0].tolist()] == [0.762, 0.363, 0.180]
    assert torch.equal(h[0, :, 0], out[:, -1, 0])


@BOTH_WAYS
@pytest.mark.parametrize("filler", [1e30, math.nan, math.inf], ids=str)
def test_values_behind_a_length_never_matter(both_ways: bool, filler: float) -> None:
    ours, _ = pair((3, 6, 2, 4, 2), both_ways)
    x, _ = drawn((3, 6, 2, 4, 2), both_ways)
    ends = torch.tensor([6, 2, 0])
    behind = torch.arange(6) >= ends[:, None]
    filled = x.detach().masked_fill(behind[..., None], filler).requires_grad_()
    (out, h), (same, same_h) = ours(x, None, ends), ours(filled, None, ends)
    assert torch.equal(out, same) and torch.equal(h, same_h)
    assert (out[behind] == 0).all()
    before = gradients((out, h), [x, *weights(ours)])
    after = gradients((same, same_h), [filled, *weights(ours)])
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))
    assert (after[0][behind] == 0).all()


@BOTH_WAYS
def test_a_row_is_the_same_alone_and_among_longer_ones(both_ways: bool, compare: Compare) -> None:
    ours, _ = pair((3, 6, 2, 4, 2), both_ways)
    x, _ = drawn((3, 6, 2, 4, 2), both_ways)
    together, h = ours(x, None, torch.tensor([6, 4, 1]))
    for b, length in enumerate([6, 4, 1]):
        alone, alone_h = ours(x[b : b + 1, :length])
        compare(
            (together[b, :length], h[:, b]), (alone[0], alone_h[:, 0]),
            oracle="the row alone", what="value", atol=1e-12,
        )  # fmt: skip


def test_a_state_carries_on_where_it_was_taken(compare: Compare) -> None:
    ours, _ = pair((2, 9, 3, 4, 2))
    x, h = drawn((2, 9, 3, 4, 2))
    whole, end = ours(x, h)
    first, between = ours(x[:, :4], h)
    rest, last = ours(x[:, 4:], between)
    parts = (torch.cat([first, rest], dim=1), last)
    compare(parts, (whole, end), oracle="one pass over all steps", what="value", atol=1e-12)


def test_what_comes_later_never_reaches_back() -> None:
    ours, _ = pair((2, 6, 3, 4, 2))
    x, _ = drawn((2, 6, 3, 4, 2))
    (grad,) = torch.autograd.grad(ours(x)[0][:, 2].sum(), x)
    assert grad[:, :3].abs().min() > 0
    assert not grad[:, 3:].any()


@BOTH_WAYS
def test_no_step_leaves_the_state_as_it_was(both_ways: bool) -> None:
    ours, _ = pair((2, 3, 3, 4, 2), both_ways)
    x, h = drawn((2, 3, 3, 4, 2), both_ways)
    for read, lengths in ((x, torch.zeros(2, dtype=torch.long)), (x[:, :0], None)):
        out, after = ours(read, h, lengths)
        assert out.shape == (2, read.shape[1], 4 * (1 + both_ways))
        assert not out.any()
        assert torch.equal(after, h)


def test_an_empty_batch_has_an_empty_answer() -> None:
    out, h = RNN(2, 3, 2)(torch.zeros(0, 4, 2))
    assert (out.shape, h.shape) == ((0, 4, 3), (2, 0, 3))


@BOTH_WAYS
def test_first_and_second_derivatives_agree_with_finite_differences(both_ways: bool) -> None:
    ours, _ = pair((2, 3, 2, 2, 1), both_ways)
    given = drawn((2, 3, 2, 2, 1), both_ways)

    def answer(x: Tensor, h: Tensor) -> tuple[Tensor, ...]:
        return ours(x, h, torch.tensor([3, 2]))

    assert torch.autograd.gradcheck(answer, given)
    assert torch.autograd.gradgradcheck(answer, given)


BAD: dict[str, tuple[Callable[[RNN], Any], str]] = {
    "wrong width": (lambda m: m(torch.zeros(2, 4, 5)), r"expected 3 input features.*\(2, 4, 5\)"),
    "time first": (lambda m: m(torch.zeros(4, 3, 2)), r"expected 3 input features.*\(4, 3, 2\)"),
    "no batch": (lambda m: m(torch.zeros(4, 3)), r"expected 3 input features.*\(4, 3\)"),
    "state of another batch": (
        lambda m: m(torch.zeros(2, 4, 3), torch.zeros(1, 1, 6)),
        r"expected a state of shape \(1, 2, 6\), got \(1, 1, 6\)",
    ),
    "length beyond": (lambda m: m(torch.zeros(2, 4, 3), None, torch.tensor([4, 5])), r"0 to 4.*5"),
    "length below": (lambda m: m(torch.zeros(2, 4, 3), None, torch.tensor([4, -1])), r"0 to 4.*-1"),
    "lengths of others": (
        lambda m: m(torch.zeros(2, 4, 3), None, torch.tensor([4, 4, 4, 4])),
        r"expected 2 whole lengths",
    ),
    "half a length": (lambda m: m(torch.zeros(2, 4, 3), None, torch.ones(2)), r"whole.*1\.0"),
    "no hidden unit": (lambda m: RNN(3, 0), r"at least 1, got \(3, 0, 1\)"),
    "no layer": (lambda m: RNN(3, 6, 0), r"at least 1, got \(3, 6, 0\)"),
    "larger twin": (lambda m: m.load_torch(nn.RNN(3, 7)), r"expected.*3, 6, 1.*got RNN\(3, 7\)"),
    "twin both ways": (lambda m: m.load_torch(nn.RNN(3, 6, bidirectional=True)), "bidirectional"),
    "twin of no bias": (lambda m: m.load_torch(nn.RNN(3, 6, bias=False)), "bias=False"),
    "twin of relu": (
        lambda m: m.load_torch(nn.RNN(3, 6, nonlinearity="relu")),
        "expected a tanh RNN",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act(RNN(3, 6))


def test_nothing_given_is_changed() -> None:
    ours, _ = pair((2, 4, 3, 5, 2), True)
    x, h = drawn((2, 4, 3, 5, 2), True)
    ends = torch.tensor([4, 2])
    given = [x, h, ends, *ours.parameters()]
    before = [part.detach().clone() for part in given]
    versions = [part._version for part in given]
    ours(x, h, ends)
    assert all(torch.equal(a, b) for a, b in zip(given, before, strict=True))
    assert [part._version for part in given] == versions


def test_the_answer_repeats_and_draws_no_random_number() -> None:
    ours, _ = pair((2, 4, 3, 5, 2), True)
    x, _ = drawn((2, 4, 3, 5, 2), True)
    before = torch.get_rng_state()
    assert torch.equal(ours(x)[0], ours(x)[0])
    assert torch.equal(torch.get_rng_state(), before)


def test_weights_survive_saving() -> None:
    ours, _ = pair((2, 4, 3, 5, 2), True)
    x, _ = drawn((2, 4, 3, 5, 2), True)
    another = RNN(3, 5, 2, True).double()
    another.load_state_dict(ours.state_dict())
    assert torch.equal(another(x)[0], ours(x)[0])


def test_first_weights_are_bounded_by_their_number_of_inputs() -> None:
    model = RNN(100, 64)
    assert 0.09 < model.W[0].abs().max() <= 0.1
    assert 0.12 < model.U[0].abs().max() <= 0.125
    assert not model.b[0].any()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_the_dtype_stays(dtype: torch.dtype) -> None:
    x = torch.randn(2, 4, 3, dtype=dtype)
    out, h = RNN(3, 5, 2, True).to(dtype)(x, None, torch.tensor([4, 2]))
    assert {out.dtype, h.dtype} == {dtype}


def test_single_precision_is_close_to_the_twin(compare: Compare) -> None:
    twin = nn.RNN(4, 6, 2, batch_first=True)
    ours = RNN(4, 6, 2)
    ours.load_torch(twin)
    x = torch.randn(3, 9, 4)
    compare(ours(x)[0], twin(x)[0], oracle=ORACLE, what="forward", atol=1e-6, dtype=torch.float32)


def test_bfloat16_autocast_stays_near() -> None:
    ours, x = RNN(4, 6, 2), torch.randn(3, 9, 4, requires_grad=True)
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
    x, h = drawn(sizes, both_ways)
    ends = torch.tensor([6, 1, 4])
    here, there = ours(x, h, ends), ours.cuda()(x.cuda(), h.cuda(), ends)
    for near, far in zip(here, there, strict=True):
        assert (near - far.cpu()).abs().max() < 1e-9


@pytest.fixture(scope="module")
def result() -> rnn.Result:
    return rnn.demo()


def test_the_demo_reaches_its_bar(result: rnn.Result) -> None:
    assert result.metric >= result.expected > result.chance


def test_the_picture_shows_what_was_said(result: rnn.Result) -> None:
    assert result.bits.shape == result.odd.shape == (24,)
    assert result.states.shape == (24, 6)
    assert result.states.abs().max() <= 1
    true = result.bits[:8].cumsum(dim=0) % 2 == 1
    assert ((result.odd[:8] > 0.5) == true).all()


def test_half_of_all_rows_are_odd() -> None:
    rows = torch.arange(256)[:, None] >> torch.arange(8) & 1
    assert rows.unique(dim=0).shape == (256, 8)
    assert (rows.sum(dim=1) % 2).float().mean() == rnn.Result.chance


def test_the_demo_leaves_random_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rnn, "train", lambda: (RNN(1, 16), nn.Linear(16, 1), []))
    before = torch.get_rng_state()
    first, again, other = rnn.demo(0), rnn.demo(0), rnn.demo(1)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(first.odd, again.odd) and not torch.equal(first.odd, other.odd)


def test_told_at_the_end_only_it_keeps_guessing() -> None:
    right = rnn.train(every_step=False)[2]
    assert sum(right[-100:]) / 100 < 0.65
