"""Grouped queries against SDPA(enable_gqa=True) and, one group a head, nn.MultiheadAttention."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from snippets.attention import grouped_query_attention
from snippets.attention.grouped_query_attention import GroupedQueryAttention, grouped_attention

Sizes = tuple[int, int, int, int, int, int]

ORACLE = "F.scaled_dot_product_attention, enable_gqa"
# Batch, heads, heads of keys, T, S, d: the smallest, MHA, GQA, MQA, odd ones, a long one.
SIZES = [
    (1, 1, 1, 1, 1, 1), (2, 4, 4, 3, 5, 2), (2, 6, 2, 3, 5, 4), (3, 6, 3, 5, 4, 1),
    (2, 4, 1, 3, 3, 5), (1, 8, 2, 17, 33, 3),
]  # fmt: skip
ALL_SIZES = pytest.mark.parametrize("sizes", SIZES, ids=str)
MASKED = pytest.mark.parametrize("masked", [False, True], ids=["all", "masked"])


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def qkv(sizes: Sizes, dtype: torch.dtype = torch.float64) -> list[Tensor]:
    B, h, g, T, S, d = sizes
    shapes = ((B, h, T, d), (B, g, S, d), (B, g, S, d))
    return [torch.randn(shape, dtype=dtype).requires_grad_() for shape in shapes]


def some(sizes: Sizes) -> Tensor:
    """A mask of its own for each head, that leaves every row something to look at."""
    B, h, _, T, S, _ = sizes
    return (torch.rand(B, h, T, S) < 0.5) | (torch.arange(T)[:, None] % S == torch.arange(S))


def gradients(out: Tensor, of: list[Tensor]) -> list[Tensor]:
    """Those of a sum in which every number has a weight of its own."""
    total = (out * torch.linspace(-1, 2, out.numel(), dtype=out.dtype).view_as(out)).sum()
    return list(torch.autograd.grad(total, of))


@ALL_SIZES
@MASKED
def test_equals_torch(sizes: Sizes, masked: bool, compare: Any) -> None:
    given, mask = qkv(sizes), some(sizes) if masked else None
    mine, weights = grouped_attention(*given, mask)
    other = F.scaled_dot_product_attention(*given, attn_mask=mask, enable_gqa=True)
    compare(mine, other, oracle=ORACLE, what="forward", dtype=torch.float64)
    compare(
        gradients(mine, given), gradients(other, given),
        oracle=ORACLE, what="gradient", dtype=torch.float64,
    )  # fmt: skip
    whole = torch.ones(weights.shape[:3], dtype=torch.float64)
    assert torch.allclose(weights.sum(dim=-1), whole)
    assert mask is None or not weights[~mask].any()


def test_neighbours_share_not_every_second_head(compare: Any) -> None:
    q, k, v = qkv((1, 4, 2, 3, 5, 2))
    shared = [part.repeat_interleave(2, dim=1) for part in (k, v)]
    compare(
        grouped_attention(q, k, v), grouped_attention(q, *shared),
        oracle="keys written out", what="value", atol=1e-12,
    )  # fmt: skip


def test_as_many_heads_of_keys_are_the_twin(compare: Any) -> None:
    twin, ours = nn.MultiheadAttention(6, 3, batch_first=True), GroupedQueryAttention(6, 3, 3)
    nn.init.normal_(twin.in_proj_bias)
    ours.load_torch(twin)
    ours, twin = ours.double(), twin.double()
    x = torch.randn(2, 5, 6, dtype=torch.float64, requires_grad=True)
    mask = torch.ones(5, 5, dtype=torch.bool).tril()
    mine, other = ours(x, mask)[0], twin(x, x, x, attn_mask=~mask)[0]
    compare(mine, other, oracle="nn.MultiheadAttention", what="forward", dtype=torch.float64)
    compare(
        gradients(mine, [x]), gradients(other, [x]), oracle="nn.MultiheadAttention", what="gradient"
    )


@pytest.mark.parametrize("g", [1, 2], ids=str)
def test_shared_heads_are_the_mean_of_the_twins(g: int, compare: Any) -> None:
    twin, ours = nn.MultiheadAttention(8, 4).double(), GroupedQueryAttention(8, 4, g).double()
    ours.load_torch(twin)
    _, k, v = twin.in_proj_weight.chunk(3)
    for mine, theirs in zip(ours.W_kv.weight.chunk(2), (k, v), strict=True):
        heads = theirs.view(4, 2, 8)
        means = [sum(heads[n] for n in group) / len(group)
                 for group in torch.arange(4).chunk(g)]  # fmt: skip
        compare(mine, torch.cat(means), oracle="the mean of the heads", what="value")


@pytest.mark.parametrize("g", [1, 2, 4], ids=str)
def test_one_token_at_a_time_with_a_cache_is_one_causal_pass(g: int, compare: Any) -> None:
    ours, x = GroupedQueryAttention(8, 4, g).double(), torch.randn(2, 6, 8, dtype=torch.float64)
    whole, (keys, values) = ours(x, torch.ones(6, 6, dtype=torch.bool).tril())
    cache, steps = None, []
    for t in range(6):
        out, cache = ours(x[:, t : t + 1], cache=cache)
        steps.append(out)
    parts = (torch.cat(steps, dim=1), *cache)
    compare(parts, (whole, keys, values), oracle="one pass", what="value", atol=1e-12)
    assert keys.shape == values.shape == (2, g, 6, 2)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_a_row_that_may_look_nowhere_is_zero_with_finite_gradients(dtype: torch.dtype) -> None:
    given = qkv((2, 4, 2, 3, 4, 5), dtype)
    mask = torch.ones(2, 1, 3, 4, dtype=torch.bool)
    mask[0, :, 1] = mask[1] = False
    out, weights = grouped_attention(*given, mask)
    assert out.dtype == weights.dtype == dtype
    assert not out[0, :, 1].any() and not out[1].any() and out[0, :, 0].any()
    slopes = gradients(out, given)
    assert all(slope.isfinite().all() and not slope[1].any() for slope in slopes)


@pytest.mark.parametrize("shape", [(2, 1, 1, 4), (1, 4, 3, 1), (3, 4), (4,)], ids=str)
def test_a_mask_may_be_broadcast(shape: tuple[int, ...], compare: Any) -> None:
    given, mask = qkv((2, 4, 2, 3, 4, 5)), torch.rand(shape) < 0.6
    compare(
        grouped_attention(*given, mask), grouped_attention(*given, mask.expand(2, 4, 3, 4)),
        oracle="the mask written out", what="value", atol=1e-12,
    )  # fmt: skip


def test_derivatives_agree_with_finite_differences() -> None:
    sizes = (1, 4, 2, 2, 3, 2)
    mask = some(sizes)
    mask[0, 1, 1] = False
    assert torch.autograd.gradcheck(lambda *qkv: grouped_attention(*qkv, mask), qkv(sizes))


def test_nothing_to_look_at_and_nobody_looking() -> None:
    assert not grouped_attention(*qkv((2, 4, 2, 3, 0, 5)))[0].any()
    assert grouped_attention(*qkv((2, 4, 2, 0, 3, 5)))[0].shape == (2, 4, 0, 5)
    assert grouped_attention(*qkv((0, 4, 2, 1, 3, 5)))[0].shape == (0, 4, 1, 5)


def zeros(*shapes: tuple[int, ...]) -> list[Tensor]:
    return [torch.zeros(shape) for shape in shapes]


BAD: dict[str, tuple[Callable[[], Any], str]] = {
    "heads that do not divide": (
        lambda: grouped_attention(*zeros((1, 4, 2, 2), (1, 3, 2, 2), (1, 3, 2, 2))), "got 3 for 4"
    ),
    "no head of keys": (
        lambda: grouped_attention(*zeros((1, 4, 2, 2), (1, 0, 2, 2), (1, 0, 2, 2))), r"\(1, 0, 2"
    ),
    "another width": (
        lambda: grouped_attention(*zeros((1, 4, 2, 3), (1, 2, 2, 2), (1, 2, 2, 2))), r"\(1, 4, 2, 3"
    ),
    "fewer values": (
        lambda: grouped_attention(*zeros((1, 4, 2, 2), (1, 2, 3, 2), (1, 2, 2, 2))), r"B, g, S, d"
    ),
    "no heads": (lambda: grouped_attention(*zeros((1, 2, 2), (1, 2, 2), (1, 2, 2))), r"B, h, T, d"),
    "numbers for a mask": (
        lambda: grouped_attention(*qkv((1, 4, 2, 2, 3, 2)), torch.ones(2, 3)), "got torch.float32"
    ),
    "mask of another length": (
        lambda: grouped_attention(*qkv((1, 4, 2, 2, 3, 2)), torch.ones(2, 2).bool()),
        r"bools for \(1, 4, 2, 3\), got torch.bool \(2, 2\)",
    ),
    "width not divided": (lambda: GroupedQueryAttention(6, 4, 2), r"divide.*got \(6, 4, 2\)"),
    "groups not divided": (lambda: GroupedQueryAttention(8, 4, 3), r"divide.*got \(8, 4, 3\)"),
    "no groups": (lambda: GroupedQueryAttention(8, 4, 0), r"divide.*got \(8, 4, 0\)"),
    "wrong features": (lambda: GroupedQueryAttention(8, 4, 2)(torch.zeros(2, 3, 4)), "8 input"),
    "another twin": (
        lambda: GroupedQueryAttention(8, 4, 2).load_torch(nn.MultiheadAttention(8, 2)), r"\(8, 4\)"
    ),
    "twin of no bias": (
        lambda: GroupedQueryAttention(8, 4, 2).load_torch(nn.MultiheadAttention(8, 4, bias=False)),
        "with biases",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act()


def test_nothing_given_is_changed_and_no_random_number_drawn() -> None:
    sizes = (2, 4, 2, 3, 4, 5)
    given, state = [*qkv(sizes), some(sizes)], None
    before, state = [part.detach().clone() for part in given], torch.get_rng_state()
    assert torch.equal(grouped_attention(*given)[0], grouped_attention(*given)[0])
    assert all(torch.equal(a, b) for a, b in zip(given, before, strict=True))
    assert torch.equal(torch.get_rng_state(), state)


def test_weights_survive_saving() -> None:
    ours, another = GroupedQueryAttention(8, 4, 2), GroupedQueryAttention(8, 4, 2)
    another.load_state_dict(ours.state_dict())
    x = torch.randn(2, 3, 8)
    assert torch.equal(another(x)[0], ours(x)[0])


def test_bfloat16_autocast_stays_near() -> None:
    ours, x = GroupedQueryAttention(8, 4, 2), torch.randn(2, 3, 8, requires_grad=True)
    mask = torch.ones(3, 3, dtype=torch.bool).tril()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out, _ = ours(x, mask)
    out.float().sum().backward()
    assert x.grad is not None and x.grad.isfinite().all()
    assert (out.float() - ours(x, mask)[0]).abs().max() < 0.05


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    sizes = (2, 4, 2, 3, 4, 5)
    given, mask = qkv(sizes), some(sizes)
    here, _ = grouped_attention(*given, mask)
    there, _ = grouped_attention(*(part.cuda() for part in given), mask.cuda())
    assert (here - there.cpu()).abs().max() < 1e-9


def test_the_cache_grows_as_the_heads_of_keys_do() -> None:
    before = torch.get_rng_state()
    numbers = grouped_query_attention.demo().numbers
    assert torch.equal(torch.get_rng_state(), before)
    for heads, line in numbers.items():
        assert line == [2 * heads * 16 * n for n in range(1, 33)]
