"""The mixture against a loop over tokens and experts, and against what is said about it."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from snippets.transformer import mixture_of_experts as file
from snippets.transformer.mixture_of_experts import MixtureOfExperts, Result, route

ORACLE = "a loop over tokens and experts"
# The shape before the last, features, width, experts, k.
SIZES = [
    ((1,), 1, 1, 1, 1), ((3, 5), 4, 7, 4, 2), ((2, 3, 2), 3, 2, 5, 1), ((7,), 2, 3, 3, 3),
    ((4,), 3, 2, 16, 2),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def by_loop(x: Tensor, model: MixtureOfExperts, k: int) -> tuple[Tensor, Tensor]:
    """Each token alone; the balance loss by counting."""
    E, rows, means, counts = len(model.W1), [], 0, [0] * len(model.W1)
    tokens = x.reshape(-1, x.shape[-1])
    for token in tokens:
        p = F.softmax(F.linear(token, model.router.weight), dim=0)
        best = sorted(range(E), key=lambda e: -p[e].item())[:k]
        total = sum(p[e] for e in best) if k > 1 else 1
        rows.append(sum(p[e] / total * (F.relu(token @ model.W1[e]) @ model.W2[e]) for e in best))
        means = means + p / len(tokens)
        for e in best:
            counts[e] += 1
    balance = E * sum(counts[e] / (k * len(tokens)) * means[e] for e in range(E))
    return torch.stack(rows).view_as(x), balance


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_equals_the_loop(sizes: tuple[Any, ...], compare: Any) -> None:
    shape, d, f, E, k = sizes
    model = MixtureOfExperts(d, f, E, k).double()
    x = torch.randn(*shape, d, dtype=torch.float64, requires_grad=True)
    out, experts, balance = model(x)
    assert experts.shape == (*shape, k)
    theirs = by_loop(x, model, k)
    compare((out, balance), theirs, oracle=ORACLE, what="forward", dtype=torch.float64)
    weights = torch.linspace(-1, 2, x.numel(), dtype=torch.float64).view_as(x)
    of = [x, *model.parameters()]
    mine, other = (
        torch.autograd.grad((y * weights).sum() + b, of, materialize_grads=True)
        for y, b in ((out, balance), theirs)
    )
    compare(mine, other, oracle=ORACLE, what="gradient", dtype=torch.float64)


def test_all_experts_alike_are_one_network(compare: Any) -> None:
    model = MixtureOfExperts(4, 6, 5, 2).double()
    with torch.no_grad():
        for W in (model.W1, model.W2):
            W.copy_(W[:1].expand_as(W).clone())
    x = torch.randn(9, 4, dtype=torch.float64)
    one = (x @ model.W1[0]).relu() @ model.W2[0]
    compare(model(x)[0], one, oracle="one network", what="value")


def test_a_token_is_the_same_alone_and_in_a_batch() -> None:
    model, x = MixtureOfExperts(4, 6, 5, 2).double(), torch.randn(9, 4, dtype=torch.float64)
    together = model(x)[0]
    for n in range(9):
        assert (model(x[n : n + 1])[0][0] - together[n]).abs().max() < 1e-12


def test_the_balance_loss_is_one_where_all_are_even_and_k_times_less_where_one_takes_all() -> None:
    even = torch.eye(4).repeat(3, 1) * 50
    assert route(even, 1)[2].item() == pytest.approx(1)
    assert route(torch.zeros(12, 4), 2)[2].item() == pytest.approx(1)
    alone = torch.tensor([50.0, 0, 0, 0]).expand(12, 4)
    assert route(alone, 1)[2].item() == pytest.approx(4)
    assert route(alone, 2)[2].item() == pytest.approx(2)


def test_the_balance_loss_pushes_the_busiest_down() -> None:
    logits = torch.tensor([[1.0, 0, 0]]).repeat(6, 1).requires_grad_()
    route(logits, 1)[2].backward()
    assert logits.grad is not None
    assert (logits.grad[:, 0] > 0).all() and (logits.grad[:, 1:] < 0).all()


def test_the_router_learns_from_the_task_whatever_k() -> None:
    for k in (1, 2):
        model = MixtureOfExperts(3, 4, 4, k)
        model(torch.randn(8, 3))[0].square().sum().backward()
        assert model.router.weight.grad is not None and model.router.weight.grad.any()


def test_gates_add_up_to_one() -> None:
    gates, experts, _ = route(torch.randn(7, 5, dtype=torch.float64), 3)
    assert (gates.sum(-1) - 1).abs().max() < 1e-12
    assert all(len(set(row)) == 3 for row in experts.tolist())


def test_no_token_gives_none() -> None:
    out, experts, balance = MixtureOfExperts(3, 4, 4)(torch.zeros(2, 0, 3))
    assert (out.shape, experts.shape, balance.item()) == ((2, 0, 3), (2, 0, 2), 0)


BAD: dict[str, tuple[Callable[[], Any], str]] = {
    "k beyond": (lambda: MixtureOfExperts(3, 4, 2, 3), "k in 1 to 2, got 3, 4, 3"),
    "no k": (lambda: MixtureOfExperts(3, 4, 2, 0), "k in 1 to 2, got 3, 4, 0"),
    "no expert": (lambda: MixtureOfExperts(3, 4, 0), "k in 1 to 0, got 3, 4, 2"),
    "no feature": (lambda: MixtureOfExperts(0, 4, 2), "sizes from 1.*got 0, 4, 2"),
    "another width": (
        lambda: MixtureOfExperts(3, 4, 2)(torch.zeros(2, 4)),
        r"expected 3 features, got \(2, 4\)",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act()


def test_nothing_given_is_changed() -> None:
    model, x = MixtureOfExperts(3, 5, 4), torch.randn(2, 3)
    given = [x, *model.parameters()]
    before, versions = [each.detach().clone() for each in given], [each._version for each in given]
    model(x)
    assert all(torch.equal(a, b) for a, b in zip(given, before, strict=True))
    assert [each._version for each in given] == versions


def test_weights_survive_saving() -> None:
    model, another, x = MixtureOfExperts(3, 5, 4), MixtureOfExperts(3, 5, 4), torch.randn(2, 3)
    another.load_state_dict(model.state_dict())
    assert torch.equal(another(x)[0], model(x)[0])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_the_dtype_stays(dtype: torch.dtype) -> None:
    out, _, balance = MixtureOfExperts(3, 5, 4).to(dtype)(torch.randn(2, 3, dtype=dtype))
    assert out.dtype == balance.dtype == dtype


def test_bfloat16_autocast_stays_near() -> None:
    # All experts at work, so that rounding cannot send a token elsewhere.
    model, x = MixtureOfExperts(6, 8, 3, 3), torch.randn(5, 6, requires_grad=True)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = model(x)[0]
    out.float().sum().backward()
    assert x.grad is not None and x.grad.isfinite().all()
    assert (out.float() - model(x)[0]).abs().max() < 0.1


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    model, x = MixtureOfExperts(6, 8, 4).double(), torch.randn(5, 6, dtype=torch.float64)
    here = model(x)[0]
    assert (here - model.cuda()(x.cuda())[0].cpu()).abs().max() < 1e-9


@pytest.fixture(scope="module")
def result() -> Result:
    return file.demo()


def test_the_demo_reaches_its_bar_and_all_experts_work(result: Result) -> None:
    assert result.metric <= result.expected < result.chance
    load = result.shares.sum(dim=0)
    assert load.sum().item() == pytest.approx(1)
    assert load.min() > 0.04 and load.max() < 0.25


def test_without_the_balance_loss_some_experts_idle(result: Result) -> None:
    torch.manual_seed(0)
    error, shares = file.train(0, weight=0, updates=200)
    assert (shares.sum(dim=0) < 0.01).sum() >= 2
    assert error > result.metric


def test_the_demo_leaves_random_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "train", lambda seed, weight: (torch.rand(()).item(), torch.rand(1)))
    before = torch.get_rng_state()
    first, again, other = file.demo(0), file.demo(0), file.demo(1)
    assert torch.equal(torch.get_rng_state(), before)
    assert first.metric == again.metric != other.metric
