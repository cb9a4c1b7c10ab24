"""Lengths of gradients against autograd and closed forms, clipping against torch's."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from snippets.recurrent import vanishing_gradients as snippet
from snippets.recurrent.vanishing_gradients import clip_by_norm, vanishing_gradients
from tests.snippets.conftest import Compare

Sizes = tuple[int, int, int]

# Batch, steps, hidden: one of each, odd ones, a long one, one step.
SIZES = [(1, 1, 1), (3, 5, 6), (1, 40, 7), (4, 1, 5)]
ALL_SIZES = pytest.mark.parametrize("sizes", SIZES, ids=str)


@pytest.fixture(autouse=True)
def seeded() -> Iterator[None]:
    """The same weights and inputs for a test whichever tests ran before it."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(5)
        yield


def orthogonal(H: int, gain: float) -> Tensor:
    return gain * torch.linalg.qr(torch.randn(H, H, dtype=torch.float64)).Q


def states_of(sizes: Sizes, U: Tensor) -> list[Tensor]:
    """h_0 to h_T of an RNN that reads noise, each (B, H)."""
    B, T, H = sizes
    states = [torch.randn(B, H, dtype=torch.float64, requires_grad=True)]
    for x_t in torch.randn(T, B, H, dtype=torch.float64):
        states.append((x_t + states[-1] @ U.T).tanh())
    return states


@ALL_SIZES
@pytest.mark.parametrize("gain", [0.5, 1.0, 1.5])
def test_lengths_equal_those_of_autograd(sizes: Sizes, gain: float, compare: Compare) -> None:
    U = orthogonal(sizes[2], gain)
    states, error = states_of(sizes, U), torch.randn(sizes[0], sizes[2], dtype=torch.float64)
    theirs = torch.autograd.grad((states[-1] * error).sum(), states)
    lengths = torch.stack([each.norm(dim=1) for each in theirs], dim=1)
    mine = vanishing_gradients(torch.stack(states, dim=1).detach(), U, error)
    compare(mine, lengths, oracle="autograd", what="gradient", dtype=torch.float64)


def test_lengths_equal_those_of_nn_rnn(compare: Compare) -> None:
    twin = nn.RNN(3, 5, batch_first=True).double()
    x, h = (torch.randn(*shape, dtype=torch.float64) for shape in ((2, 6, 3), (1, 2, 5)))
    error, h = torch.randn(2, 5, dtype=torch.float64), h.requires_grad_()
    out, last = twin(x, h)
    (first,) = torch.autograd.grad((last[0] * error).sum(), h)
    hs = torch.cat([h[0][:, None], out], dim=1).detach()
    mine = vanishing_gradients(hs, twin.weight_hh_l0.detach(), error)
    compare(mine[:, 0], first[0].norm(dim=1), oracle="nn.RNN", what="gradient")


@pytest.mark.parametrize("gain", [0.8, 1.0, 1.25])
def test_with_slopes_of_one_it_is_a_power(gain: float, compare: Compare) -> None:
    U, error = orthogonal(9, gain), torch.randn(4, 9, dtype=torch.float64)
    mine = vanishing_gradients(torch.zeros(4, 31, 9, dtype=torch.float64), U, error)
    powers = gain ** torch.arange(30, -1, -1, dtype=torch.float64) * error.norm(dim=1)[:, None]
    compare(mine / powers, torch.ones_like(mine), oracle="the power of g", what="value")


@pytest.mark.parametrize("gain", [0.8, 1.0, 1.25])
def test_with_tanh_it_stays_below_the_power(gain: float) -> None:
    U = orthogonal(6, gain)
    states, error = states_of((3, 20, 6), U), torch.randn(3, 6, dtype=torch.float64)
    mine = vanishing_gradients(torch.stack(states, dim=1).detach(), U, error)
    powers = gain ** torch.arange(20, -1, -1, dtype=torch.float64) * error.norm(dim=1)[:, None]
    assert (mine[:, :-1] < powers[:, :-1]).all()
    assert torch.equal(mine[:, -1], error.norm(dim=1))


def test_the_example_of_the_page_by_hand(compare: Compare) -> None:
    one = torch.ones(1, 1, dtype=torch.float64)
    hs = torch.tensor([[[0.2], [0.5], [-0.6]]], dtype=torch.float64)
    byhand = torch.tensor([[2 * 0.75 * 2 * 0.64, 2 * 0.64, 1]], dtype=torch.float64)
    mine = vanishing_gradients(hs, 2 * one, one)
    compare(mine, byhand, oracle="hand-computed values", what="value")


def gradients() -> list[Tensor]:
    return [torch.randn(shape, dtype=torch.float64) for shape in ((3, 4), (5,), (2, 1, 3))]


@pytest.mark.parametrize("limit", [0.01, 1.0, 5.0, 1e6])
def test_clipping_equals_torch(limit: float, compare: Compare) -> None:
    given = gradients()
    holders = [nn.Parameter(torch.zeros_like(each)) for each in given]
    for holder, each in zip(holders, given, strict=True):
        holder.grad = each.clone()
    nn.utils.clip_grad_norm_(holders, limit)
    theirs = [holder.grad for holder in holders]
    # torch divides by the norm plus 0.000001.
    oracle = "nn.utils.clip_grad_norm_"
    compare(clip_by_norm(given, limit), theirs, oracle=oracle, what="value", atol=2e-6)


def test_clipped_gradients_are_as_long_as_the_limit_and_point_the_same_way(
    compare: Compare,
) -> None:
    given = gradients()
    flat = torch.cat([each.flatten() for each in given])
    mine = torch.cat([each.flatten() for each in clip_by_norm(given, 0.5)])
    by_hand = flat * 0.5 / math.sqrt((flat**2).sum().item())
    compare(mine, by_hand, oracle="hand-computed values", what="value", atol=1e-12)
    (fifty,) = clip_by_norm([torch.tensor([30.0, 40.0])], 1)
    assert torch.allclose(fifty, torch.tensor([0.6, 0.8]))


def test_short_gradients_and_none_at_all_stay_as_they_are() -> None:
    given = gradients()
    assert all(torch.equal(a, b) for a, b in zip(clip_by_norm(given, 100), given, strict=True))
    (zero,) = clip_by_norm([torch.zeros(3)], 1)
    assert torch.equal(zero, torch.zeros(3))


def test_what_is_no_number_is_not_made_one() -> None:
    (clipped,) = clip_by_norm([torch.tensor([math.inf, 1.0])], 1)
    assert clipped.isnan().any()


Z = torch.zeros
BAD: dict[str, tuple[Callable[[], Any], str]] = {
    "no batch": (lambda: vanishing_gradients(Z(4, 3), Z(3, 3), Z(2, 3)), r"got \(\(4, 3\)"),
    "U of others": (lambda: vanishing_gradients(Z(2, 4, 3), Z(3, 4), Z(2, 3)), r"\(3, 4\)"),
    "error of others": (lambda: vanishing_gradients(Z(2, 4, 3), Z(3, 3), Z(1, 3)), r"\(1, 3\)"),
    "flat error": (lambda: vanishing_gradients(Z(2, 4, 3), Z(3, 3), Z(3)), r"\(3,\)"),
    "time first": (lambda: vanishing_gradients(Z(4, 2, 3), Z(3, 3), Z(2, 3)), r"\(4, 2, 3\)"),
    "limit of 0": (lambda: clip_by_norm([Z(2)], 0), "expected a limit above 0.*got 0 and 1"),
    "no gradients": (lambda: clip_by_norm([], 1), "got 1 and 0"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act()


def test_nothing_given_is_changed() -> None:
    given = [*gradients(), torch.randn(2, 4, 3), torch.randn(3, 3), torch.randn(2, 3)]
    before, versions = [each.clone() for each in given], [each._version for each in given]
    random = torch.get_rng_state()
    clip_by_norm(given[:3], 0.1)
    vanishing_gradients(*given[3:])
    assert all(torch.equal(a, b) for a, b in zip(given, before, strict=True))
    assert [each._version for each in given] == versions
    assert torch.equal(torch.get_rng_state(), random)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_the_dtype_stays(dtype: torch.dtype) -> None:
    hs, U, error = (torch.randn(s, dtype=dtype) for s in ((2, 4, 3), (3, 3), (2, 3)))
    assert vanishing_gradients(hs, U, error).dtype == dtype
    assert clip_by_norm([hs], 0.1)[0].dtype == dtype


def test_bfloat16_autocast_stays_near() -> None:
    hs, U, error = torch.rand(2, 6, 3), torch.randn(3, 3), torch.randn(2, 3)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        rough = vanishing_gradients(hs, U, error)
    exact = vanishing_gradients(hs, U, error)
    assert ((rough.float() - exact).abs() <= 0.05 * exact + 1e-3).all()


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    given = [torch.rand(s, dtype=torch.float64) for s in ((2, 4, 3), (3, 3), (2, 3))]
    far = vanishing_gradients(*(each.cuda() for each in given)).cpu()
    assert (far - vanishing_gradients(*given)).abs().max() < 1e-9
    (clipped,) = clip_by_norm([given[0].cuda()], 0.1)
    assert (clipped.cpu() - clip_by_norm(given[:1], 0.1)[0]).abs().max() < 1e-9


def test_the_picture_shows_what_was_said() -> None:
    flow = snippet.demo()
    first = flow.straight[:, 0].tolist()
    assert first == pytest.approx([0.8**40, 1, 1.25**40], rel=1e-3)
    assert (flow.tanh[:, :-1] < flow.straight[:, :-1]).all()
    assert (flow.tanh[:, 0].diff() > 0).all()
    assert flow.tanh[1, 0] < 0.1  # With g = 1 it fades after all.
    assert flow.tanh[2, 0] < flow.straight[2, 0] / 100


def test_the_demo_repeats_and_leaves_random_numbers_alone() -> None:
    before = torch.get_rng_state()
    first, again, other = snippet.demo(0), snippet.demo(0), snippet.demo(1)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(first.tanh, again.tanh) and not torch.equal(first.tanh, other.tanh)


@pytest.mark.parametrize("seed", [0, 1])
def test_only_clipped_training_survives(seed: int) -> None:
    torch.manual_seed(seed)
    clipped = snippet.train(0.3)
    torch.manual_seed(seed)
    free = snippet.train(math.inf)
    # A ninth is the variance of the mean of three numbers between -1 and 1.
    assert sum(clipped[-20:]) / 20 < (1 / 9) * 0.8
    assert not math.isfinite(free[-1])
