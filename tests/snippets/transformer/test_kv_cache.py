"""Reading in pieces against reading at once, torch's layers, and fused attention."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from snippets.transformer import kv_cache
from snippets.transformer.kv_cache import CachedGPT, KVCache, append, attend

ORACLE = "one full forward"
CONTEXT = 12
# Pieces that a row is read in.
PIECES = [(12,), (1,) * 12, (5, 7), (7, 5), (1, 10, 1), (3, 1, 1, 4), (2, 0, 3)]

pytestmark = pytest.mark.filterwarnings("ignore:enable_nested_tensor")


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def model_of(D: int = 6, heads: int = 3, layers: int = 2) -> CachedGPT:
    """One of seven tokens whose weights are far from zero, in float64."""
    model = CachedGPT(7, CONTEXT, D, heads, layers).double()
    for weight in model.parameters():
        nn.init.normal_(weight, std=0.5)
    return model


def read(model: CachedGPT, u: Tensor, pieces: tuple[int, ...]) -> tuple[Tensor, KVCache]:
    """All logits of u, a piece at a time."""
    parts, cache = [], None
    for piece in u.split(pieces, dim=1):
        z, cache = model(piece, cache)
        parts.append(z)
    assert cache is not None
    return torch.cat(parts, dim=1), cache


def gradients(out: Tensor, of: list[Tensor]) -> list[Tensor]:
    """Those of a sum in which every number has a weight of its own."""
    total = (out * torch.linspace(-1, 2, out.numel(), dtype=out.dtype).view_as(out)).sum()
    return list(torch.autograd.grad(total, of))


@pytest.mark.parametrize("pieces", PIECES, ids=str)
@pytest.mark.parametrize("B", [1, 3])
@pytest.mark.parametrize("layers", [1, 3])
def test_pieces_equal_one_full_forward(
    pieces: tuple[int, ...], B: int, layers: int, compare: Any
) -> None:
    model, u = model_of(layers=layers), torch.randint(7, (B, sum(pieces)))
    (mine, cache), (other, whole) = read(model, u, pieces), model(u)
    compare(mine, other, oracle=ORACLE, what="forward", dtype=torch.float64)
    compare(cache.pairs, whole.pairs, oracle=ORACLE, what="state", dtype=torch.float64)
    weights = list(model.parameters())
    compare(
        gradients(mine, weights), gradients(other, weights), oracle=ORACLE, what="gradient",
        dtype=torch.float64,
    )  # fmt: skip


@pytest.mark.parametrize(("D", "heads", "layers"), [(2, 1, 1), (6, 3, 2), (8, 8, 3)])
def test_equals_the_layers_of_torch(D: int, heads: int, layers: int, compare: Any) -> None:
    model, u = model_of(D, heads, layers), torch.randint(7, (2, 9))
    layer = nn.TransformerEncoderLayer(
        D, heads, 4 * D, dropout=0.0, batch_first=True, norm_first=True
    )
    twin = nn.TransformerEncoder(layer, layers, nn.LayerNorm(D)).double()
    parts = [
        part
        for block in model.blocks
        for part in (block.qkv, block.out, block.ffn, block.norm1, block.norm2)
    ]
    ours = [weight for part in (*parts, model.norm) for weight in part.parameters()]
    with torch.no_grad():
        for weight, its in zip(twin.parameters(), ours, strict=True):
            weight.copy_(its)
    hidden = torch.ones(9, 9).triu(1).bool()
    told = F.linear(twin(model.tokens[u] + model.places[:9], mask=hidden), model.tokens)
    oracle = "nn.TransformerEncoder, causal"
    compare(read(model, u, (4, 1, 4))[0], told, oracle=oracle, what="forward", dtype=torch.float64)


@pytest.mark.parametrize(("T", "S"), [(1, 1), (1, 6), (3, 6), (6, 6)])
def test_attention_equals_the_fused_one(T: int, S: int, compare: Any) -> None:
    q, k, v = (torch.randn(2, 3, n, 4, dtype=torch.float64, requires_grad=True) for n in (T, S, S))
    seen = torch.arange(S) <= torch.arange(S - T, S)[:, None]
    mine = attend(q, k, v)
    other = F.scaled_dot_product_attention(q, k, v, attn_mask=seen)
    oracle = "F.scaled_dot_product_attention"
    compare(mine, other, oracle=oracle, what="forward", dtype=torch.float64)
    compare(gradients(mine, [q, k, v]), gradients(other, [q, k, v]), oracle=oracle, what="gradient")


def test_the_flag_is_causal_cuts_at_the_other_corner() -> None:
    q, k, v = (torch.randn(1, 1, n, 4, dtype=torch.float64) for n in (1, 6, 6))
    flagged = F.scaled_dot_product_attention(q, k, v, is_causal=True)
    assert (flagged - v[:, :, :1]).abs().max() < 1e-12  # it sees the first of six only
    assert (flagged - attend(q, k, v)).abs().max() > 0.1


def test_what_is_kept_does_not_change() -> None:
    model, u = model_of(), torch.randint(7, (2, 9))
    _, early = model(u[:, :4])
    _, late = model(u[:, 4:], early)
    assert (len(KVCache()), len(early), len(late)) == (0, 4, 9)
    for (k, v), (longer_k, longer_v) in zip(early.pairs, late.pairs, strict=True):
        assert torch.equal(longer_k[:, :, :4], k)
        assert torch.equal(longer_v[:, :, :4], v)


def test_one_cache_may_go_on_in_two_ways(compare: Any) -> None:
    model, u = model_of(), torch.randint(7, (2, 4))
    _, cache = model(u)
    for last in (1, 5):
        more = torch.full((2, 1), last)
        whole = model(torch.cat([u, more], dim=1))[0][:, -1:]
        compare(model(more, cache)[0], whole, oracle=ORACLE, what="value", dtype=torch.float64)


def test_append_puts_the_old_first() -> None:
    k, v = torch.ones(1, 2, 3, 4), torch.zeros(1, 2, 3, 4)
    assert append(None, k, v) == (k, v)
    both = append((k, v), 2 * k, v + 3)
    assert both[0][0, 0, :, 0].tolist() == [1, 1, 1, 2, 2, 2]
    assert both[1][0, 0, :, 0].tolist() == [0, 0, 0, 3, 3, 3]


def test_greedy_writes_what_full_passes_would() -> None:
    model, u = model_of(), torch.randint(7, (3, 4))
    written = model.greedy(u, 8)
    slow = u
    for _ in range(8):
        slow = torch.cat([slow, model(slow)[0][:, -1:].argmax(dim=2)], dim=1)
    assert torch.equal(written, slow)
    assert torch.equal(model.greedy(u, 0), u)


def cache_of(model: CachedGPT, B: int, P: int) -> KVCache:
    return model(torch.zeros(B, P).long())[1]


def tokens(*shape: int) -> Tensor:
    return torch.zeros(shape).long()


BAD: dict[str, tuple[Callable[[CachedGPT], Any], str]] = {
    "too many at once": (lambda m: m(tokens(2, 13)), r"T up to 12 after 0, got \(2, 13\)"),
    "too many in the end": (
        lambda m: m(tokens(2, 3), cache_of(m, 2, 10)), r"T up to 2 after 10, got \(2, 3\)"
    ),
    "written beyond": (lambda m: m.greedy(tokens(2, 10), 4), "T up to 0 after 12"),
    "no batch": (lambda m: m(tokens(3)), r"expected u .*got \(3,\)"),
    "cache of another batch": (
        lambda m: m(tokens(3, 1), cache_of(m, 2, 4)), r"expected u \(2, T\).*got \(3, 1\)"
    ),
    "heads that do not divide": (lambda m: CachedGPT(7, 8, 6, 4, 2), r"got \(7, 8, 6, 4, 2\)"),
    "no layer": (lambda m: CachedGPT(7, 8, 6, 2, 0), r"got \(7, 8, 6, 2, 0\)"),
    "nothing to go on": (lambda m: m.greedy(tokens(2, 0), 1), "at least one token"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act(model_of())


def test_nothing_given_is_changed_and_no_random_number_drawn() -> None:
    model, u = model_of(), torch.randint(7, (2, 5))
    cache = cache_of(model, 2, 4)
    given = [u, *model.parameters(), *(part for pair in cache.pairs for part in pair)]
    before, versions = [part.detach().clone() for part in given], [part._version for part in given]
    state = torch.get_rng_state()
    assert torch.equal(model(u, cache)[0], model(u, cache)[0])
    model.greedy(u, 3)
    assert torch.equal(torch.get_rng_state(), state)
    assert all(torch.equal(a, b) for a, b in zip(given, before, strict=True))
    assert [part._version for part in given] == versions


def test_weights_survive_saving() -> None:
    model, u = model_of(), torch.randint(7, (2, 5))
    another = CachedGPT(7, CONTEXT, 6, 3, 2).double()
    another.load_state_dict(model.state_dict())
    assert torch.equal(another(u)[0], model(u)[0])


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32], ids=str)
def test_the_dtype_stays(dtype: torch.dtype) -> None:
    z, cache = read(CachedGPT(7, 8, 6, 2, 2).to(dtype), torch.randint(7, (2, 5)), (2, 3))
    assert z.isfinite().all()
    assert {z.dtype, *(part.dtype for pair in cache.pairs for part in pair)} == {dtype}


def test_bfloat16_autocast_stays_near() -> None:
    model, u = CachedGPT(7, 8, 6, 2, 2), torch.randint(7, (2, 5))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        z, _ = read(model, u, (2, 3))
    z.float().sum().backward()
    assert all(weight.grad.isfinite().all() for weight in model.parameters())
    assert (z.float() - model(u)[0]).abs().max() < 0.1


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    model, u = model_of(), torch.randint(7, (2, 9))
    here, _ = read(model, u, (4, 1, 4))
    there, _ = read(model.cuda(), u.cuda(), (4, 1, 4))
    assert (here - there.cpu()).abs().max() < 1e-9


@pytest.fixture(scope="module")
def costs() -> kv_cache.Costs:
    return kv_cache.demo()


def test_the_counts_are_those_worked_out_by_hand(costs: kv_cache.Costs) -> None:
    D, layers, V = 64, 4, 64
    for P, again, cached in zip(costs.lengths, costs.again, costs.cached, strict=True):
        S = P + 1
        # Four matrices of D by D and two of D by 4 D; scores and what they mix; the last table.
        assert cached == pytest.approx((layers * (12 * D * D + 2 * S * D) + V * D) / 1e6)
        assert again == pytest.approx(S * (layers * (12 * D * D + 2 * S * D) + V * D) / 1e6)


def test_the_demo_leaves_random_numbers_alone(costs: kv_cache.Costs) -> None:
    before = torch.get_rng_state()
    again = kv_cache.demo()
    assert torch.equal(torch.get_rng_state(), before)
    assert (again.again, again.cached) == (costs.again, costs.cached)
