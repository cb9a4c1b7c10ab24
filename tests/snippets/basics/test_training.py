"""Smoothing, warm-up and clipping against torch, and against what is said about them."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from snippets.basics import training as module
from snippets.basics.training import clip_gradients, label_smoothing, warmup

SHAPES = pytest.mark.parametrize(
    "shape", [(1, 1), (1, 5), (4, 3), (2, 7, 6), (2, 3, 4, 2)], ids=str
)
LIMITS = pytest.mark.parametrize("c", [0.01, 1.0, 1e6])


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def batch(shape: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    logits = 3 * torch.randn(shape, dtype=torch.float64)
    return logits.requires_grad_(), torch.randint(shape[-1], shape[:-1])


@SHAPES
@pytest.mark.parametrize("eps", [0, 0.1, 1])
@pytest.mark.parametrize("padded", [False, True], ids=["whole", "padded"])
def test_smoothing_equals_torch(
    shape: tuple[int, ...], eps: float, padded: bool, compare: Any
) -> None:
    logits, y = batch(shape)
    if padded and y.numel() > 1:
        y = y.flatten().scatter(0, torch.tensor([0]), -100).view_as(y)
    mine = label_smoothing(logits, y, eps)
    flat = logits.flatten(0, -2), y.flatten()
    theirs = F.cross_entropy(*flat, label_smoothing=float(eps))
    oracle = "F.cross_entropy(label_smoothing=)"
    compare(mine, theirs, oracle=oracle, what="forward", dtype=torch.float64)
    mine, theirs = (torch.autograd.grad(loss, logits)[0] for loss in (mine, theirs))
    compare(mine, theirs, oracle=oracle, what="gradient", dtype=torch.float64)


def test_another_number_may_stand_for_padding(compare: Any) -> None:
    logits, y = batch((6, 4))
    mine = label_smoothing(logits, y, 0.2, ignore=2)
    theirs = F.cross_entropy(logits, y, ignore_index=2, label_smoothing=0.2)
    compare(mine, theirs, oracle="F.cross_entropy(label_smoothing=)", what="forward")


def test_nothing_but_padding_is_no_loss_and_no_gradient() -> None:
    logits, _ = batch((3, 4))
    loss = label_smoothing(logits, torch.full((3,), -100), 0.1)
    (gradient,) = torch.autograd.grad(loss, logits)
    assert loss == 0 and not gradient.any()


def test_the_best_answer_to_smoothed_targets_is_not_certain(compare: Any) -> None:
    q = torch.full((1, 10), 0.01, dtype=torch.float64)
    q[0, 3] = 0.91
    logits = q.log().requires_grad_()
    loss = label_smoothing(logits, torch.tensor([3]), 0.1)
    entropy = -(q * q.log()).sum()
    compare(loss, entropy, oracle="the entropy of the targets", what="value", dtype=torch.float64)
    assert torch.autograd.grad(loss, logits)[0].abs().max() < 1e-12
    assert label_smoothing(2 * logits, torch.tensor([3]), 0.1) > loss
    assert loss.item() == pytest.approx(0.5, abs=0.001)


def test_large_logits_stay_finite() -> None:
    logits = torch.tensor([[1e4, -1e4, 0.0]], requires_grad=True)
    loss = label_smoothing(logits, torch.tensor([1]), 0.1)
    loss.backward()
    assert loss.isfinite() and logits.grad is not None and logits.grad.isfinite().all()


def test_finite_differences_agree() -> None:
    logits, y = batch((3, 4))
    assert torch.autograd.gradcheck(lambda z: label_smoothing(z, y, 0.1), logits)


@pytest.mark.parametrize(("d", "W"), [(512, 4000), (32, 60), (1, 1), (7, 3)])
def test_warmup_is_the_schedule_of_the_paper(d: int, W: int, compare: Any) -> None:
    """Written as two pieces, one up to W and one from W on."""
    steps = sorted({1, 2, W // 2 or 1, W, W + 1, 10 * W})
    mine = [warmup(n, d, W) for n in steps]
    theirs = [n / (W * math.sqrt(d * W)) if n <= W else 1 / math.sqrt(d * n) for n in steps]
    compare(mine, theirs, oracle="equation 3, in two pieces", what="value", atol=1e-12)
    assert max(mine) == pytest.approx(1 / math.sqrt(d * W))


def test_the_paper_peaks_at_seven_ten_thousandths() -> None:
    assert warmup(4000, 512, 4000) == pytest.approx(6.99e-4, abs=1e-6)
    assert warmup(1, 512, 4000) == pytest.approx(1.75e-7, abs=1e-9)


def layers(scale: float) -> list[nn.Parameter]:
    """Weights with gradients of a few shapes, and one that has none."""
    weights = [nn.Parameter(torch.zeros(s, dtype=torch.float64)) for s in ((3, 4), (5,), (), (2,))]
    for weight in weights[:3]:
        weight.grad = scale * torch.randn_like(weight)
    return weights


@LIMITS
@pytest.mark.parametrize("scale", [0, 1e-3, 1, 1e5])
def test_clipping_equals_torch(c: float, scale: float, compare: Any) -> None:
    weights = layers(scale)
    twins = [nn.Parameter(weight.detach().clone()) for weight in weights]
    for twin, weight in zip(twins[:3], weights, strict=False):
        twin.grad = weight.grad.clone()
    norm, theirs = clip_gradients(weights, c), nn.utils.clip_grad_norm_(twins, c)
    oracle = "clip_grad_norm_"
    compare(norm, theirs, oracle=oracle, what="value", atol=1e-9, dtype=torch.float64)
    mine, theirs = ([w.grad for w in each[:3]] for each in (weights, twins))
    compare(mine, theirs, oracle=oracle, what="gradient", dtype=torch.float64)
    assert weights[3].grad is None


@LIMITS
def test_clipping_keeps_the_direction_and_returns_what_was(c: float) -> None:
    weights = layers(1)
    before = torch.cat([w.grad.flatten() for w in weights[:3]])
    norm = clip_gradients(weights, c)
    after = torch.cat([w.grad.flatten() for w in weights[:3]])
    assert norm == pytest.approx(before.norm().item())
    assert after.norm() <= min(c, norm)
    assert torch.cosine_similarity(before, after, dim=0) == pytest.approx(1)


def test_clipping_makes_new_gradients_and_leaves_the_old_alone() -> None:
    weights = layers(1)
    old = [weight.grad for weight in weights[:3]]
    before, versions = [g.clone() for g in old], [g._version for g in old]
    clip_gradients(iter(weights), 0.1)
    assert all(torch.equal(a, b) for a, b in zip(old, before, strict=True))
    assert [g._version for g in old] == versions
    assert not any(w.grad is g for w, g in zip(weights[:3], old, strict=True))


ONE = torch.tensor([0])
BAD: dict[str, tuple[Callable[[], Any], str]] = {
    "targets of another shape": (
        lambda: label_smoothing(torch.zeros(2, 3), ONE, 0.1), r"\(1, 'K'\) logits, got \(2, 3\)"
    ),
    "classes second, as in torch": (
        lambda: label_smoothing(torch.zeros(2, 5, 3), torch.zeros(2, 3).long(), 0.1), "2, 5, 3"
    ),
    "no class": (lambda: label_smoothing(torch.zeros(1, 0), ONE, 0.1), r"got \(1, 0\)"),
    "no dimension": (lambda: label_smoothing(torch.tensor(1.0), ONE[0], 0.1), r"got \(\)"),
    "class beyond": (lambda: label_smoothing(torch.zeros(1, 3), ONE + 3, 0.1), r"0 to 2.*\[3\]"),
    "class below": (lambda: label_smoothing(torch.zeros(1, 3), ONE - 1, 0.1), r"0 to 2.*\[-1\]"),
    "too smooth": (lambda: label_smoothing(torch.zeros(1, 3), ONE, 1.1), r"0 to 1.*1\.1"),
    "less than none": (lambda: label_smoothing(torch.zeros(1, 3), ONE, -0.1), r"got -0\.1"),
    "step zero": (lambda: warmup(0, 512, 4000), r"at least 1, got 0, 512, 4000"),
    "no warm-up": (lambda: warmup(1, 512, 0), r"at least 1, got 1, 512, 0"),
    "no feature": (lambda: warmup(1, 0, 10), r"at least 1, got 1, 0, 10"),
    "before backward": (lambda: clip_gradients(nn.Linear(2, 2).parameters(), 1), r"got 0, 1"),
    "limit of zero": (lambda: clip_gradients(layers(1), 0), r"above 0, got 3, 0"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act()


def test_nothing_given_is_changed_and_no_random_number_drawn() -> None:
    logits, y = batch((3, 4))
    before, versions = (logits.detach().clone(), y.clone()), (logits._version, y._version)
    generator = torch.get_rng_state()
    assert label_smoothing(logits, y, 0.1) == label_smoothing(logits, y, 0.1)
    assert torch.equal(logits, before[0]) and torch.equal(y, before[1])
    assert (logits._version, y._version) == versions
    assert torch.equal(torch.get_rng_state(), generator)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_the_dtype_stays(dtype: torch.dtype) -> None:
    assert label_smoothing(torch.zeros(2, 3, dtype=dtype), ONE.expand(2), 0.1).dtype == dtype
    weight = nn.Parameter(torch.ones(2, dtype=dtype))
    weight.grad = torch.ones_like(weight)
    assert clip_gradients([weight], 0.1).dtype == weight.grad.dtype == dtype


def test_bfloat16_autocast_stays_near() -> None:
    logits, y = batch((5, 4))
    exact = label_smoothing(logits.float(), y, 0.1)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        near = label_smoothing(logits.float() @ torch.eye(4), y, 0.1)
    assert (near - exact).abs() < 0.05


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    logits, y = batch((5, 4))
    here = label_smoothing(logits, y, 0.1)
    assert (here - label_smoothing(logits.cuda(), y.cuda(), 0.1).cpu()).abs() < 1e-9
    weights = layers(1)
    far = [nn.Parameter(weight.detach().cuda()) for weight in weights]
    for one, weight in zip(far[:3], weights, strict=False):
        one.grad = weight.grad.cuda()
    assert (clip_gradients(weights, 0.1) - clip_gradients(far, 0.1).cpu()).abs() < 1e-9


@pytest.fixture(scope="module")
def result() -> module.Result:
    return module.demo()


def test_the_demo_reaches_its_bar(result: module.Result) -> None:
    assert result.metric >= result.expected > result.chance


def test_the_run_follows_the_schedule_and_ends_at_the_lowest_loss(result: module.Result) -> None:
    loss, rate, norm = result.seen
    assert rate.argmax().item() == 59
    assert torch.allclose(rate, torch.tensor([warmup(n, 32, 60) for n in range(1, 141)]))
    assert 0.5 <= loss[-20:].mean() < 0.6
    assert (norm > 0.5).any() and (norm < 0.5).any()


def test_without_warmup_the_same_peak_does_not_learn(result: module.Result) -> None:
    torch.manual_seed(0)
    loss, rate, _ = module.train(module.Encoder(), 80, first=60)
    assert rate.max() == result.seen[1].max()
    assert (rate[:60] == rate.max()).all()
    assert loss[60:].mean() > 2 > 1 > result.seen[0, 60:80].mean()


def test_the_demo_leaves_random_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "train", lambda model, steps: model.head.weight.detach())
    before = torch.get_rng_state()
    first, again, other = module.demo(0), module.demo(0), module.demo(1)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(first.seen, again.seen) and not torch.equal(first.seen, other.seen)
