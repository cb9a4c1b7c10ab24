"""Linear attention against its own quadratic form, written as the paper's sums and as matrices."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from snippets.attention import linear_attention as snippet
from snippets.attention.linear_attention import (
    LinearAttention,
    causal_linear_attention,
    linear_attention,
    phi,
    quadratic_attention,
)

ORACLE = "the quadratic form"
# T, S, d, e: the smallest, odd ones, fewer and more keys than queries, long ones.
SIZES = [(1, 1, 1, 1), (5, 7, 4, 2), (7, 5, 3, 6), (33, 33, 4, 4)]
ALL_SIZES = pytest.mark.parametrize("sizes", SIZES, ids=str)


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def qkv(sizes: tuple[int, ...], dtype: torch.dtype = torch.float64) -> list[Tensor]:
    T, S, d, e = sizes
    return [torch.randn(2, 3, *s, dtype=dtype).requires_grad_() for s in ((T, d), (S, d), (S, e))]


def sums(q: Tensor, k: Tensor, v: Tensor, causal: bool = False) -> Tensor:
    """The paper's sums, one similarity at a time, with features of its own making."""
    fq, fk = (torch.where(x > 0, x + 1, x.exp()) for x in (q, k))
    outs = []
    for t in range(q.shape[-2]):
        keys = range(t + 1 if causal else k.shape[-2])
        similar = [(fq[..., t, :] * fk[..., s, :]).sum(-1, keepdim=True) for s in keys]
        total = sum(one * v[..., s, :] for s, one in zip(keys, similar, strict=True))
        outs.append(total / sum(similar))
    return torch.stack(outs, dim=-2)


def gradients(out: Tensor, of: list[Tensor]) -> list[Tensor]:
    """Those of a sum in which every number has a weight of its own."""
    total = (out * torch.linspace(-1, 2, out.numel(), dtype=out.dtype).view_as(out)).sum()
    return list(torch.autograd.grad(total, of))


@ALL_SIZES
def test_equals_its_quadratic_form(sizes: tuple[int, ...], compare: Any) -> None:
    given = qkv(sizes)
    for oracle, other in ((ORACLE, quadratic_attention(*given)), ("sums", sums(*given))):
        mine = linear_attention(*given)
        compare(mine, other, oracle=oracle, what="forward", dtype=torch.float64)
        compare(gradients(mine, given), gradients(other, given), oracle=oracle, what="gradient")


@pytest.mark.parametrize("T", [1, 2, 9, 33])
def test_the_running_sum_equals_the_causal_quadratic_form(T: int, compare: Any) -> None:
    given, oracle = qkv((T, T, 4, 3)), f"{ORACLE}, causal"
    mine, (S, z) = causal_linear_attention(*given)
    mask = torch.ones(T, T, dtype=torch.bool).tril()
    other = quadratic_attention(*given, mask)
    compare(mine, other, oracle=oracle, what="forward", dtype=torch.float64)
    compare(gradients(mine, given), gradients(other, given), oracle=oracle, what="gradient")
    compare(mine, sums(*given, causal=True), oracle="sums, causal", what="forward")
    k, v = phi(given[1]), given[2]
    compare((S, z), (k.transpose(-2, -1) @ v, k.sum(dim=-2)), oracle="all keys", what="state")


def test_a_state_carries_on_where_it_was_taken(compare: Any) -> None:
    given = qkv((7, 7, 4, 3))
    whole, end = causal_linear_attention(*given)
    first, between = causal_linear_attention(*(part[..., :3, :] for part in given))
    rest, last = causal_linear_attention(*(part[..., 3:, :] for part in given), between)
    compare(
        (torch.cat([first, rest], dim=-2), *last), (whole, *end),
        oracle="one pass", what="value", atol=1e-12,
    )  # fmt: skip


def test_the_last_causal_step_sees_what_all_see(compare: Any) -> None:
    given = qkv((6, 6, 4, 3))
    last, every = causal_linear_attention(*given)[0][..., -1, :], linear_attention(*given)
    compare(last, every[..., -1, :], oracle="all positions", what="value", atol=1e-12)


def test_a_later_step_has_no_influence() -> None:
    q, k, v = (part.detach() for part in qkv((6, 6, 4, 3)))
    late = (torch.arange(6) >= 4)[:, None]
    before = causal_linear_attention(q, k, v)[0]
    after = causal_linear_attention(*(part.masked_fill(late, 50) for part in (q, k, v)))[0]
    assert torch.equal(before[..., :4, :], after[..., :4, :])
    assert not torch.equal(before[..., 4:, :], after[..., 4:, :])


def test_the_output_is_a_weighted_mean_of_the_values() -> None:
    q, k, v = qkv((5, 7, 4, 2))
    ones = linear_attention(q, k, torch.ones_like(v))
    assert torch.allclose(ones, torch.ones_like(ones))
    out = linear_attention(q, k, v)
    assert (out <= v.amax(dim=-2, keepdim=True)).all()
    assert (out >= v.amin(dim=-2, keepdim=True)).all()


@pytest.mark.parametrize("causal", [False, True])
def test_the_module_is_its_matrices_and_the_quadratic_form(causal: bool, compare: Any) -> None:
    ours, x = LinearAttention(6, 3, causal).double(), torch.randn(2, 5, 6).double()
    q, k, v = (x.unflatten(-1, (3, 2)).transpose(1, 2) for x in ours.W_qkv(x).chunk(3, dim=-1))
    mask = torch.ones(5, 5, dtype=torch.bool).tril() if causal else None
    other = ours.W_o(quadratic_attention(q, k, v, mask).transpose(1, 2).flatten(2))
    compare(ours(x), other, oracle=ORACLE, what="forward", dtype=torch.float64)


def test_derivatives_agree_with_finite_differences() -> None:
    given = [part[:1, :1] for part in qkv((3, 3, 2, 2))]
    assert torch.autograd.gradcheck(linear_attention, given)
    assert torch.autograd.gradcheck(lambda *qkv: causal_linear_attention(*qkv)[0], given)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_the_dtype_stays_and_all_is_finite(dtype: torch.dtype) -> None:
    given = qkv((5, 5, 4, 3), dtype)
    for out in (linear_attention(*given), causal_linear_attention(*given)[0]):
        assert out.dtype == dtype and out.isfinite().all()
        assert all(slope.isfinite().all() for slope in gradients(out, given))


def test_no_query_has_no_answer() -> None:
    assert linear_attention(*qkv((0, 3, 4, 2))).shape == (2, 3, 0, 2)
    out, (S, z) = causal_linear_attention(*qkv((0, 0, 4, 2)))
    assert out.shape == (2, 3, 0, 2) and not S.any() and not z.any()


BAD: dict[str, tuple[Callable[[], Any], str]] = {
    "no key": (lambda: linear_attention(*qkv((3, 0, 4, 2))), r"S > 0, got.*\(2, 3, 0, 4\)"),
    "another width": (
        lambda: linear_attention(torch.zeros(3, 5), torch.zeros(3, 4), torch.zeros(3, 4)),
        r"got \(3, 5\), \(3, 4\), \(3, 4\)",
    ),
    "fewer values": (
        lambda: linear_attention(torch.zeros(3, 4), torch.zeros(3, 4), torch.zeros(2, 4)),
        r"got \(3, 4\), \(3, 4\), \(2, 4\)",
    ),
    "causal over more keys": (lambda: causal_linear_attention(*qkv((3, 4, 5, 2))), r"q and k"),
    "heads do not divide": (lambda: LinearAttention(6, 4), "divide d_model, got 4 of 6"),
    "wrong features": (lambda: LinearAttention(6, 3)(torch.zeros(2, 3, 4)), "6 input features"),
    "no batch": (lambda: LinearAttention(6, 3)(torch.zeros(3, 6)), r"got \(3, 6\)"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act()


def test_nothing_given_is_changed_and_no_random_number_drawn() -> None:
    _, state = causal_linear_attention(*qkv((2, 2, 4, 3)))
    given = qkv((5, 5, 4, 3))
    parts, random = [*given, *state], torch.get_rng_state()
    before = [part.detach().clone() for part in parts]
    assert torch.equal(linear_attention(*given), linear_attention(*given))
    causal_linear_attention(*given, state)
    assert all(torch.equal(a, b) for a, b in zip(parts, before, strict=True))
    assert torch.equal(torch.get_rng_state(), random)


def test_weights_survive_saving() -> None:
    ours, another, x = LinearAttention(6, 3), LinearAttention(6, 3), torch.randn(2, 5, 6)
    another.load_state_dict(ours.state_dict())
    assert torch.equal(another(x), ours(x))


@pytest.mark.parametrize("causal", [False, True])
def test_bfloat16_autocast_stays_near(causal: bool) -> None:
    ours, x = LinearAttention(6, 3, causal), torch.randn(2, 5, 6, requires_grad=True)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = ours(x)
    out.float().sum().backward()
    assert x.grad is not None and x.grad.isfinite().all()
    assert (out.float() - ours(x)).abs().max() < 0.05


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    given = qkv((5, 5, 4, 3))
    far = [part.cuda() for part in given]
    assert (linear_attention(*given) - linear_attention(*far).cpu()).abs().max() < 1e-9
    here, there = causal_linear_attention(*given)[0], causal_linear_attention(*far)[0]
    assert (here - there.cpu()).abs().max() < 1e-9


def test_the_counts_are_those_of_the_formulas() -> None:
    before = torch.get_rng_state()
    costs = snippet.demo()
    assert torch.equal(torch.get_rng_state(), before)
    assert costs.quadratic == [2 * T * T * 64 for T in costs.lengths]
    assert costs.linear == [2 * T * 64 * 64 + T * 64 for T in costs.lengths]
    assert costs.apart < 1e-12


def test_the_features_are_positive_and_torchs_elu_plus_one() -> None:
    x = torch.linspace(-20, 20, 101, dtype=torch.float64)
    assert (phi(x) > 0).all() and torch.equal(phi(x), F.elu(x) + 1)
