"""Both layers against torch's, with copied weights, and against what is said about them."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from snippets.transformer import transformer_layer
from snippets.transformer.transformer_layer import DecoderLayer, EncoderLayer, attend, sublayer

Sizes = tuple[int, int, int, int, int, int]

# Batch, steps, steps of memory, width, heads, inner width: the smallest, odd ones, many heads.
SIZES = [(1, 1, 1, 2, 1, 1), (3, 5, 4, 6, 3, 7), (2, 7, 9, 8, 8, 5), (1, 12, 3, 15, 5, 32)]
ALL_SIZES = pytest.mark.parametrize("sizes", SIZES, ids=str)
ORDERS = pytest.mark.parametrize("pre_norm", [False, True], ids=["post-norm", "pre-norm"])
MASKS = pytest.mark.parametrize("masked", [False, True], ids=["open", "masked"])


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def pair(kind: Any, sizes: Sizes, pre_norm: bool) -> tuple[Any, Any]:
    """Ours and its twin with the same weights, none of them zero or one, in float64."""
    *_, D, heads, d_ff = sizes
    of = {"dropout": 0.0, "batch_first": True, "norm_first": pre_norm}
    twin = kind.twin(D, heads, d_ff, **of).double()
    for weight in twin.parameters():
        nn.init.normal_(weight, std=0.5)
    ours = kind(D, heads, d_ff, pre_norm).double()
    ours.load_torch(twin)
    return ours, twin


def random_mask(*shape: int) -> Tensor:
    """Every row may look at something."""
    mask = torch.rand(shape) < 0.5
    return mask | (torch.arange(shape[-1]) == torch.randint(shape[-1], (*shape[:-1], 1)))


def inputs(sizes: Sizes) -> tuple[Tensor, Tensor]:
    B, T, S, D, *_ = sizes
    return tuple(torch.randn(B, n, D, dtype=torch.float64, requires_grad=True) for n in (T, S))


def gradients(out: Tensor, of: list[Tensor]) -> list[Tensor]:
    """Those of a sum in which every number has a weight of its own."""
    total = (out * torch.linspace(-1, 2, out.numel(), dtype=out.dtype).view_as(out)).sum()
    return list(torch.autograd.grad(total, of))


@ALL_SIZES
@ORDERS
@MASKS
def test_equals_the_encoder_layer(sizes: Sizes, pre_norm: bool, masked: bool, compare: Any) -> None:
    ours, twin = pair(EncoderLayer, sizes, pre_norm)
    x, _ = inputs(sizes)
    mask = random_mask(sizes[1], sizes[1]) if masked else None
    # torch's mask is the other way round: True hides.
    mine, other = ours(x, mask), twin(x, None if mask is None else ~mask)
    oracle = "nn.TransformerEncoderLayer"
    compare(mine, other, oracle=oracle, what="forward", dtype=torch.float64)
    compare(
        gradients(mine, [x, *ours.parameters()]),
        gradients(other, [x, *twin.parameters()]),
        oracle=oracle, what="gradient", dtype=torch.float64,
    )  # fmt: skip


@ALL_SIZES
@ORDERS
@MASKS
def test_equals_the_decoder_layer(sizes: Sizes, pre_norm: bool, masked: bool, compare: Any) -> None:
    ours, twin = pair(DecoderLayer, sizes, pre_norm)
    x, memory = inputs(sizes)
    mask = torch.ones(sizes[1], sizes[1]).tril().bool() if masked else None
    seen = random_mask(sizes[0], 1, sizes[2]) if masked else None
    hidden = {"tgt_mask": ~mask, "memory_key_padding_mask": ~seen[:, 0]} if masked else {}
    mine, other = ours(x, memory, mask, seen), twin(x, memory, **hidden)
    oracle = "nn.TransformerDecoderLayer"
    compare(mine, other, oracle=oracle, what="forward", dtype=torch.float64)
    compare(
        gradients(mine, [x, memory, *ours.parameters()]),
        gradients(other, [x, memory, *twin.parameters()]),
        oracle=oracle, what="gradient", dtype=torch.float64,
    )  # fmt: skip


@ORDERS
def test_a_mask_of_each_row_equals_padding(pre_norm: bool, compare: Any) -> None:
    sizes = (3, 5, 1, 6, 2, 7)
    ours, twin = pair(EncoderLayer, sizes, pre_norm)
    x, _ = inputs(sizes)
    real = torch.arange(5) < torch.tensor([5, 2, 3])[:, None]  # (B, T)
    told = twin(x, src_key_padding_mask=~real)
    for mask in (real[:, None], real[:, None].expand(3, 5, 5)):
        compare(
            ours(x, mask), told, oracle="nn.TransformerEncoderLayer, padded", what="forward",
            dtype=torch.float64,
        )  # fmt: skip


@pytest.mark.parametrize("shape", [(1, 1, 1), (2, 3, 5), (2, 7, 4)], ids=str)
@MASKS
def test_attention_equals_the_fused_one(
    shape: tuple[int, int, int], masked: bool, compare: Any
) -> None:
    h, T, S = shape
    q, k, v = (torch.randn(2, h, n, 6, dtype=torch.float64).requires_grad_() for n in (T, S, S))
    mask = random_mask(2, 1, T, S) if masked else None
    mine = attend(q, k, v, mask)
    other = nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    oracle = "F.scaled_dot_product_attention"
    compare(mine, other, oracle=oracle, what="forward", dtype=torch.float64)
    compare(gradients(mine, [q, k, v]), gradients(other, [q, k, v]), oracle=oracle, what="gradient")


def test_a_mask_that_hides_nothing_equals_none(compare: Any) -> None:
    q, k, v = (torch.randn(2, 3, n, 6, dtype=torch.float64) for n in (4, 7, 7))
    scores = torch.einsum("bhtd,bhsd->bhts", q, k) / 6**0.5
    hand = torch.einsum("bhts,bhsd->bhtd", scores.exp() / scores.exp().sum(-1, True), v)
    for mask in (None, torch.ones(4, 7).bool()):
        compare(attend(q, k, v, mask), hand, oracle="the formula", what="value")


def test_the_heart_computed_by_hand(compare: Any) -> None:
    x = torch.tensor([[[1.0, 3.0]]], dtype=torch.float64)
    norm = nn.LayerNorm(2, eps=0.0).double()
    after, before = (sublayer(x, lambda x: 2 * x, norm, order) for order in (False, True))
    # 3 and 9 become -1 and 1; and twice what 1 and 3 become, -1 and 1, is added to them.
    hand = torch.tensor([[[-1.0, 1.0]]]).double(), torch.tensor([[[-1.0, 5.0]]]).double()
    compare((after, before), hand, oracle="by hand", what="value")


@ORDERS
@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64], ids=str)
def test_a_row_that_sees_nothing_stays_finite(pre_norm: bool, dtype: torch.dtype) -> None:
    q = torch.randn(1, 2, 3, 4).to(dtype).requires_grad_()
    mask = torch.tensor([[True, False, True], [False] * 3, [True] * 3])
    out = attend(q, q, q, mask)
    assert not out[:, :, 1].any()
    assert out[:, :, 0].all()
    assert torch.autograd.grad(out.float().sum(), q)[0].isfinite().all()

    ours, x = EncoderLayer(4, 2, 3, pre_norm).to(dtype), torch.randn(1, 3, 4).to(dtype)
    out = ours(x.requires_grad_(), mask)
    out.float().square().sum().backward()
    assert out.isfinite().all() and x.grad.isfinite().all()
    assert all(weight.grad.isfinite().all() for weight in ours.parameters())


@ORDERS
@pytest.mark.parametrize("filler", [1e30, -1e30], ids=str)
def test_what_is_masked_never_matters(pre_norm: bool, filler: float) -> None:
    ours, _ = pair(DecoderLayer, (2, 4, 5, 6, 2, 7), pre_norm)
    x, memory = inputs((2, 4, 5, 6, 2, 7))
    seen = torch.tensor([[[True] * 5], [[True, True, False, True, False]]])
    other = memory.detach().masked_fill(~seen[:, 0, :, None], filler).requires_grad_()
    first, second = ours(x, memory, None, seen), ours(x, other, None, seen)
    assert torch.equal(first, second)
    gradient = torch.autograd.grad(second.square().sum(), other)[0]
    assert not gradient[~seen[:, 0]].any()
    assert gradient[seen[:, 0]].any(dim=-1).all()


def test_a_causal_mask_hides_what_is_ahead() -> None:
    ours, _ = pair(DecoderLayer, (1, 6, 3, 6, 2, 7), False)
    x, memory = inputs((1, 6, 3, 6, 2, 7))
    causal = torch.ones(6, 6).tril().bool()
    before = ours(x, memory, causal)
    for t in range(6):
        changed = x.detach().clone()
        changed[:, t] += 1
        after = ours(changed, memory, causal)
        assert torch.equal(before[:, :t], after[:, :t])
        assert (before[:, t:] != after[:, t:]).any(dim=-1).all()


@ORDERS
def test_order_of_positions_does_not_matter(pre_norm: bool, compare: Any) -> None:
    ours, _ = pair(EncoderLayer, (2, 6, 1, 6, 3, 7), pre_norm)
    x, _ = inputs((2, 6, 1, 6, 3, 7))
    order = torch.randperm(6)
    compare(
        ours(x[:, order]), ours(x)[:, order], oracle="its own answer, reordered", what="value",
        atol=1e-12,
    )  # fmt: skip


@ORDERS
def test_derivatives_agree_with_finite_differences(pre_norm: bool) -> None:
    ours, _ = pair(DecoderLayer, (2, 2, 3, 4, 2, 3), pre_norm)
    mask = torch.tensor([[True, False], [False, False]])
    assert torch.autograd.gradcheck(
        lambda x, memory: ours(x, memory, mask), inputs((2, 2, 3, 4, 2, 3))
    )


def test_pre_norm_leaves_a_way_around_every_layer() -> None:
    ours, _ = pair(EncoderLayer, (1, 3, 1, 6, 2, 7), True)
    for layer in (ours.attention[0].out, ours.ffn[-1]):
        for weight in layer.parameters():
            nn.init.zeros_(weight)
    x, _ = inputs((1, 3, 1, 6, 2, 7))
    assert torch.equal(ours(x), x)


def test_lengths_of_zero_have_an_answer() -> None:
    x, memory = torch.zeros(2, 0, 6), torch.zeros(2, 3, 6)
    assert EncoderLayer(6, 2, 7)(x).shape == (2, 0, 6)
    assert DecoderLayer(6, 2, 7)(x, memory).shape == (2, 0, 6)
    assert DecoderLayer(6, 2, 7)(memory, x).isfinite().all()
    assert EncoderLayer(6, 2, 7)(torch.zeros(0, 3, 6)).shape == (0, 3, 6)


X = torch.zeros(2, 4, 6)
BAD: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "wrong width": (lambda e, d: e(torch.zeros(2, 4, 5)), r"expected 6 features.*\(2, 4, 5\)"),
    "no batch": (lambda e, d: e(torch.zeros(4, 6)), r"expected 6 features.*got \(4, 6\)"),
    "memory of another width": (lambda e, d: d(X, torch.zeros(2, 3, 5)), r"\(2, T, 6\).*2, 3, 5"),
    "memory of another batch": (lambda e, d: d(X, torch.zeros(1, 3, 6)), r"\(2, T, 6\).*1, 3, 6"),
    "mask of numbers": (lambda e, d: e(X, torch.ones(4, 4)), r"bool mask.*got torch.float32"),
    "mask of other sizes": (
        lambda e, d: e(X, torch.ones(4, 3).bool()),
        r"expected a bool mask \(4, 4\) or \(2, 4, 4\), got torch.bool \(4, 3\)",
    ),
    "padding without its axis": (lambda e, d: e(X, torch.ones(2, 4).bool()), r"got.*\(2, 4\)"),
    "mask with heads": (lambda e, d: e(X, torch.ones(2, 1, 4, 4).bool()), r"got.*2, 1, 4, 4"),
    "mask of one row": (lambda e, d: e(X, torch.ones(4).bool()), r"got torch.bool \(4,\)"),
    "mask for the other side": (
        lambda e, d: d(X, torch.zeros(2, 3, 6), None, torch.ones(4, 4).bool()),
        r"expected a bool mask \(4, 3\)",
    ),
    "heads that do not divide": (lambda e, d: EncoderLayer(6, 4, 7), r"got \(6, 4, 7\)"),
    "no head": (lambda e, d: EncoderLayer(6, 0, 7), r"got \(6, 0, 7\)"),
    "no inner width": (lambda e, d: DecoderLayer(6, 2, 0), r"got \(6, 2, 0\)"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act(EncoderLayer(6, 2, 7), DecoderLayer(6, 2, 7))


TWINS: dict[str, dict[str, Any]] = {
    "other heads": {"nhead": 3},
    "other width": {"d_model": 8},
    "other inner width": {"dim_feedforward": 8},
    "other order": {"norm_first": True},
    "other activation": {"activation": "gelu"},
    "no bias": {"bias": False},
}


@pytest.mark.parametrize("case", TWINS)
def test_a_twin_that_differs_is_refused(case: str) -> None:
    twin = nn.TransformerEncoderLayer(
        **{"d_model": 6, "nhead": 2, "dim_feedforward": 7, **TWINS[case]}
    )
    with pytest.raises(ValueError, match=r"expected \(6, 2, 7\), pre_norm=False, got Transformer"):
        EncoderLayer(6, 2, 7).load_torch(twin)


def test_a_twin_of_the_other_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="got TransformerDecoderLayer"):
        EncoderLayer(6, 2, 7).load_torch(nn.TransformerDecoderLayer(6, 2, 7))
    with pytest.raises(ValueError, match="got TransformerEncoderLayer"):
        DecoderLayer(6, 2, 7).load_torch(nn.TransformerEncoderLayer(6, 2, 7))


@ORDERS
def test_nothing_given_is_changed_and_no_random_number_drawn(pre_norm: bool) -> None:
    ours, _ = pair(DecoderLayer, (2, 4, 5, 6, 2, 7), pre_norm)
    x, memory = inputs((2, 4, 5, 6, 2, 7))
    given = [x, memory, torch.ones(4, 4).tril().bool(), random_mask(2, 1, 5), *ours.parameters()]
    before, versions = [part.detach().clone() for part in given], [part._version for part in given]
    state = torch.get_rng_state()
    assert torch.equal(ours(*given[:4]), ours(*given[:4]))
    assert torch.equal(torch.get_rng_state(), state)
    assert all(torch.equal(a, b) for a, b in zip(given, before, strict=True))
    assert [part._version for part in given] == versions


def test_weights_survive_saving() -> None:
    ours, _ = pair(EncoderLayer, (2, 4, 1, 6, 2, 7), True)
    x, _ = inputs((2, 4, 1, 6, 2, 7))
    another = EncoderLayer(6, 2, 7, True).double()
    another.load_state_dict(ours.state_dict())
    assert torch.equal(another(x), ours(x))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16], ids=str)
def test_the_dtype_stays(dtype: torch.dtype) -> None:
    assert EncoderLayer(6, 2, 7).to(dtype)(torch.randn(2, 4, 6, dtype=dtype)).dtype == dtype


def test_single_precision_is_close_to_the_twin(compare: Any) -> None:
    twin = nn.TransformerEncoderLayer(6, 2, 7, dropout=0, batch_first=True)
    ours, x = EncoderLayer(6, 2, 7), torch.randn(3, 9, 6)
    ours.load_torch(twin)
    compare(
        ours(x), twin(x), oracle="nn.TransformerEncoderLayer", what="forward", atol=1e-5,
        dtype=torch.float32,
    )  # fmt: skip


def test_bfloat16_autocast_stays_near() -> None:
    ours, x = EncoderLayer(6, 2, 7, True), torch.randn(3, 9, 6, requires_grad=True)
    mask = torch.ones(9, 9).tril(-1).bool()  # the first row sees nothing
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = ours(x, mask)
    out.float().sum().backward()
    assert x.grad is not None and x.grad.isfinite().all()
    assert (out.float() - ours(x, mask)).abs().max() < 0.1


@pytest.mark.cuda
@ORDERS
def test_equals_itself_on_cuda(pre_norm: bool) -> None:
    ours, _ = pair(DecoderLayer, (2, 4, 5, 6, 2, 7), pre_norm)
    x, memory = inputs((2, 4, 5, 6, 2, 7))
    given = [x, memory, torch.ones(4, 4).tril().bool(), random_mask(2, 1, 5)]
    here = ours(*given)
    assert (here - ours.cuda()(*(part.cuda() for part in given)).cpu()).abs().max() < 1e-9


@pytest.fixture(scope="module")
def norms() -> Tensor:
    return transformer_layer.demo().norms


def test_the_orders_lean_to_opposite_ends(norms: Tensor) -> None:
    after, before = norms
    assert norms.shape == (2, 24) and (norms > 0.05).all()  # neither vanishes
    assert after[-6:].mean() > 2 * after[:6].mean()
    assert before[:6].mean() > 1.5 * before[-6:].mean()
    assert after[-6:].mean() > 3 * before[-6:].mean()


def test_the_demo_leaves_random_numbers_alone(norms: Tensor) -> None:
    before = torch.get_rng_state()
    again, other = transformer_layer.demo(0), transformer_layer.demo(1)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(again.norms, norms)
    assert not torch.equal(other.norms, norms)


def test_a_stack_that_guesses_evenly_loses_what_eight_tokens_cost() -> None:
    model = transformer_layer.Stack(2, True)
    for weight in model.head[1].parameters():
        nn.init.zeros_(weight)
    assert model.error(16).item() == pytest.approx(2.0794, abs=1e-4)
