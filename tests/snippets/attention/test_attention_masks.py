"""The masks against F.scaled_dot_product_attention and torch's own biases."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F
from torch.nn.attention.bias import causal_lower_right, causal_upper_left

from snippets.attention import attention_masks
from snippets.attention.attention_masks import (
    causal_mask,
    masked_attention,
    padding_mask,
    window_mask,
)

ORACLE = "F.scaled_dot_product_attention"
SIZES = pytest.mark.parametrize("size", [(1, 1), (1, 5), (3, 7), (6, 6), (20, 33)], ids=str)


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def qkv(T: int, S: int, dtype: torch.dtype = torch.float64) -> list[Tensor]:
    return [torch.randn(2, 3, n, 4, dtype=dtype).requires_grad_() for n in (T, S, S)]


def gradients(out: Tensor, of: list[Tensor]) -> list[Tensor]:
    """Those of a sum in which every number has a weight of its own."""
    total = (out * torch.linspace(-1, 2, out.numel(), dtype=out.dtype).view_as(out)).sum()
    return list(torch.autograd.grad(total, of))


def equal(given: list[Tensor], mask: Tensor, other: Tensor, oracle: str, compare: Any) -> None:
    mine, weights = masked_attention(*given, mask)
    compare(mine, other, oracle=oracle, what="forward", dtype=torch.float64)
    compare(
        gradients(mine, given), gradients(other, given),
        oracle=oracle, what="gradient", dtype=torch.float64,
    )  # fmt: skip
    assert not weights[~mask.expand_as(weights)].any()


MASKS: dict[str, Callable[[int, int], Tensor]] = {
    "padding": lambda T, S: padding_mask(torch.tensor([S, 1]), S),
    "causal": causal_mask,
    "window": lambda T, S: window_mask(3, T, S),
    "causal & window": lambda T, S: causal_mask(T, S) & window_mask(2, T, S),
    "causal & padding": lambda T, S: causal_mask(T, S) & padding_mask(torch.tensor([S, 1]), S),
    "causal & left padding": (
        lambda T, S: causal_mask(T, S) & padding_mask(torch.tensor([S, 1]), S).flip(-1)
    ),
}  # fmt: skip


@SIZES
@pytest.mark.parametrize("kind", MASKS)
def test_equals_torch(size: tuple[int, int], kind: str, compare: Any) -> None:
    given, mask = qkv(*size), MASKS[kind](*size)
    sees = mask.any(dim=-1, keepdim=True)
    other = F.scaled_dot_product_attention(*given, attn_mask=(mask | ~sees).expand(2, 1, *size))
    equal(given, mask, other.masked_fill(~sees, 0), ORACLE, compare)


@SIZES
def test_causal_meets_at_the_end_as_cached_decoding_needs(
    size: tuple[int, int], compare: Any
) -> None:
    given = qkv(*size)
    other = F.scaled_dot_product_attention(*given, attn_mask=causal_lower_right(*size))
    equal(given, causal_mask(*size), other, "causal_lower_right", compare)
    # is_causal=True is the other alignment: the same for T = S only.
    first_meets = F.scaled_dot_product_attention(*given, is_causal=True)
    upper = F.scaled_dot_product_attention(*given, attn_mask=causal_upper_left(*size))
    assert torch.allclose(first_meets, upper)
    assert torch.allclose(first_meets, other) == (size[0] == size[1])


def test_square_causal_equals_is_causal(compare: Any) -> None:
    given = qkv(6, 6)
    other = F.scaled_dot_product_attention(*given, is_causal=True)
    equal(given, causal_mask(6), other, f"{ORACLE}, is_causal", compare)


def test_new_queries_see_what_they_see_among_all(compare: Any) -> None:
    q, k, v = qkv(7, 7)
    mask = causal_mask(7) & window_mask(3, 7)
    whole, _ = masked_attention(q, k, v, mask)
    for n in (1, 2, 6):
        last = causal_mask(n, 7) & window_mask(3, n, 7)
        assert torch.equal(last, mask[-n:])
        part, _ = masked_attention(q[..., -n:, :], k, v, last)
        compare(part, whole[..., -n:, :], oracle="all queries", what="value", atol=1e-12)


@pytest.mark.parametrize("filler", [1e3, 1e30], ids=str)
def test_the_future_the_padding_and_the_far_have_no_influence(filler: float) -> None:
    q, k, v = (part.detach() for part in qkv(5, 5))
    for mask in (causal_mask(5), padding_mask(torch.tensor([4, 2]), 5), window_mask(2, 5)):
        before, _ = masked_attention(q, k, v, mask)
        for s in range(5):
            hit = torch.arange(5) == s
            filled = [part.masked_fill(hit[:, None], filler) for part in (k, v)]
            after, _ = masked_attention(q, *filled, mask)
            blind = ~mask.expand(2, 3, 5, 5)[..., s]
            assert torch.equal(after[blind], before[blind])
            assert blind.all() or not torch.equal(after, before)


def test_each_kind_by_hand() -> None:
    def drawn(mask: Tensor) -> list[str]:
        return ["".join(".x"[int(one)] for one in row) for row in mask]

    assert drawn(causal_mask(3)) == ["x..", "xx.", "xxx"]
    assert drawn(causal_mask(2, 4)) == ["xxx.", "xxxx"]
    assert drawn(causal_mask(4, 2)) == ["..", "..", "x.", "xx"]
    assert drawn(window_mask(1, 3)) == ["x..", ".x.", "..x"]
    assert drawn(window_mask(2, 4)) == ["xx..", "xxx.", ".xxx", "..xx"]
    assert drawn(window_mask(2, 2, 4)) == [".xxx", "..xx"]
    assert drawn(causal_mask(4) & window_mask(2, 4)) == ["x...", "xx..", ".xx.", "..xx"]
    assert padding_mask(torch.tensor([2, 0, 3]), 3).shape == (3, 1, 1, 3)
    assert drawn(padding_mask(torch.tensor([2, 0, 3]), 3)[:, 0, 0]) == ["xx.", "...", "xxx"]
    assert (causal_mask(0).shape, causal_mask(0, 3).shape) == ((0, 0), (0, 3))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_a_row_that_may_look_nowhere_is_zero_with_finite_gradients(dtype: torch.dtype) -> None:
    given = qkv(4, 4, dtype)
    mask = causal_mask(4) & padding_mask(torch.tensor([4, 2]), 4).flip(-1)
    out, weights = masked_attention(*given, mask)
    assert out.dtype == weights.dtype == dtype and out.isfinite().all()
    assert not out[1, :, :2].any() and not weights[1, :, :2].any() and out[0].any()
    slopes = gradients(out, given)
    assert all(slope.isfinite().all() for slope in slopes)
    assert not slopes[0][1, :, :2].any() and not any(slope[1, :, :2].any() for slope in slopes[1:])


def test_derivatives_agree_with_finite_differences() -> None:
    given, mask = [part[:1, :1] for part in qkv(3, 3)], causal_mask(3) & ~torch.eye(3).bool()
    assert torch.autograd.gradcheck(lambda *qkv: masked_attention(*qkv, mask), given)


BAD: dict[str, tuple[Callable[[], Any], str]] = {
    "length beyond": (lambda: padding_mask(torch.tensor([3, 5]), 4), r"from 0 to 4, got \[3, 5\]"),
    "length below": (lambda: padding_mask(torch.tensor([-1]), 4), r"from 0 to 4, got \[-1\]"),
    "half a length": (lambda: padding_mask(torch.ones(2), 4), r"whole lengths.*got \[1.0, 1.0\]"),
    "a table of lengths": (lambda: padding_mask(torch.tensor([[1]]), 4), r"got \[\[1\]\]"),
    "no window": (lambda: window_mask(0, 4), "width of at least 1, got 0"),
    "fewer than none": (lambda: causal_mask(2, -1), "at least 0, got 2 and -1"),
    "numbers for a mask": (
        lambda: masked_attention(*qkv(2, 2), torch.zeros(2, 2)), "torch.bool, got torch.float32"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act()


def test_nothing_given_is_changed_and_no_random_number_drawn() -> None:
    given, lengths = qkv(3, 3), torch.tensor([3, 1])
    before, state = [part.detach().clone() for part in given], torch.get_rng_state()
    masked_attention(*given, padding_mask(lengths, 3))
    assert all(torch.equal(a, b) for a, b in zip(given, before, strict=True))
    assert lengths.tolist() == [3, 1] and torch.equal(torch.get_rng_state(), state)


def test_bfloat16_autocast_stays_near() -> None:
    given = qkv(4, 4, torch.float32)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out, _ = masked_attention(*given, causal_mask(4))
    assert (out.float() - masked_attention(*given, causal_mask(4))[0]).abs().max() < 0.1
    assert all(slope.isfinite().all() for slope in gradients(out, given))


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    given, lengths = qkv(4, 4), torch.tensor([4, 2])
    here, _ = masked_attention(*given, padding_mask(lengths, 4))
    there, _ = masked_attention(*(part.cuda() for part in given), padding_mask(lengths.cuda(), 4))
    assert (here - there.cpu()).abs().max() < 1e-9


def test_the_gallery_shows_what_it_names() -> None:
    before = torch.get_rng_state()
    gallery = attention_masks.demo()
    assert torch.equal(torch.get_rng_state(), before)
    assert gallery.blind == {name: 2 * ("left" in name) for name in gallery.masks}
    assert [mask.shape for mask in gallery.masks.values()] == [(6, 6)] * 5 + [(2, 6)]


def test_dropping_the_padding_mask_changes_the_answer() -> None:
    words, pad = torch.randn(4, 5, 16), torch.randn(4, 20, 16)
    padded = torch.cat([words, pad], dim=1)
    everywhere = torch.ones(5, 5, dtype=torch.bool)
    alone, _ = masked_attention(words, words, words, everywhere)
    mask = padding_mask(torch.full((4,), 5), 25)[:, 0]
    with_mask, _ = masked_attention(words, padded, padded, mask)
    without, _ = masked_attention(words, padded, padded, mask | True)
    assert torch.allclose(with_mask, alone, atol=1e-6)
    assert (without - alone).norm() > 0.1 * alone.norm()


def test_a_model_that_sees_its_answer_learns_too_well_and_cannot_write() -> None:
    honest, legal = attention_masks.train()
    cheating, cheated = attention_masks.train(ahead=1)
    assert sum(honest[-20:]) / 20 > 0.67 and legal > 0.85  # ln 2 is 0.693
    assert sum(cheating[-20:]) / 20 < 0.3 and cheated < 0.7
