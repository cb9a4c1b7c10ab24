"""Self-attention against F.scaled_dot_product_attention, and against what is said about it."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from snippets.attention import self_attention
from snippets.attention.self_attention import SelfAttention, attention

Shape = tuple[tuple[int, ...], int, int, int, int]

ORACLE = "F.scaled_dot_product_attention"
# In front, T, S, d, e: the smallest, odd ones, with heads, without a batch, a long one.
SHAPES: list[Shape] = [
    ((1,), 1, 1, 1, 1), ((3,), 5, 4, 7, 2), ((2, 3), 4, 6, 5, 5), ((), 3, 2, 4, 1),
    ((1,), 33, 65, 3, 9),
]  # fmt: skip
ALL_SHAPES = pytest.mark.parametrize("shape", SHAPES, ids=str)
MASKED = pytest.mark.parametrize("masked", [False, True], ids=["all", "masked"])


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def qkv(shape: Shape, dtype: torch.dtype = torch.float64) -> list[Tensor]:
    front, T, S, d, e = shape
    shapes = ((*front, T, d), (*front, S, d), (*front, S, e))
    return [torch.randn(each, dtype=dtype).requires_grad_() for each in shapes]


def some(shape: Shape) -> Tensor:
    """A mask that leaves every row something to look at."""
    front, T, S, *_ = shape
    return (torch.rand(*front, T, S) < 0.5) | (torch.arange(T)[:, None] % S == torch.arange(S))


def gradients(out: Tensor, of: list[Tensor]) -> list[Tensor]:
    """Those of a sum in which every number has a weight of its own."""
    total = (out * torch.linspace(-1, 2, out.numel(), dtype=out.dtype).view_as(out)).sum()
    return list(torch.autograd.grad(total, of))


@ALL_SHAPES
@MASKED
def test_equals_torch(shape: Shape, masked: bool, compare: Any) -> None:
    given = qkv(shape)
    mask = some(shape) if masked else None
    mine, weights = attention(*given, mask)
    other = F.scaled_dot_product_attention(*given, attn_mask=mask)
    compare(mine, other, oracle=ORACLE, what="forward", dtype=torch.float64)
    compare(
        gradients(mine, given), gradients(other, given),
        oracle=ORACLE, what="gradient", dtype=torch.float64,
    )  # fmt: skip
    # With the identity for values, torch's output is the weights.
    eye = torch.eye(shape[2], dtype=torch.float64).expand(*shape[0], -1, -1)
    shown = F.scaled_dot_product_attention(*given[:2], eye, attn_mask=mask)
    compare(weights, shown, oracle=f"{ORACLE}, v = 1", what="value", dtype=torch.float64)


@pytest.mark.parametrize("rows", [(4, 4), (1, 4), (4, 1), (1, 1)], ids=str)
def test_a_mask_may_be_broadcast(rows: tuple[int, int], compare: Any) -> None:
    given = qkv(((2, 3), 4, 4, 5, 5))
    mask = torch.rand(2, 1, *rows) < 0.5
    mask[..., 0] = True
    mine, _ = attention(*given, mask)
    other = F.scaled_dot_product_attention(*given, attn_mask=mask)
    compare(mine, other, oracle=ORACLE, what="forward", dtype=torch.float64)


def test_the_module_is_three_products_and_torch(compare: Any) -> None:
    model, x = SelfAttention(5, 3).double(), torch.randn(2, 7, 5, dtype=torch.float64)
    W = [model.W_q.weight, model.W_k.weight, model.W_v.weight]
    mask = torch.ones(7, 7, dtype=torch.bool).tril()
    mine, _ = model(x, mask)
    other = F.scaled_dot_product_attention(*(x @ each.T for each in W), attn_mask=mask)
    compare(mine, other, oracle=ORACLE, what="forward", dtype=torch.float64)
    compare(gradients(mine, W), gradients(other, W), oracle=ORACLE, what="gradient")


def test_a_case_done_by_hand(compare: Any) -> None:
    q, k, v = (torch.tensor(rows, dtype=torch.float64) for rows in
               ([[2.0, 0, 0, 0]], [[1.0, 1, 1, 1], [0, 9, 9, 9]], [[3.0], [7]]))  # fmt: skip
    first = torch.tensor(1.0, dtype=torch.float64).sigmoid()  # scores 2 / √4 = 1 and 0
    weights = torch.stack([first, 1 - first])[None]
    compare(
        attention(q, k, v), ((3 * first + 7 * (1 - first)).view(1, 1), weights),
        oracle="a case by hand", what="value",
    )  # fmt: skip


@MASKED
def test_rows_of_weights_sum_to_one_and_what_is_masked_is_exactly_zero(masked: bool) -> None:
    shape: Shape = ((2,), 5, 6, 4, 3)
    mask = some(shape) if masked else torch.ones(2, 5, 6, dtype=torch.bool)
    _, weights = attention(*qkv(shape), mask)
    assert (weights[~mask] == 0).all() and (weights[mask] > 0).all()
    assert torch.allclose(weights.sum(dim=-1), torch.ones(2, 5, dtype=torch.float64))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_a_row_that_may_look_nowhere_is_zero_with_finite_gradients(dtype: torch.dtype) -> None:
    given = qkv(((2,), 3, 4, 5, 5), dtype)
    mask = torch.ones(2, 3, 4, dtype=torch.bool)
    mask[0, 1] = mask[1] = False
    out, weights = attention(*given, mask)
    assert out.dtype == weights.dtype == dtype
    assert not out[0, 1].any() and not out[1].any() and not weights[1].any()
    assert out[0, 0].any() and out.isfinite().all()
    slopes = gradients(out, given)
    assert all(slope.isfinite().all() for slope in slopes)
    assert not slopes[0][0, 1].any() and not slopes[1][1].any() and not slopes[2][1].any()


def test_large_queries_stay_in_the_range_of_float16() -> None:
    q = torch.full((1, 2, 256), 20.0, dtype=torch.float16)  # q · k is 102 400, beyond 65 504
    out, weights = attention(q, q, q)
    assert out.isfinite().all() and (weights == 0.5).all()


def test_what_is_masked_has_no_influence() -> None:
    q, k, v = qkv(((2,), 3, 4, 5, 5))
    mask = torch.tensor([True, True, False, True])
    far = torch.zeros(4, 1, dtype=torch.float64).index_fill(0, torch.tensor(2), 1e6)
    before, after = attention(q, k, v, mask), attention(q, k + far, v + far, mask)
    assert torch.equal(before[0], after[0]) and torch.equal(before[1], after[1])


def test_shuffled_words_give_shuffled_results(compare: Any) -> None:
    model, x = SelfAttention(5, 4).double(), torch.randn(2, 9, 5, dtype=torch.float64)
    order = torch.randperm(9)
    (out, weights), (moved, moved_weights) = model(x), model(x[:, order])
    compare(
        (moved, moved_weights), (out[:, order], weights[:, order][:, :, order]),
        oracle="the same words in another order", what="value", atol=1e-12,
    )  # fmt: skip


def test_first_and_second_derivatives_agree_with_finite_differences() -> None:
    shape: Shape = ((2,), 3, 4, 2, 2)
    given, mask = qkv(shape), some(shape)
    mask[1, 2] = False
    assert torch.autograd.gradcheck(lambda *qkv: attention(*qkv, mask), given)
    assert torch.autograd.gradgradcheck(lambda *qkv: attention(*qkv, mask)[0], given)


def test_nothing_to_look_at_and_nobody_looking() -> None:
    q, k, v = (torch.randn(2, 3, 4) for _ in range(3))
    out, weights = attention(q, k[:, :0], v[:, :0])
    assert out.shape == (2, 3, 4) and not out.any() and weights.shape == (2, 3, 0)
    assert attention(q[:, :0], k, v)[0].shape == (2, 0, 4)
    assert attention(q[:0], k[:0], v[:0])[0].shape == (0, 3, 4)


def tensors(*shapes: tuple[int, ...]) -> list[Tensor]:
    return [torch.zeros(shape) for shape in shapes]


BAD: dict[str, tuple[Callable[[], Any], str]] = {
    "keys of another width": (
        lambda: attention(*tensors((2, 3, 4), (2, 3, 5), (2, 3, 4))),
        r"expected q \(…, T, d\), k \(…, S, d\).*got \(2, 3, 4\), \(2, 3, 5\), \(2, 3, 4\)",
    ),
    "fewer values": (lambda: attention(*tensors((3, 4), (3, 4), (2, 4))), r"got.*\(2, 4\)"),
    "no width": (lambda: attention(*tensors((3, 0), (3, 0), (3, 4))), r"got \(3, 0\)"),
    "numbers for a mask": (
        lambda: attention(*tensors((3, 4), (3, 4), (3, 4)), torch.ones(3, 3)),
        r"expected a mask of torch.bool.*got torch.float32 \(3, 3\)",
    ),
    "mask of another length": (
        lambda: attention(*tensors((3, 4), (3, 4), (3, 4)), torch.ones(3, 2).bool()),
        r"fits \(3, 3\), got torch.bool \(3, 2\)",
    ),
    "mask that would make a batch": (
        lambda: attention(*tensors((3, 4), (3, 4), (3, 4)), torch.ones(2, 3, 3).bool()),
        r"fits \(3, 3\), got torch.bool \(2, 3, 3\)",
    ),
    "wrong features": (lambda: SelfAttention(5, 4)(torch.zeros(2, 3, 4)), r"5 input.*\(2, 3, 4\)"),
    "no batch": (lambda: SelfAttention(5, 4)(torch.zeros(3, 5)), r"5 input features.*\(3, 5\)"),
    "no features": (lambda: SelfAttention(0, 4), r"at least 1, got 0 and 4"),
    "no query": (lambda: SelfAttention(5, 0), r"at least 1, got 5 and 0"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act()


def test_nothing_given_is_changed() -> None:
    shape: Shape = ((2,), 3, 4, 5, 5)
    given = [*qkv(shape), some(shape)]
    before = [part.detach().clone() for part in given]
    attention(*given)
    assert all(torch.equal(a, b) for a, b in zip(given, before, strict=True))
    assert [part._version for part in given] == [0] * 4


def test_the_answer_repeats_and_draws_no_random_number() -> None:
    model, x = SelfAttention(5, 4), torch.randn(2, 3, 5)
    before = torch.get_rng_state()
    assert torch.equal(model(x)[0], model(x)[0])
    assert torch.equal(torch.get_rng_state(), before)


def test_weights_survive_saving() -> None:
    ours, another, x = SelfAttention(5, 4), SelfAttention(5, 4), torch.randn(2, 3, 5)
    another.load_state_dict(ours.state_dict())
    assert torch.equal(another(x)[0], ours(x)[0])


def test_bfloat16_autocast_stays_near() -> None:
    model, x = SelfAttention(5, 4), torch.randn(2, 3, 5, requires_grad=True)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out, _ = model(x, torch.ones(3, 3, dtype=torch.bool).tril())
    out.float().sum().backward()
    assert x.grad is not None and x.grad.isfinite().all()
    assert (out.float() - model(x, torch.ones(3, 3, dtype=torch.bool).tril())[0]).abs().max() < 0.1


def test_queries_start_as_large_as_the_input() -> None:
    model, x = SelfAttention(200, 300), torch.randn(1, 50, 200)
    for W in (model.W_q, model.W_k, model.W_v):
        assert W(x).std().item() == pytest.approx(1, abs=0.05)


@pytest.mark.cuda
@MASKED
def test_equals_itself_on_cuda(masked: bool) -> None:
    shape: Shape = ((2, 3), 4, 6, 5, 5)
    given, mask = qkv(shape), some(shape) if masked else None
    here = attention(*given, mask)
    there = attention(*(part.cuda() for part in given), mask.cuda() if masked else None)
    for near, far in zip(here, there, strict=True):
        assert (near - far.cpu()).abs().max() < 1e-9


@pytest.fixture(scope="module")
def result() -> self_attention.Result:
    return self_attention.demo()


def test_the_demo_reaches_its_bar(result: self_attention.Result) -> None:
    assert result.metric <= result.expected < result.chance


def test_each_letter_looks_at_its_own_in_equal_parts(result: self_attention.Result) -> None:
    same = result.letters[:, None] == result.letters
    wanted = same / same.sum(dim=1, keepdim=True)
    assert (result.weights - wanted).abs().max() < 0.05


def test_guessing_the_mean_gives_chance(result: self_attention.Result) -> None:
    _, y = self_attention.rows(torch.randint(4, (5000, 10)))
    assert (y - 0.5).square().mean().item() == pytest.approx(result.chance, rel=0.03)


def test_the_demo_leaves_random_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_attention, "train", lambda: (SelfAttention(5, 4), nn.Linear(4, 1), []))
    before = torch.get_rng_state()
    first, again, other = (self_attention.demo(seed) for seed in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), before)
    assert first.metric == again.metric != other.metric


def test_without_the_root_the_weights_saturate_and_nothing_is_learnt() -> None:
    q, k = torch.randn(2, 500, 10, 64)
    with_root, without = (attention(each, k, k)[1].amax(dim=-1).mean() for each in (q, 8 * q))
    assert with_root < 0.4 and without > 0.8
    with_errors, without_errors = (self_attention.train(scaled=on)[2] for on in (True, False))
    assert 100 * sum(with_errors[-20:]) < sum(without_errors[-20:])
