"""SwiGLU against the equation with F.silu, and against what is said about it."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from snippets.transformer import swiglu as file
from snippets.transformer.swiglu import Plain, Result, SwiGLU, swiglu

ORACLE = "equation 6 with F.silu and F.linear"
# The shape before the last, features, width: the smallest, odd ones, no row, a long one.
SIZES = [((1,), 1, 1), ((3, 5), 4, 7), ((2, 3, 2), 3, 8), ((0,), 2, 3), ((40,), 5, 16)]


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def by_equation(x: Tensor, model: SwiGLU) -> Tensor:
    return F.linear(F.silu(F.linear(x, model.W.T)) * F.linear(x, model.V.T), model.W2.T)


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_equals_the_equation(sizes: tuple[tuple[int, ...], int, int], compare: Any) -> None:
    shape, d, f = sizes
    model = SwiGLU(d, f).double()
    x = torch.randn(*shape, d, dtype=torch.float64, requires_grad=True)
    ours, theirs = model(x), by_equation(x, model)
    compare(ours, theirs, oracle=ORACLE, what="forward", dtype=torch.float64)
    weights = torch.linspace(-1, 2, x.numel(), dtype=torch.float64).view_as(x)
    of = [x, *model.parameters()]
    mine, other = (torch.autograd.grad((y * weights).sum(), of) for y in (ours, theirs))
    compare(mine, other, oracle=ORACLE, what="gradient", dtype=torch.float64)


def test_one_unit_by_hand() -> None:
    x, one = torch.tensor([2.0]), torch.ones(1, 1)
    expected = 2 * torch.sigmoid(torch.tensor(2.0)) * 6
    assert swiglu(x, one, 3 * one, one).item() == pytest.approx(expected.item())


def test_the_gate_is_the_first_matrix() -> None:
    x, W, V, W2 = torch.randn(4, 3), torch.randn(3, 5), torch.randn(3, 5), torch.randn(5, 3)
    assert swiglu(x, W, 2 * V, W2).allclose(2 * swiglu(x, W, V, W2))
    assert not swiglu(x, 2 * W, V, W2).allclose(2 * swiglu(x, W, V, W2))


def test_large_numbers_neither_overflow_nor_turn_to_nan() -> None:
    x, one = torch.tensor([[-1e4], [1e4]]), torch.ones(1, 1)
    out = swiglu(x, one, one * 1e-4, one)
    assert out.tolist() == [[0], [1e4]]


def test_gradients_agree_with_finite_differences() -> None:
    given = [torch.randn(s, dtype=torch.float64) for s in ((2, 3), (3, 4), (3, 4), (4, 3))]
    assert torch.autograd.gradcheck(swiglu, [each.requires_grad_() for each in given])


@pytest.mark.parametrize("d", [3, 8, 12, 100, 512, 4096])
def test_it_has_as_many_weights_as_the_network_of_2017(d: int) -> None:
    with torch.device("meta"):
        model = SwiGLU(d)
    ours, theirs = sum(w.numel() for w in model.parameters()), 2 * d * 4 * d
    assert theirs <= ours < theirs + 3 * 8 * d
    assert model.W.shape[1] % 8 == 0


BAD: dict[str, tuple[Callable[[], Any], str]] = {
    "another width": (lambda: SwiGLU(3)(torch.zeros(2, 4)), r"expected 3 features, got \(2, 4\)"),
    "a number": (lambda: SwiGLU(3)(torch.tensor(1.0)), r"expected 3 features, got \(\)"),
    "no feature": (lambda: SwiGLU(0), "at least 1, got 0 and 0"),
    "no unit": (lambda: SwiGLU(3, 0), "at least 1, got 3 and 0"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act()


def test_nothing_given_is_changed() -> None:
    model, x = SwiGLU(3, 5), torch.randn(2, 3)
    given = [x, *model.parameters()]
    before, versions = [each.detach().clone() for each in given], [each._version for each in given]
    model(x)
    assert all(torch.equal(a, b) for a, b in zip(given, before, strict=True))
    assert [each._version for each in given] == versions


def test_weights_survive_saving() -> None:
    model, another, x = SwiGLU(3, 5), SwiGLU(3, 5), torch.randn(2, 3)
    another.load_state_dict(model.state_dict())
    assert torch.equal(another(x), model(x))


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64], ids=str)
def test_the_dtype_stays(dtype: torch.dtype) -> None:
    assert SwiGLU(3, 5).to(dtype)(torch.randn(2, 3).to(dtype)).dtype == dtype


def test_bfloat16_autocast_stays_near() -> None:
    model, x = SwiGLU(6), torch.randn(3, 6, requires_grad=True)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = model(x)
    out.float().sum().backward()
    assert x.grad is not None and x.grad.isfinite().all()
    assert (out.float() - model(x)).abs().max() < 0.1


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    model, x = SwiGLU(6).double(), torch.randn(3, 6, dtype=torch.float64)
    here = model(x)
    assert (here - model.cuda()(x.cuda()).cpu()).abs().max() < 1e-9


@pytest.fixture(scope="module")
def result() -> Result:
    return file.demo()


def test_the_demo_reaches_its_bar(result: Result) -> None:
    assert result.metric <= result.expected < result.chance


def test_without_a_gate_products_are_learnt_worse(result: Result) -> None:
    torch.manual_seed(0)
    plain = Plain()
    assert sum(w.numel() for w in plain.parameters()) == 3 * 8 * 16
    errors = file.train(plain)
    assert sum(errors[-20:]) > 5 * sum(result.errors[-20:])


def test_the_demo_leaves_random_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "train", lambda model: [])
    before = torch.get_rng_state()
    first, again, other = file.demo(0), file.demo(0), file.demo(1)
    assert torch.equal(torch.get_rng_state(), before)
    assert first.metric == again.metric != other.metric
