"""The backward pass by hand against autograd, nn.RNN and finite differences."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from snippets.recurrent import bptt as snippet
from snippets.recurrent.bptt import Gradients, bptt, forward
from tests.snippets.conftest import Compare

Sizes = tuple[int, int, int, int]

# Batch, steps, input, hidden: one of each, odd ones, a long one, one step, more rows than units.
SIZES = [(1, 1, 1, 1), (3, 5, 4, 6), (1, 40, 2, 7), (4, 1, 3, 5), (7, 3, 2, 2)]
ALL_SIZES = pytest.mark.parametrize("sizes", SIZES, ids=str)


@pytest.fixture(autouse=True)
def seeded() -> Iterator[None]:
    """The same weights and inputs for a test whichever tests ran before it."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(3)
        yield


def drawn(sizes: Sizes, dtype: torch.dtype = torch.float64) -> tuple[list[Tensor], Tensor]:
    """x, h, W, U, b, asking for gradients, and what the error of each step says of its state."""
    B, T, D, H = sizes
    shapes = ((B, T, D), (B, H), (H, D), (H, H), (H,))
    given = [torch.randn(shape, dtype=dtype, requires_grad=True) for shape in shapes]
    return given, torch.randn(B, T, H, dtype=dtype)


@torch.no_grad()
def by_hand(given: list[Tensor], own: Tensor) -> Gradients:
    x, _, W, U, _ = given
    return bptt(x, forward(*given), W, U, own)


@ALL_SIZES
def test_equals_autograd(sizes: Sizes, compare: Compare) -> None:
    given, own = drawn(sizes)
    hs = forward(*given)
    theirs = torch.autograd.grad((hs[:, 1:] * own).sum(), given)
    mine = by_hand(given, own)
    compare(mine[:5], theirs, oracle="autograd", what="gradient", dtype=torch.float64)


@ALL_SIZES
def test_forward_and_gradients_equal_nn_rnn(sizes: Sizes, compare: Compare) -> None:
    given, own = drawn(sizes)
    x, h, W, U, b = given
    twin = nn.RNN(sizes[2], sizes[3], batch_first=True).double()
    with torch.no_grad():
        for theirs, ours in zip(twin.all_weights[0], (W, U, b, 0 * b), strict=True):
            theirs.copy_(ours)
    out, last = twin(x, h[None])
    hs = forward(*given)
    compare(hs[:, 1:], out, oracle="nn.RNN", what="forward", dtype=torch.float64)
    compare(hs[:, -1], last[0], oracle="nn.RNN", what="state", dtype=torch.float64)
    of = [x, h, *twin.all_weights[0][:3]]
    theirs = torch.autograd.grad((out * own).sum(), of)
    compare(by_hand(given, own)[:5], theirs, oracle="nn.RNN", what="gradient")


@ALL_SIZES
def test_delta_and_epsilon_are_the_gradients_by_h_and_z(sizes: Sizes, compare: Compare) -> None:
    given, own = drawn(sizes)
    x, h, W, U, b = given
    states, before = [h], []
    for x_t in x.unbind(dim=1):
        before.append(x_t @ W.T + states[-1] @ U.T + b)
        states.append(before[-1].tanh())
    error = (torch.stack(states[1:], dim=1) * own).sum()
    theirs = torch.autograd.grad(error, states[1:] + before)
    mine, T = by_hand(given, own), x.shape[1]
    by_h, by_z = torch.stack(theirs[:T], dim=1), torch.stack(theirs[T:], dim=1)
    oracle = "autograd, step by step"
    compare((mine.delta, mine.epsilon), (by_h, by_z), oracle=oracle, what="gradient")


class ByHand(torch.autograd.Function):
    """An RNN whose backward pass is ours, so that finite differences can be held against it."""

    @staticmethod
    def forward(ctx: Any, *given: Tensor) -> Tensor:
        hs = forward(*given)
        ctx.save_for_backward(given[0], hs, given[2], given[3])
        return hs[:, 1:]

    @staticmethod
    def backward(ctx: Any, own: Tensor) -> tuple[Tensor, ...]:
        x, hs, W, U = ctx.saved_tensors
        return bptt(x, hs, W, U, own)[:5]


@pytest.mark.parametrize("sizes", [(1, 1, 1, 1), (2, 4, 3, 2), (1, 6, 1, 3)], ids=str)
def test_finite_differences_agree(sizes: Sizes) -> None:
    given, _ = drawn(sizes)
    assert torch.autograd.gradcheck(ByHand.apply, given)


def test_the_gradient_of_u_is_the_sum_over_its_copies(compare: Compare) -> None:
    (x, h, W, U, b), own = drawn((2, 6, 3, 4))
    copies = [U.detach().clone().requires_grad_() for _ in range(6)]
    state, error = h, 0
    for t, copy in enumerate(copies):
        state = (x[:, t] @ W.T + state @ copy.T + b).tanh()
        error = error + (state * own[:, t]).sum()
    parts = torch.autograd.grad(error, copies)
    mine = by_hand([x, h, W, U, b], own)
    compare(mine.U, sum(parts), oracle="autograd, a copy of U a step", what="gradient")


def test_the_example_of_the_page_by_hand(compare: Compare) -> None:
    # So close to 0 that tanh is a straight line: h_3 = u³ h_0, of which the derivative is 3u² h_0.
    one = torch.ones(1, 1, dtype=torch.float64)
    given = [torch.zeros(1, 3, 1).double(), 1e-6 * one, one, 2 * one, torch.zeros(1).double()]
    own = torch.tensor([0.0, 0, 1e6], dtype=torch.float64)[None, :, None]
    mine = by_hand(given, own)
    compare(mine.U, 12 * one, oracle="hand-computed values", what="value")
    parts = (mine.epsilon * forward(*given)[:, :-1])[0, :, 0]
    fours = torch.full((3,), 4.0, dtype=torch.float64)
    compare(parts, fours, oracle="hand-computed values", what="value")


def test_errors_only_go_back() -> None:
    given, own = drawn((1, 7, 2, 3))
    own = own * (torch.arange(7) == 4)[:, None]
    mine = by_hand(given, own)
    for part in (mine.delta, mine.epsilon, mine.x):
        assert part[:, :5].abs().min() > 0
        assert not part[:, 5:].any()


def test_gradients_of_two_errors_add_up(compare: Compare) -> None:
    given, own = drawn((3, 5, 2, 4))
    other = torch.randn_like(own)
    both, one, two = (by_hand(given, each) for each in (own + other, own, other))
    added = tuple(a + b for a, b in zip(one, two, strict=True))
    compare(tuple(both), added, oracle="the sum of two", what="gradient", atol=1e-12)


@pytest.mark.parametrize("sizes", [(2, 0, 3, 4), (0, 3, 2, 4)], ids=["no step", "no row"])
def test_nothing_read_is_nothing_to_learn(sizes: Sizes) -> None:
    given, own = drawn(sizes)
    mine = by_hand(given, own)
    assert forward(*given).shape == (sizes[0], sizes[1] + 1, 4)
    assert [part.shape for part in mine[:5]] == [part.shape for part in given]
    assert not any(part.any() for part in mine)


BAD: dict[str, tuple[Callable[[list[Tensor]], Any], str]] = {
    "x without a batch": (lambda g: forward(g[0][0], *g[1:]), r"x \(B, T, D\).*\(4, 3\)"),
    "state of torch": (lambda g: forward(g[0], g[1][None], *g[2:]), r"h \(B, H\).*\(1, 2, 5\)"),
    "width of x": (lambda g: forward(g[0][..., :2], *g[1:]), r"\(5, 2\).*got.*\(5, 3\)"),
    "other batch": (lambda g: forward(g[0], g[1][:1], *g[2:]), r"\(\(2, 5\).*got \(\(1, 5\)"),
    "U not square": (lambda g: forward(*g[:3], g[2], g[4]), r"got.*\(5, 3\), \(5, 3\), \(5,\)"),
    "b of the inputs": (lambda g: forward(*g[:4], g[4][:3]), r"got.*\(3,\)"),
    "an error for h_0 too": (
        lambda g: bptt(g[0], forward(*g), g[2], g[3], forward(*g)),
        r"expected own \(2, 4, 5\), got \(2, 5, 5\)",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act(drawn((2, 4, 3, 5))[0])


def test_nothing_given_is_changed_and_the_answer_repeats() -> None:
    given, own = drawn((2, 4, 3, 5))
    hs = forward(*given).detach()
    all_given = [*given, own, hs]
    before = [part.detach().clone() for part in all_given]
    versions = [part._version for part in all_given]
    random = torch.get_rng_state()
    first, again = (bptt(given[0], hs, given[2], given[3], own) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert all(torch.equal(a, b) for a, b in zip(all_given, before, strict=True))
    assert [part._version for part in all_given] == versions
    assert torch.equal(torch.get_rng_state(), random)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_the_dtype_stays(dtype: torch.dtype) -> None:
    assert {part.dtype for part in by_hand(*drawn((2, 4, 3, 5), dtype))} == {dtype}


def test_bfloat16_autocast_stays_near() -> None:
    given, own = drawn((2, 6, 3, 5), torch.float32)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        rough = by_hand(given, own)
    for near, exact in zip(rough, by_hand(given, own), strict=True):
        assert (near - exact).norm() <= 0.05 * exact.norm()


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    given, own = drawn((3, 6, 2, 5))
    here, there = by_hand(given, own), by_hand([part.cuda() for part in given], own.cuda())
    for near, far in zip(here, there, strict=True):
        assert (near - far.cpu()).abs().max() < 1e-9


def test_the_picture_shows_what_was_said() -> None:
    flow = snippet.demo()
    assert torch.equal(flow.reach, flow.reach.tril())
    assert torch.allclose(flow.reach.diagonal(), torch.ones(12))
    assert (flow.reach.diff(dim=1)[torch.ones(12, 11).tril(-1).bool()] >= -1e-6).all()
    assert flow.parts[0] == 0
    assert flow.parts[-3:].sum() > flow.parts[:-3].sum()


def test_the_demo_repeats_and_leaves_random_numbers_alone() -> None:
    before = torch.get_rng_state()
    first, again, other = snippet.demo(0), snippet.demo(0), snippet.demo(1)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(first.reach, again.reach) and not torch.equal(first.reach, other.reach)
