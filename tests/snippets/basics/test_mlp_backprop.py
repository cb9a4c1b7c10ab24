"""Backpropagation by hand against autograd, and against what is said about it."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from snippets.basics import mlp_backprop as module
from snippets.basics.mlp_backprop import MLPBackprop, backward, forward, gradients

ORACLE = "autograd"
# Batch, then the sizes of the layers: the smallest, no hidden layer, odd ones, a deep one.
SIZES = [(1, 1, 1), (3, 4, 2), (2, 5, 3, 4), (7, 3, 6, 5, 2), (1, 2, 3, 3, 3, 3, 1)]
ALL_SIZES = pytest.mark.parametrize("sizes", SIZES, ids=str)


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def twin_of(sizes: tuple[int, ...]) -> nn.Sequential:
    layers = [each for m, n in pairwise(sizes) for each in (nn.Linear(m, n), nn.Sigmoid())]
    return nn.Sequential(*layers).double()


def pair(sizes: tuple[int, ...]) -> tuple[MLPBackprop, nn.Sequential]:
    """Ours and its twin with the same weights, in float64."""
    ours, twin = MLPBackprop(*sizes), twin_of(sizes)
    ours.load_torch(twin)
    return ours, twin


def rows(sizes: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """An input, and targets anywhere between 0 and 1."""
    B, *layers = sizes
    x = torch.randn(B, layers[0], dtype=torch.float64)
    return x, torch.rand(B, layers[-1], dtype=torch.float64)


def cost(out: Tensor, y: Tensor) -> Tensor:
    return F.binary_cross_entropy(out, y, reduction="sum") / len(y)


@ALL_SIZES
def test_equals_the_twin_and_autograd(sizes: tuple[int, ...], compare: Any) -> None:
    ours, twin = pair(sizes[1:])
    x, y = rows(sizes)
    a = ours(x)
    mine = gradients(a, ours.errors(a, y))
    theirs = torch.autograd.grad(cost(twin(x), y), list(twin.parameters()))
    compare(mine, [theirs[::2], theirs[1::2]], oracle=ORACLE, what="gradient", dtype=torch.float64)
    compare(a[-1], twin(x), oracle="nn.Sequential", what="forward", dtype=torch.float64)


@ALL_SIZES
def test_errors_are_the_derivatives_by_the_sums(sizes: tuple[int, ...], compare: Any) -> None:
    ours, twin = pair(sizes[1:])
    x, y = rows(sizes)
    out, sums = x, []
    for layer in twin:
        out = layer(out)
        sums += [out] if isinstance(layer, nn.Linear) else []
    theirs = torch.autograd.grad(cost(out, y), sums)
    compare(ours.errors(ours(x), y), list(theirs), oracle=ORACLE, what="gradient")


@ALL_SIZES
def test_the_error_reaches_the_input(sizes: tuple[int, ...], compare: Any) -> None:
    ours, twin = pair(sizes[1:])
    x, y = rows(sizes)
    mine = ours.errors(ours(x), y)[0] @ ours.w[0]
    (theirs,) = torch.autograd.grad(cost(twin(x.requires_grad_()), y), x)
    compare(mine, theirs, oracle=ORACLE, what="gradient", dtype=torch.float64)


class ByHand(torch.autograd.Function):
    """The mean cost with our way back, so that gradcheck can shake every number."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, y: Tensor, *weights: Tensor) -> Tensor:
        w, b = list(weights[::2]), list(weights[1::2])
        a = forward(x, w, b)
        deltas = backward(a, y, w)
        dw, db = gradients(a, deltas)
        both = [each for two in zip(dw, db, strict=True) for each in two]
        ctx.save_for_backward(deltas[0] @ w[0], *both)
        return cost(a[-1], y)

    @staticmethod
    def backward(ctx: Any, out: Tensor) -> tuple[Tensor | None, ...]:
        dx, *both = ctx.saved_tensors
        return out * dx, None, *(out * each for each in both)


@ALL_SIZES
def test_finite_differences_agree(sizes: tuple[int, ...]) -> None:
    x, y = rows(sizes)
    weights = [each.detach().requires_grad_() for each in twin_of(sizes[1:]).parameters()]
    assert torch.autograd.gradcheck(ByHand.apply, (x.requires_grad_(), y, *weights))


def test_steps_equal_those_of_torch(compare: Any) -> None:
    ours, twin = pair((5, 7, 3))
    sgd = torch.optim.SGD(twin.parameters(), lr=0.7)
    for _ in range(5):
        x, y = rows((4, 5, 3))
        ours.step(x, y, 0.7)
        sgd.zero_grad()
        cost(twin(x), y).backward()
        sgd.step()
    weights = list(twin.parameters())
    mine = (ours.w, ours.b)
    compare(mine, (weights[::2], weights[1::2]), oracle="torch.optim.SGD", what="value")


def test_training_never_calls_autograd() -> None:
    model = MLPBackprop(64, 4, 10)
    with torch.inference_mode():
        module.train(model, 3)
    assert not any(each.requires_grad for each in (*model.w, *model.b))


def test_units_that_start_equal_stay_equal() -> None:
    ours, _ = pair((64, 6, 10))  # In float64: rounding would set them apart in the end.
    assert ours.w[0].std(dim=0).mean() > 0.05
    assert MLPBackprop(64, 6, 10).w[0].std(dim=0).mean() > 0.05
    ours.w = [torch.full_like(w, 0.1) for w in ours.w]
    ours.b = [torch.zeros_like(b) for b in ours.b]
    x, y = module.drawings(20 * 32)
    for x_n, y_n in zip(x.double().split(32), y.split(32), strict=True):
        ours.step(x_n, torch.eye(10, dtype=torch.float64)[y_n], rate=3)
    assert (ours.w[0] - 0.1).abs().max() > 0.01  # They learn, but all the same.
    assert ours.w[0].std(dim=0).max() < 1e-9
    assert ours.w[1].std(dim=1).max() < 1e-9


BAD: dict[str, tuple[Callable[[MLPBackprop], Any], str]] = {
    "one size": (lambda m: MLPBackprop(3), r"two sizes or more.*\(3,\)"),
    "a layer of none": (lambda m: MLPBackprop(3, 0, 2), r"at least 1, got \(3, 0, 2\)"),
    "wrong width": (lambda m: m(torch.zeros(2, 5)), r"expected x \(B, 3\), got \(2, 5\)"),
    "no batch": (lambda m: m(torch.zeros(3)), r"expected x \(B, 3\), got \(3,\)"),
    "numbers of digits": (
        lambda m: m.step(torch.zeros(2, 3), torch.zeros(2, 1), 1), r"expected y \(2, 2\).*\(2, 1\)"
    ),
    "empty batch": (lambda m: m.step(torch.zeros(0, 3), torch.zeros(0, 2), 1), "not empty"),
    "larger twin": (lambda m: m.load_torch(twin_of((3, 5, 2))), r"sizes \(3, 4, 2\), got Seq"),
    "deeper twin": (lambda m: m.load_torch(twin_of((3, 4, 4, 2))), r"sizes \(3, 4, 2\)"),
    "another bend": (
        lambda m: m.load_torch(nn.Sequential(*twin_of((3, 4, 2))[:3], nn.Tanh())),
        "(?s)sigmoid.*Tanh",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act(MLPBackprop(3, 4, 2))


def test_nothing_given_is_changed_and_the_twin_keeps_its_weights() -> None:
    ours, twin = pair((5, 4, 3))
    x, y = rows((6, 5, 3))
    given = [x, y, *twin.parameters(), *ours.w, *ours.b]
    before, versions = [g.detach().clone() for g in given], [g._version for g in given]
    generator = torch.get_rng_state()
    ours.step(x, y, 1)
    assert all(torch.equal(a, b) for a, b in zip(given, before, strict=True))
    assert [g._version for g in given] == versions
    assert torch.equal(torch.get_rng_state(), generator)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_the_dtype_stays(dtype: torch.dtype) -> None:
    ours = MLPBackprop(3, 4, 2)
    ours.load_torch(twin_of((3, 4, 2)).to(dtype))
    x, y = torch.zeros(2, 3, dtype=dtype), torch.zeros(2, 2, dtype=dtype)
    ours.step(x, y, 1)
    assert {each.dtype for each in (*ours(x), *ours.w, *ours.b)} == {dtype}


def test_bfloat16_autocast_stays_near() -> None:
    ours = MLPBackprop(5, 7, 3)
    x, y = (each.float() for each in rows((4, 5, 3)))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        near = gradients(ours(x), ours.errors(ours(x), y))
    exact = gradients(ours(x), ours.errors(ours(x), y))
    for mine, other in zip((*near[0], *near[1]), (*exact[0], *exact[1]), strict=True):
        assert (mine.float() - other).abs().max() < 0.02


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    ours, _ = pair((5, 7, 3))
    x, y = rows((4, 5, 3))
    here = ours.errors(ours(x), y)
    ours.w, ours.b = ([each.cuda() for each in part] for part in (ours.w, ours.b))
    there = ours.errors(ours(x.cuda()), y.cuda())
    for near, far in zip(here, there, strict=True):
        assert (near - far.cpu()).abs().max() < 1e-9


@pytest.fixture(scope="module")
def result() -> module.Result:
    return module.demo()


def test_the_demo_reaches_its_bar(result: module.Result) -> None:
    assert result.metric >= result.expected > result.chance


def test_the_picture_shows_a_drawing_that_was_misread(result: module.Result) -> None:
    pixels, hidden, outputs = result.errors
    assert (pixels.shape, hidden.shape, outputs.shape) == ((64,), (32,), (10,))
    assert outputs.min() < -0.5  # The digit it was
    assert outputs.max() > 0.3  # and the one it was taken for.
    assert result.looks_for.shape == (32, 64)


def test_every_digit_is_drawn_whole_and_apart_from_the_others() -> None:
    x, y = module.drawings(3000)
    means = torch.stack([x[y == n].mean(dim=0) for n in range(10)])
    assert torch.cdist(means, means).fill_diagonal_(9).min() > 0.8
    assert y.bincount(minlength=10).min() > 200
    paper = (x.view(-1, 8, 8)[:, :, [0, 7]] + 0.5).mean()
    assert paper.abs() < 0.02  # No ink in the outer columns: nothing is cut off.


def test_the_demo_leaves_random_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "train", lambda model: [])
    before = torch.get_rng_state()
    first, again, other = module.demo(0), module.demo(0), module.demo(1)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(first.drawing, again.drawing)
    assert not torch.equal(first.drawing, other.drawing)
