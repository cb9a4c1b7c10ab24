"""Both norms against those of torch, and against what is said about them."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from snippets.basics import layer_norm as module
from snippets.basics.layer_norm import LayerNorm, RMSNorm, layer_norm, rms_norm

SHAPES = pytest.mark.parametrize(
    "shape", [(1,), (5,), (1, 1, 1), (3, 4), (2, 7, 5), (1, 30, 2), (0, 3, 4)], ids=str
)
KINDS = pytest.mark.parametrize("kind", [LayerNorm, RMSNorm], ids=["layer", "rms"])
Norm = LayerNorm | RMSNorm
Ours = type[LayerNorm] | type[RMSNorm]


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def pair(kind: Ours, D: int, eps: float) -> tuple[Norm, Any]:
    """Ours and its twin with the same random weights, in float64."""
    twin = (nn.LayerNorm if kind is LayerNorm else nn.RMSNorm)(D, eps).double()
    for weight in twin.parameters():
        nn.init.normal_(weight)
    ours = kind(D, eps).double()
    ours.load_torch(twin)
    return ours, twin


def gradients(out: Tensor, of: list[Tensor]) -> list[Tensor]:
    weighed = out * torch.linspace(-1, 2, out.numel(), dtype=out.dtype).view_as(out)
    return list(torch.autograd.grad(weighed.sum(), of))


@KINDS
@SHAPES
@pytest.mark.parametrize("eps", [1e-5, 0.3])
def test_equals_the_twin(kind: Ours, shape: tuple[int, ...], eps: float, compare: Any) -> None:
    ours, twin = pair(kind, shape[-1], eps)
    oracle = f"nn.{kind.__name__}"
    x = (3 * torch.randn(shape, dtype=torch.float64) + 2).requires_grad_()
    mine, other = ours(x), twin(x)
    compare(mine, other, oracle=oracle, what="forward", dtype=torch.float64)
    mine = gradients(mine, [x, *ours.parameters()])
    other = gradients(other, [x, *twin.parameters()])
    compare(mine, other, oracle=oracle, what="gradient", dtype=torch.float64)


@SHAPES
def test_the_functions_equal_those_of_torch(shape: tuple[int, ...], compare: Any) -> None:
    x = torch.randn(shape, dtype=torch.float64)
    g, b = torch.randn(2, shape[-1], dtype=torch.float64)
    theirs = F.layer_norm(x, shape[-1:], g, b)
    compare(layer_norm(x, g, b), theirs, oracle="F.layer_norm", what="forward")
    theirs = F.rms_norm(x, shape[-1:], g, 1e-6)
    compare(rms_norm(x, g), theirs, oracle="F.rms_norm", what="forward")


@KINDS
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32], ids=str)
def test_fewer_digits_stay_near_the_twin(kind: Ours, dtype: torch.dtype, compare: Any) -> None:
    ours, twin = pair(kind, 6, 1e-5)
    x = torch.randn(4, 6).to(dtype)
    one_digit = 4 * torch.finfo(dtype).eps
    mine, other = ours.to(dtype)(x), twin.to(dtype)(x)
    compare(mine, other, oracle=f"nn.{kind.__name__}", what="forward", atol=one_digit, dtype=dtype)


@KINDS
@pytest.mark.parametrize("size", [1000.0, 60000.0])
def test_large_numbers_fit_into_float16(kind: Ours, size: float) -> None:
    x = (size * torch.tensor([[1.0, -1, 1, -1]])).half().requires_grad_()
    out = kind(4).half()(x)
    assert (out.abs() - 1).abs().max() < 1e-3
    out.sum().backward()
    assert x.grad is not None and x.grad.isfinite().all()


@KINDS
def test_a_place_of_equal_numbers_is_finite_with_finite_gradients(kind: Ours) -> None:
    for value in (0.0, 1e-30, 7.0):
        x = torch.full((2, 4), value, requires_grad=True)
        out = kind(4)(x)
        out.sum().backward()
        assert out.isfinite().all() and x.grad is not None and x.grad.isfinite().all()
        assert kind is RMSNorm or not out.any()


@KINDS
def test_every_place_is_on_its_own(kind: Ours, compare: Any) -> None:
    ours, _ = pair(kind, 5, 1e-5)
    x = torch.randn(3, 4, 5, dtype=torch.float64)
    alone = torch.stack([ours(place) for row in x for place in row]).view(3, 4, 5)
    compare(ours(x), alone, oracle="the place alone", what="value", atol=1e-12)


def test_layer_norm_forgets_where_and_how_wide_and_rms_norm_only_how_wide(compare: Any) -> None:
    x = torch.randn(4, 8, dtype=torch.float64)
    layer, rms = LayerNorm(8, 1e-12).double(), RMSNorm(8, 1e-12).double()
    compare(layer(5 * x + 3), layer(x), oracle="the same, moved and scaled", what="value")
    compare(rms(5 * x), rms(x), oracle="the same, scaled", what="value")
    assert (rms(x + 3) - rms(x)).abs().max() > 0.1


def test_layer_norm_is_rms_norm_of_the_centred(compare: Any) -> None:
    x = torch.randn(4, 8, dtype=torch.float64)
    g, zero = torch.randn(8, dtype=torch.float64), torch.zeros(8, dtype=torch.float64)
    centred = rms_norm(x - x.mean(dim=-1, keepdim=True), g, 1e-5)
    compare(layer_norm(x, g, zero), centred, oracle="rms_norm", what="value")


def test_the_numbers_of_a_place_by_hand() -> None:
    x, one = torch.tensor([1.0, 2, 3, 6]), torch.ones(4)
    by_hand = torch.tensor([-2.0, -1, 0, 3]) / 3.5**0.5
    assert torch.allclose(layer_norm(x, one, 0 * one, 0), by_hand)
    assert torch.allclose(rms_norm(x, one, 0), x / 12.5**0.5)


@pytest.mark.parametrize("D", [2, 4, 64])
def test_the_unbiased_deviation_is_another_function(D: int, compare: Any) -> None:
    x, one = torch.randn(3, D, dtype=torch.float64), torch.ones(D)
    other = (x - x.mean(dim=-1, keepdim=True)) / x.std(dim=-1, keepdim=True)
    too_small = layer_norm(x, one, 0 * one, 0) * ((D - 1) / D) ** 0.5
    compare(other, too_small, oracle="Tensor.std, in closed form", what="value")


@KINDS
def test_first_and_second_derivatives_agree_with_finite_differences(kind: Ours) -> None:
    ours, _ = pair(kind, 3, 1e-2)
    x = torch.randn(2, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(ours, x)
    assert torch.autograd.gradgradcheck(ours, x)


ONE = torch.ones(3)
BAD: dict[str, tuple[Callable[[], Any], str]] = {
    "wider": (lambda: LayerNorm(3)(torch.zeros(2, 4)), r"expected 4 numbers.*\[\(3,\), \(3,\)\]"),
    "wider, RMS": (lambda: RMSNorm(3)(torch.zeros(2, 4)), r"expected 4 numbers.*\[\(3,\)\]"),
    "a gain for all": (lambda: rms_norm(torch.zeros(2, 3), torch.ones(1)), r"3 numbers.*\(1,\)"),
    "a bias for all": (lambda: layer_norm(ONE, ONE, torch.ones(1)), r"3 numbers.*\(1,\)"),
    "a gain of rows": (lambda: rms_norm(torch.zeros(2, 3), torch.ones(2, 3)), r"\(2, 3\)"),
    "no dimension": (lambda: rms_norm(torch.tensor(1.0), ONE), r"x \(…, D\), got \(\)"),
    "no feature": (lambda: LayerNorm(0)(torch.zeros(2, 0)), r"x \(…, D\), got \(2, 0\)"),
    "whole numbers": (lambda: rms_norm(torch.ones(3, dtype=torch.long), ONE), "int64"),
    "wider twin": (lambda: LayerNorm(3).load_torch(nn.LayerNorm(4)), r"3 features.*\(\(4,\)"),
    "twin of two dimensions": (lambda: LayerNorm(3).load_torch(nn.LayerNorm((2, 3))), "2, 3"),
    "twin of another eps": (lambda: LayerNorm(3).load_torch(nn.LayerNorm(3, 1e-6)), "1e-06"),
    "twin of no bias": (lambda: LayerNorm(3).load_torch(nn.LayerNorm(3, bias=False)), "expected"),
    "wider RMS twin": (lambda: RMSNorm(3).load_torch(nn.RMSNorm(4, 1e-6)), r"\(4,\)"),
    "RMS twin of torch's eps": (lambda: RMSNorm(3).load_torch(nn.RMSNorm(3)), "eps 1e-06.*None"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act()


@KINDS
def test_nothing_given_is_changed_and_no_random_number_drawn(kind: Ours) -> None:
    ours, _ = pair(kind, 4, 1e-5)
    given = [torch.randn(2, 3, 4, dtype=torch.float64), *ours.parameters()]
    before, versions = [g.detach().clone() for g in given], [g._version for g in given]
    generator = torch.get_rng_state()
    assert torch.equal(ours(given[0]), ours(given[0]))
    assert all(torch.equal(a, b) for a, b in zip(given, before, strict=True))
    assert [g._version for g in given] == versions
    assert torch.equal(torch.get_rng_state(), generator)


@KINDS
def test_weights_survive_saving(kind: Ours) -> None:
    ours, _ = pair(kind, 4, 1e-5)
    another, x = kind(4, 1e-5).double(), torch.randn(2, 4, dtype=torch.float64)
    another.load_state_dict(ours.state_dict())
    assert torch.equal(another(x), ours(x))


@KINDS
def test_a_new_norm_has_a_gain_of_one_and_no_bias(kind: Ours) -> None:
    weights = kind(4).state_dict()
    assert (weights.pop("g") == 1).all()
    assert not any(weight.any() for weight in weights.values())


@KINDS
def test_bfloat16_autocast_stays_near(kind: Ours) -> None:
    x = torch.randn(3, 4, 8, requires_grad=True)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = kind(8)(x @ torch.eye(8))
    assert out.dtype == torch.bfloat16
    out.float().square().sum().backward()
    assert x.grad is not None and x.grad.isfinite().all()
    assert (out.float() - kind(8)(x)).abs().max() < 0.05


@pytest.mark.cuda
@KINDS
def test_equals_itself_on_cuda(kind: Ours) -> None:
    ours, _ = pair(kind, 6, 1e-5)
    x = torch.randn(2, 5, 6, dtype=torch.float64)
    here = ours(x)
    assert (here - ours.cuda()(x.cuda()).cpu()).abs().max() < 1e-9


def test_the_demo_shows_what_is_said_of_it() -> None:
    generator = torch.get_rng_state()
    shown, again, other = module.demo(), module.demo(), module.demo(1)
    assert torch.equal(torch.get_rng_state(), generator)
    assert torch.equal(shown.before, again.before) and not torch.equal(shown.before, other.before)
    assert shown.layer.mean(dim=1).abs().max() < 1e-6
    assert (shown.layer.std(dim=1, correction=0) - 1).abs().max() < 1e-3
    assert (shown.rms.square().mean(dim=1) - 1).abs().max() < 1e-3
    assert torch.equal(shown.rms.mean(dim=1).sign(), shown.before.mean(dim=1).sign())
    assert shown.rms.std(dim=1)[[1, 2, 4]].max() < 0.3
