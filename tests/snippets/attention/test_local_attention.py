"""Local attention in blocks against F.scaled_dot_product_attention with a band for a mask."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from snippets.attention import local_attention as snippet
from snippets.attention.local_attention import LocalAttention, local_attention

ORACLE = "F.scaled_dot_product_attention, band"
# T and window: the smallest, not a whole number of blocks, whole ones, wider than all, only itself.
SIZES = [(1, 1), (5, 2), (12, 4), (13, 4), (3, 7), (6, 1), (4, 4), (33, 5)]
ALL_SIZES = pytest.mark.parametrize("size", SIZES, ids=str)


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def qkv(T: int, dtype: torch.dtype = torch.float64) -> list[Tensor]:
    return [torch.randn(2, 3, T, 5, dtype=dtype).requires_grad_() for _ in range(3)]


def banded(T: int, window: int) -> Tensor:
    return torch.ones(T, T, dtype=torch.bool).tril() & ~torch.ones(T, T).tril(-window).bool()


def gradients(out: Tensor, of: list[Tensor]) -> list[Tensor]:
    """Those of a sum in which every number has a weight of its own."""
    total = (out * torch.linspace(-1, 2, out.numel(), dtype=out.dtype).view_as(out)).sum()
    return list(torch.autograd.grad(total, of))


@ALL_SIZES
def test_equals_torch(size: tuple[int, int], compare: Any) -> None:
    given = qkv(size[0])
    mine, _ = local_attention(*given, window=size[1])
    other = F.scaled_dot_product_attention(*given, attn_mask=banded(*size))
    compare(mine, other, oracle=ORACLE, what="forward", dtype=torch.float64)
    compare(
        gradients(mine, given), gradients(other, given),
        oracle=ORACLE, what="gradient", dtype=torch.float64,
    )  # fmt: skip


@ALL_SIZES
def test_the_module_is_its_matrices_and_torch(size: tuple[int, int], compare: Any) -> None:
    ours, x = LocalAttention(6, 3, size[1]).double(), torch.randn(2, size[0], 6).double()
    q, k, v = (x.unflatten(-1, (3, 2)).transpose(1, 2) for x in ours.W_qkv(x).chunk(3, dim=-1))
    other = F.scaled_dot_product_attention(q, k, v, attn_mask=banded(*size))
    other = ours.W_o(other.transpose(1, 2).flatten(2))
    compare(ours(x), other, oracle=ORACLE, what="forward", dtype=torch.float64)


def test_weights_of_a_block_sum_to_one_and_are_zero_outside_the_window() -> None:
    _, weights = local_attention(*qkv(10), window=4)
    assert weights.shape == (2, 3, 3, 4, 8)  # never T by T
    assert torch.allclose(weights.sum(dim=-1), torch.ones(2, 3, 3, 4, dtype=torch.float64))
    assert not weights[..., ~snippet.band(3, 4)[1]][:, :, 1].any()
    assert not weights[:, :, 0, :, :4].any()


@pytest.mark.parametrize("at", range(9))
def test_only_the_window_feels_a_change(at: int) -> None:
    q, k, v = (part.detach() for part in qkv(9))
    before, _ = local_attention(q, k, v, 3)
    hit = (torch.arange(9) == at)[:, None]
    after, _ = local_attention(q, k.masked_fill(hit, 9), v.masked_fill(hit, 1e20), 3)
    felt = (after != before).any(dim=-1)[0, 0]
    assert felt.nonzero()[:, 0].tolist() == list(range(at, min(at + 3, 9)))


def test_the_work_grows_with_the_length() -> None:
    short, long = (local_attention(*qkv(T), window=8)[1].numel() for T in (64, 128))
    assert (short, long) == (2 * 3 * 64 * 16, 2 * short)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_the_dtype_stays_and_all_is_finite(dtype: torch.dtype) -> None:
    given = qkv(7, dtype)
    out, weights = local_attention(*given, window=3)
    assert out.dtype == weights.dtype == dtype and out.isfinite().all()
    assert all(slope.isfinite().all() for slope in gradients(out, given))


def test_derivatives_agree_with_finite_differences() -> None:
    given = [part[:1, :1, :, :2] for part in qkv(5)]
    assert torch.autograd.gradcheck(lambda *qkv: local_attention(*qkv, window=2)[0], given)


def test_no_position_has_no_answer() -> None:
    assert local_attention(*qkv(0), window=3)[0].shape == (2, 3, 0, 5)
    empty = torch.zeros(0, 3, 4, 5)
    assert local_attention(empty, empty, empty, 3)[0].shape == (0, 3, 4, 5)


def zeros(*shapes: tuple[int, ...]) -> list[Tensor]:
    return [torch.zeros(shape) for shape in shapes]


BAD: dict[str, tuple[Callable[[], Any], str]] = {
    "no window": (lambda: local_attention(*qkv(3), window=0), "window of at least 1, got 0"),
    "more keys": (
        lambda: local_attention(*zeros((1, 1, 3, 2), (1, 1, 4, 2), (1, 1, 4, 2)), window=2),
        r"all the same, got \[\(1, 1, 3, 2\), \(1, 1, 4, 2\)",
    ),
    "no heads": (lambda: local_attention(*zeros(*[(1, 3, 2)] * 3), window=2), r"got \[\(1, 3, 2"),
    "heads do not divide": (lambda: LocalAttention(6, 4, 2), r"got \(6, 4, 2\)"),
    "a module of no window": (lambda: LocalAttention(6, 3, 0), r"got \(6, 3, 0\)"),
    "wrong features": (lambda: LocalAttention(6, 3, 2)(torch.zeros(2, 3, 4)), r"6 input features"),
    "no batch": (lambda: LocalAttention(6, 3, 2)(torch.zeros(3, 6)), r"got \(3, 6\)"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act()


def test_nothing_given_is_changed_and_no_random_number_drawn() -> None:
    given, state = qkv(7), torch.get_rng_state()
    state, before = torch.get_rng_state(), [part.detach().clone() for part in given]
    assert torch.equal(local_attention(*given, window=3)[0], local_attention(*given, window=3)[0])
    assert all(torch.equal(a, b) for a, b in zip(given, before, strict=True))
    assert torch.equal(torch.get_rng_state(), state)


def test_weights_survive_saving() -> None:
    ours, another, x = LocalAttention(6, 3, 2), LocalAttention(6, 3, 2), torch.randn(2, 5, 6)
    another.load_state_dict(ours.state_dict())
    assert torch.equal(another(x), ours(x))


def test_bfloat16_autocast_stays_near() -> None:
    ours, x = LocalAttention(6, 3, 2), torch.randn(2, 5, 6, requires_grad=True)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = ours(x)
    out.float().sum().backward()
    assert x.grad is not None and x.grad.isfinite().all()
    assert (out.float() - ours(x)).abs().max() < 0.05


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    given = qkv(7)
    here, _ = local_attention(*given, window=3)
    there, _ = local_attention(*(part.cuda() for part in given), window=3)
    assert (here - there.cpu()).abs().max() < 1e-9


def test_the_table_is_the_band_and_layers_add_their_reach() -> None:
    before = torch.get_rng_state()
    reach = snippet.demo()
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(reach.table == 2, banded(12, 4))
    assert (reach.table > 0).sum() == 4 * 4 + 2 * 4 * 8
    assert reach.heard == [3, 6, 9]
