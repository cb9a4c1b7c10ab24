"""Residual and highway layers against their equations, and against what is said about them."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from snippets.basics import residual_highway as module
from snippets.basics.residual_highway import KINDS, Highway, Plain, Residual, highway, residual

SHAPES = pytest.mark.parametrize("shape", [(1,), (5,), (1, 1), (3, 4), (2, 7, 3), (0, 2)], ids=str)
EVERY = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def by_equation(layer: Plain, x: Tensor) -> Tensor:
    """One number after the other, without tensors."""
    D, out = x.shape[-1], []

    def linear(weights: nn.Linear, row: list[float], i: int) -> float:
        w, b = weights.weight[i].tolist(), weights.bias[i].item()
        return sum(w[j] * row[j] for j in range(D)) + b

    for row in x.reshape(-1, D).tolist():
        for i in range(D):
            h = math.tanh(linear(layer, row, i))
            t = 1 / (1 + math.exp(-linear(layer.gate, row, i))) if isinstance(layer, Highway) else 1
            out.append(h + row[i] if isinstance(layer, Residual) else h * t + row[i] * (1 - t))
    return torch.tensor(out, dtype=torch.float64).view(x.shape)


@EVERY
@SHAPES
def test_equals_the_equation(kind: str, shape: tuple[int, ...], compare: Any) -> None:
    layer = KINDS[kind](shape[-1]).double()
    x = torch.randn(shape, dtype=torch.float64)
    out = layer(x)
    compare(out, by_equation(layer, x), oracle="the equation", what="forward", dtype=torch.float64)


@EVERY
@pytest.mark.parametrize("D", [1, 4])
def test_the_derivative_is_what_is_said_of_it(kind: str, D: int, compare: Any) -> None:
    layer = KINDS[kind](D).double()
    x = torch.randn(D, dtype=torch.float64)
    h = layer.weight @ x + layer.bias
    J = (1 - h.tanh() ** 2)[:, None] * layer.weight  # of F and of H
    if kind == "residual":
        J = J + torch.eye(D)
    elif isinstance(layer, Highway):
        t = (layer.gate.weight @ x + layer.gate.bias).sigmoid()
        dt = (t * (1 - t))[:, None] * layer.gate.weight
        J = t[:, None] * J + (h.tanh() - x)[:, None] * dt + torch.diag(1 - t)
    theirs = torch.autograd.functional.jacobian(layer, x)
    compare(theirs, J, oracle="the derivative, in closed form", what="gradient")


@EVERY
def test_finite_differences_agree(kind: str) -> None:
    layer = KINDS[kind](3).double()
    x = torch.randn(2, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(layer, x)
    assert torch.autograd.gradgradcheck(layer, x)


def test_a_shut_gate_is_the_identity_and_an_open_one_the_plain_layer(compare: Any) -> None:
    x = torch.randn(3, 4, dtype=torch.float64, requires_grad=True)
    for bias, oracle in ((-1e4, "the identity"), (1e4, "the plain layer")):
        layer = Highway(4, bias).double()
        plain = Plain(4).double()
        plain.load_state_dict({"weight": layer.weight, "bias": layer.bias})
        expected = x if bias < 0 else plain(x)
        out = layer(x)
        compare(out, expected, oracle=oracle, what="forward", atol=0, dtype=torch.float64)
        weights = torch.arange(12.0).view(3, 4).double()
        mine, theirs = (torch.autograd.grad((y * weights).sum(), x) for y in (out, expected))
        compare(mine, theirs, oracle=oracle, what="gradient", atol=1e-12)


def test_thirty_shut_gates_hand_everything_through(compare: Any) -> None:
    x = torch.randn(3, 4, dtype=torch.float64)
    deep = nn.Sequential(*(Highway(4, -1e4) for _ in range(30))).double()
    compare(deep(x), x, oracle="the identity", what="forward", atol=0)


def test_a_layer_of_zeros_is_the_identity_with_a_residual_and_nothing_without() -> None:
    x = torch.randn(3, 4)
    for kind, expected in ((Residual, x), (Plain, torch.zeros(3, 4))):
        layer = kind(4)
        for weight in layer.parameters():
            nn.init.zeros_(weight)
        assert torch.equal(layer(x), expected)


def test_the_functions_by_hand() -> None:
    x, f, t = torch.tensor([4.0, 2]), torch.tensor([1.0, -1]), torch.tensor([0.25, 1])
    assert residual(x, f).tolist() == [5, 1]
    assert highway(x, f, t).tolist() == [3.25, -1]


def test_a_new_gate_is_almost_shut() -> None:
    gates = Highway(16).gate(torch.randn(100, 16)).sigmoid()
    assert gates.mean() < 0.1
    assert (Highway(4, -1).gate.bias == -1).all()


BAD: dict[str, tuple[Callable[[], Any], str]] = {
    "another width": (lambda: residual(torch.zeros(2, 3), torch.zeros(2, 1)), r"2, 3.*2, 1"),
    "a layer that widens": (lambda: residual(torch.zeros(3), torch.zeros(6)), r"3,.*got \(6,"),
    "another H": (
        lambda: highway(torch.zeros(3), torch.zeros(1), torch.zeros(3)), r"\(3,\), got \(1,\)"
    ),
    "one gate for all": (
        lambda: highway(torch.zeros(3), torch.zeros(3), torch.tensor(0.5)), r"\(3,\), got \(\)"
    ),
    "wrong width": (lambda: Highway(3)(torch.zeros(2, 4)), r"expected 3 features, got \(2, 4\)"),
    "one feature": (lambda: Residual(3)(torch.zeros(2, 1)), r"expected 3 features, got \(2, 1\)"),
    "no feature": (lambda: Plain(3)(torch.tensor(1.0)), r"expected 3 features, got \(\)"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act()


@EVERY
def test_nothing_given_is_changed_and_no_random_number_drawn(kind: str) -> None:
    layer = KINDS[kind](4)
    given = [torch.randn(2, 3, 4), *layer.parameters()]
    before, versions = [g.detach().clone() for g in given], [g._version for g in given]
    generator = torch.get_rng_state()
    assert torch.equal(layer(given[0]), layer(given[0]))
    assert all(torch.equal(a, b) for a, b in zip(given, before, strict=True))
    assert [g._version for g in given] == versions
    assert torch.equal(torch.get_rng_state(), generator)


@EVERY
def test_weights_survive_saving(kind: str) -> None:
    layer, another, x = KINDS[kind](4), KINDS[kind](4), torch.randn(2, 4)
    another.load_state_dict(layer.state_dict())
    assert torch.equal(another(x), layer(x))


@EVERY
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_the_dtype_stays(kind: str, dtype: torch.dtype) -> None:
    assert KINDS[kind](4).to(dtype)(torch.zeros(2, 4, dtype=dtype)).dtype == dtype


@EVERY
def test_bfloat16_autocast_stays_near(kind: str) -> None:
    layer, x = KINDS[kind](8), torch.randn(3, 8, requires_grad=True)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = layer(x)
    out.float().sum().backward()
    assert x.grad is not None and x.grad.isfinite().all()
    assert (out.float() - layer(x)).abs().max() < 0.05


@pytest.mark.cuda
@EVERY
def test_equals_itself_on_cuda(kind: str) -> None:
    layer, x = KINDS[kind](6).double(), torch.randn(2, 5, 6, dtype=torch.float64)
    here = layer(x)
    assert (here - layer.cuda()(x.cuda()).cpu()).abs().max() < 1e-9


def test_gradients_by_depth_are_those_of_hooks(compare: Any) -> None:
    model, seen = module.network("residual", depth=4), []
    for layer in model[:-1]:
        layer.register_full_backward_hook(lambda _, __, out: seen.append(out[0].norm()))
    torch.manual_seed(3)
    mine = module.gradient_by_depth(model)
    seen.clear()
    torch.manual_seed(3)
    x, y = module.corners(256)
    nn.functional.cross_entropy(model(x.requires_grad_()), y).backward()
    theirs = torch.stack(seen[::-1])
    compare(mine, theirs, oracle="backward hooks", what="gradient", atol=1e-6)


@pytest.fixture(scope="module")
def result() -> module.Result:
    return module.demo()


def test_the_demo_reaches_its_bar(result: module.Result) -> None:
    assert result.metric == min(result.right["residual"], result.right["highway"])
    assert result.metric >= result.expected > result.chance


def test_without_the_way_past_nothing_is_learnt(result: module.Result) -> None:
    assert abs(result.right["plain"] - result.chance) < 0.1


def test_the_gradient_fades_in_the_plain_net_only(result: module.Result) -> None:
    first, last = (torch.stack([g[n] for g in result.gradients.values()]) for n in (0, -1))
    plain, skip, gated = (first / last).tolist()
    assert plain < 1e-6
    assert skip > 1
    assert 0.05 < gated < 1
    assert {len(g) for g in result.gradients.values()} == {31}


def test_no_single_sign_tells_the_answer() -> None:
    x, y = module.corners(4000)
    assert y.float().mean().item() == pytest.approx(0.5, abs=0.03)
    for sign in x.T > 0:
        assert (sign == y).float().mean().item() == pytest.approx(0.5, abs=0.03)


def test_the_demo_leaves_random_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "train", lambda model: (model[0].bias[0].item(), []))
    before = torch.get_rng_state()
    first, again, other = module.demo(0), module.demo(0), module.demo(1)
    assert torch.equal(torch.get_rng_state(), before)
    assert first.right == again.right != other.right
