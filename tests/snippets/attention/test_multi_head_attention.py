"""Multi-head attention against nn.MultiheadAttention with copied weights, on both of its paths."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from snippets.attention import multi_head_attention
from snippets.attention.multi_head_attention import MultiHeadAttention

Sizes = tuple[int, int, int, int, int]

ORACLE = "nn.MultiheadAttention"
# Batch, T, S, D, heads: the smallest, odd ones, one head, heads of one number, a long one.
SIZES = [(1, 1, 1, 1, 1), (3, 5, 7, 6, 2), (2, 4, 3, 5, 1), (2, 3, 4, 3, 3), (1, 33, 20, 12, 4)]
ALL_SIZES = pytest.mark.parametrize("sizes", SIZES, ids=str)
FUSED = pytest.mark.parametrize("fused", [False, True], ids=["explicit", "fused"])
MASKED = pytest.mark.parametrize("masked", [False, True], ids=["all", "masked"])


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def pair(D: int, heads: int) -> tuple[MultiHeadAttention, nn.MultiheadAttention]:
    """Ours and its twin with the same weights, none of them zero, in float64."""
    twin = nn.MultiheadAttention(D, heads, batch_first=True).double()
    for bias in (twin.in_proj_bias, twin.out_proj.bias):
        nn.init.normal_(bias)
    ours = MultiHeadAttention(D, heads).double()
    ours.load_torch(twin)
    return ours, twin


def sequences(sizes: Sizes) -> list[Tensor]:
    B, T, S, D, _ = sizes
    return [torch.randn(B, n, D, dtype=torch.float64).requires_grad_() for n in (T, S, S)]


def some(B: int, heads: int, T: int, S: int) -> Tensor:
    """A mask of its own for each head, that leaves every row something to look at."""
    return (torch.rand(B, heads, T, S) < 0.5) | (torch.arange(T)[:, None] % S == torch.arange(S))


def theirs(
    twin: nn.MultiheadAttention, given: list[Tensor], mask: Tensor | None
) -> tuple[Tensor, Tensor]:
    """What the twin says, whose masks are True where one may NOT look."""
    hidden = (
        None if mask is None else ~mask.expand(mask.shape[0], twin.num_heads, -1, -1).flatten(0, 1)
    )
    return twin(*given, attn_mask=hidden, average_attn_weights=False)  # fmt: skip


def gradients(out: Tensor, of: list[Tensor]) -> list[Tensor]:
    """Those of a sum in which every number has a weight of its own."""
    total = (out * torch.linspace(-1, 2, out.numel(), dtype=out.dtype).view_as(out)).sum()
    return list(torch.autograd.grad(total, of))


def twin_weights(twin: nn.MultiheadAttention) -> list[Tensor]:
    return [twin.in_proj_weight, twin.in_proj_bias, twin.out_proj.weight, twin.out_proj.bias]


@ALL_SIZES
@MASKED
@FUSED
def test_equals_the_twin(sizes: Sizes, masked: bool, fused: bool, compare: Any) -> None:
    B, T, S, D, heads = sizes
    ours, twin = pair(D, heads)
    given, mask = sequences(sizes), some(B, heads, T, S) if masked else None
    (mine, weights), (other, shown) = ours(*given, mask, fused=fused), theirs(twin, given, mask)
    compare(mine, other, oracle=ORACLE, what="forward", dtype=torch.float64)
    compare(
        gradients(mine, [*given, *ours.parameters()]),
        gradients(other, [*given, *twin_weights(twin)]),
        oracle=ORACLE, what="gradient", dtype=torch.float64,
    )  # fmt: skip
    if fused:
        assert weights is None
    else:
        compare(weights, shown, oracle=f"{ORACLE}, weights", what="value", dtype=torch.float64)


@FUSED
def test_self_attention_takes_one_product_and_says_the_same(fused: bool, compare: Any) -> None:
    ours, twin = pair(6, 3)
    x = torch.randn(2, 5, 6, dtype=torch.float64, requires_grad=True)
    (mine, _), (other, _) = ours(x, x, x, fused=fused), theirs(twin, [x, x, x], None)
    compare(mine, other, oracle=ORACLE, what="forward", dtype=torch.float64)
    compare(
        gradients(mine, [x, *ours.parameters()]), gradients(other, [x, *twin_weights(twin)]),
        oracle=ORACLE, what="gradient", dtype=torch.float64,
    )  # fmt: skip
    apart, _ = ours(x, x.clone(), x.clone(), fused=fused)
    compare(mine, apart, oracle="three products", what="value", atol=1e-12)


@FUSED
@pytest.mark.parametrize("shape", [(2, 1, 1, 4), (1, 3, 5, 1), (5, 4), (4,), (1, 1)], ids=str)
def test_a_mask_may_be_broadcast(shape: tuple[int, ...], fused: bool, compare: Any) -> None:
    ours, _ = pair(6, 3)
    given, mask = sequences((2, 5, 4, 6, 3)), torch.rand(shape) < 0.6
    whole = mask.expand(2, 3, 5, 4).clone()
    compare(
        ours(*given, mask, fused=fused)[0], ours(*given, whole)[0],
        oracle="the mask written out", what="value", atol=1e-12,
    )  # fmt: skip


def test_padding_equals_the_twins_key_padding_mask(compare: Any) -> None:
    ours, twin = pair(6, 3)
    given, real = sequences((2, 5, 4, 6, 3)), torch.arange(4) < torch.tensor([[4], [2]])
    other, _ = twin(*given, key_padding_mask=~real)
    for fused in (False, True):
        mine, _ = ours(*given, real[:, None, None], fused=fused)
        compare(mine, other, oracle=f"{ORACLE}, padding", what="forward", dtype=torch.float64)


@FUSED
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_rows_that_may_look_nowhere_attend_to_nothing(dtype: torch.dtype, fused: bool) -> None:
    model = MultiHeadAttention(6, 2).to(dtype)
    given = [part.detach().to(dtype).requires_grad_() for part in sequences((2, 3, 4, 6, 2))]
    mask = torch.ones(2, 1, 3, 4, dtype=torch.bool)
    mask[0, :, 1] = mask[1] = False
    out, weights = model(*given, mask, fused=fused)
    assert out.dtype == dtype and out.isfinite().all()
    assert torch.equal(out[0, 1], model.W_o.bias) and (out[1] == model.W_o.bias).all()
    assert not torch.equal(out[0, 0], model.W_o.bias)
    assert fused or (not weights[1].any() and not weights[0, :, 1].any())
    slopes = gradients(out, [*given, *model.parameters()])
    assert all(slope.isfinite().all() for slope in slopes)
    assert not any(slope[1].any() for slope in slopes[:3]) and not slopes[0][0, 1].any()


def test_weights_are_rows_of_sum_one_and_exactly_zero_where_masked() -> None:
    ours, mask = MultiHeadAttention(6, 3).double(), some(2, 3, 5, 4)
    _, weights = ours(*sequences((2, 5, 4, 6, 3)), mask)
    assert weights.shape == (2, 3, 5, 4) and not weights[~mask].any()
    assert torch.allclose(weights.sum(dim=-1), torch.ones(2, 3, 5, dtype=torch.float64))


@FUSED
def test_shuffled_words_give_shuffled_results(fused: bool, compare: Any) -> None:
    ours, x, order = (
        MultiHeadAttention(6, 3).double(),
        torch.randn(2, 9, 6).double(),
        torch.randperm(9),
    )
    moved = x[:, order]  # fmt: skip
    compare(
        ours(moved, moved, moved, fused=fused)[0], ours(x, x, x, fused=fused)[0][:, order],
        oracle="the same words in another order", what="value", atol=1e-12,
    )  # fmt: skip


def test_derivatives_agree_with_finite_differences() -> None:
    ours, given, mask = (
        MultiHeadAttention(4, 2).double(),
        sequences((1, 2, 3, 4, 2)),
        some(1, 2, 2, 3),
    )
    mask[0, 0, 1] = False  # fmt: skip
    assert torch.autograd.gradcheck(lambda *qkv: ours(*qkv, mask), given)
    assert torch.autograd.gradcheck(lambda *qkv: ours(*qkv, mask, fused=True)[0], given)


@FUSED
def test_nothing_to_look_at_and_nobody_looking(fused: bool) -> None:
    ours, x = MultiHeadAttention(6, 3), torch.randn(2, 4, 6)
    assert ours(x[:, :0], x, x, fused=fused)[0].shape == (2, 0, 6)
    assert ours(x[:0], x[:0], x[:0], fused=fused)[0].shape == (0, 4, 6)
    assert (ours(x, x[:, :0], x[:, :0], fused=fused)[0] == ours.W_o.bias).all()


def zeros(*shapes: tuple[int, ...]) -> list[Tensor]:
    return [torch.zeros(shape) for shape in shapes]


X = torch.zeros(2, 3, 6)
BAD: dict[str, tuple[Callable[[MultiHeadAttention], Any], str]] = {
    "wrong width": (lambda m: m(*zeros((2, 3, 5), (2, 4, 6), (2, 4, 6))), r"got \[\(2, 3, 5\)"),
    "fewer values": (lambda m: m(*zeros((2, 3, 6), (2, 4, 6), (2, 3, 6))), r"\(2, 3, 6\)\]"),
    "another batch": (lambda m: m(*zeros((2, 3, 6), (1, 3, 6), (1, 3, 6))), r"\(1, 3, 6\)\]"),
    "no batch": (lambda m: m(*zeros((3, 6), (3, 6), (3, 6))), r"got \[\(3, 6\)"),
    "one vector": (lambda m: m(*zeros((6,), (6,), (6,))), r"got \[\(6,\)"),
    "numbers for a mask": (
        lambda m: m(X, X, X, torch.zeros(3, 3)), r"bools for \(2, 2, 3, 3\), got torch.float32 \(3"
    ),
    "mask of another length": (
        lambda m: m(X, X, X, torch.ones(3, 4).bool()), r"bools for \(2, 2, 3, 3\), got.*\(3, 4\)"
    ),
    "padding that would be taken for rows": (
        lambda m: m(X, X, X, torch.ones(2, 3).bool()), r"bools for \(2, 2, 3, 3\), got.*\(2, 3\)"
    ),
    "mask of five axes": (lambda m: m(X, X, X, torch.ones(1, 1, 1, 3, 3).bool()), r"\(1, 1, 1, 3"),
    "heads do not divide": (lambda m: MultiHeadAttention(6, 4), "divide d_model, got 4 of 6"),
    "no head": (lambda m: MultiHeadAttention(6, 0), "got 0 of 6"),
    "no width": (lambda m: MultiHeadAttention(0, 1), "got 1 of 0"),
    "wider twin": (lambda m: m.load_torch(nn.MultiheadAttention(8, 2)), r"\(6, 2\), got.*\(8, 2\)"),
    "twin of other heads": (lambda m: m.load_torch(nn.MultiheadAttention(6, 3)), r"of \(6, 3\)"),
    "twin of no bias": (
        lambda m: m.load_torch(nn.MultiheadAttention(6, 2, bias=False)), "got.*'out_proj.weight'"
    ),
    "twin of unpacked weights": (
        lambda m: m.load_torch(nn.MultiheadAttention(6, 2, kdim=4)), "got.*'k_proj_weight'"
    ),
    "twin with a key of its own": (
        lambda m: m.load_torch(nn.MultiheadAttention(6, 2, add_bias_kv=True)), "got.*'bias_k'"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act(MultiHeadAttention(6, 2))


@FUSED
def test_nothing_given_is_changed(fused: bool) -> None:
    ours, mask = MultiHeadAttention(6, 2).double(), some(2, 2, 3, 4)
    given = [*sequences((2, 3, 4, 6, 2)), mask, *ours.parameters()]
    before, versions = [part.detach().clone() for part in given], [part._version for part in given]
    ours(*given[:4], fused=fused)
    assert all(torch.equal(a, b) for a, b in zip(given, before, strict=True))
    assert [part._version for part in given] == versions


def test_the_answer_repeats_and_draws_no_random_number() -> None:
    ours, x = MultiHeadAttention(6, 2), torch.randn(2, 3, 6)
    before = torch.get_rng_state()
    assert torch.equal(ours(x, x, x)[0], ours(x, x, x)[0])
    assert torch.equal(torch.get_rng_state(), before)


def test_weights_survive_saving() -> None:
    ours, another, x = MultiHeadAttention(6, 2), MultiHeadAttention(6, 2), torch.randn(2, 3, 6)
    another.load_state_dict(ours.state_dict())
    assert torch.equal(another(x, x, x)[0], ours(x, x, x)[0])


@FUSED
def test_bfloat16_autocast_stays_near(fused: bool) -> None:
    ours, x = MultiHeadAttention(6, 2), torch.randn(2, 3, 6, requires_grad=True)
    mask = torch.ones(3, 3, dtype=torch.bool).tril()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out, _ = ours(x, x, x, mask, fused=fused)
    out.float().sum().backward()
    assert x.grad is not None and x.grad.isfinite().all()
    assert (out.float() - ours(x, x, x, mask)[0]).abs().max() < 0.05


@pytest.mark.cuda
@FUSED
def test_equals_itself_on_cuda(fused: bool) -> None:
    ours, given, mask = (
        MultiHeadAttention(6, 2).double(),
        sequences((2, 3, 4, 6, 2)),
        some(2, 2, 3, 4),
    )
    mask[1, :, 2] = False  # fmt: skip
    here, _ = ours(*given, mask, fused=fused)
    there, _ = ours.cuda()(*(part.cuda() for part in given), mask.cuda(), fused=fused)
    assert (here - there.cpu()).abs().max() < 1e-9


@pytest.fixture(scope="module")
def result() -> multi_head_attention.Result:
    return multi_head_attention.demo()


def test_the_demo_reaches_its_bar(result: multi_head_attention.Result) -> None:
    assert result.metric <= result.expected < result.chance


def test_every_place_wanted_is_looked_at_by_some_head(result: multi_head_attention.Result) -> None:
    letters, places = multi_head_attention.SHOWN[0], torch.arange(8)
    partner = (letters[:, None] == letters).int().fill_diagonal_(0).argmax(dim=1)
    for wanted in (places - 1, 7 - places, 0 * places, partner):
        assert (result.weights[:, places, wanted].amax(dim=0) > 0.15).all()


def test_the_four_numbers_are_what_is_said_of_them() -> None:
    x, y = multi_head_attention.rows(multi_head_attention.SHOWN)
    number = x[0, :, -1]
    assert torch.equal(y[0, :, 0], number[[7, 0, 1, 2, 3, 4, 5, 6]])
    assert torch.equal(y[0, :, 1], number[[7, 6, 5, 4, 3, 2, 1, 0]])
    assert torch.equal(y[0, :, 2], number[[0] * 8])
    assert torch.equal(y[0, :, 3], number[[5, 2, 1, 7, 6, 0, 4, 3]])


def test_the_demo_leaves_random_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    layers = nn.ModuleList([nn.Linear(13, 32), MultiHeadAttention(32, 4), nn.Linear(32, 4)])
    monkeypatch.setattr(multi_head_attention, "train", lambda: (layers, []))
    before = torch.get_rng_state()
    first, again, other = (multi_head_attention.demo(seed) for seed in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), before)
    assert first.metric == again.metric != other.metric


def test_one_head_cannot_do_the_work_of_four() -> None:
    _, errors = multi_head_attention.train(heads=1)
    assert min(errors) > 5 * multi_head_attention.Result.expected
