"""The Transformer against nn.Transformer with copied weights, and against what is said about it."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from snippets.transformer import transformer
from snippets.transformer.transformer import Transformer, positions

Sizes = tuple[int, int, int, int, int, int, int]

ORACLE = "nn.Transformer"
# Batch, source, target, width, heads, inner width, layers: the smallest, odd ones, deep ones.
SIZES = [
    (1, 1, 1, 2, 1, 1, 1),
    (3, 5, 4, 6, 3, 7, 2),
    (2, 7, 9, 8, 2, 5, 3),
    (1, 3, 12, 9, 3, 8, 1),
]
ALL_SIZES = pytest.mark.parametrize("sizes", SIZES, ids=str)
pytestmark = pytest.mark.filterwarnings("ignore:enable_nested_tensor")
PADDED = pytest.mark.parametrize("padded", [False, True], ids=["full", "padded"])


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def pair(sizes: Sizes) -> tuple[Transformer, nn.Transformer]:
    """Ours, of seven tokens, and its twin with the same weights, none zero or one, in float64."""
    *_, D, heads, d_ff, layers = sizes
    twin = nn.Transformer(D, heads, layers, layers, d_ff, dropout=0.0, batch_first=True).double()
    for weight in twin.parameters():
        nn.init.normal_(weight, std=0.5)
    ours = Transformer(7, D, heads, d_ff, layers).double()
    ours.load_torch(twin)
    return ours, twin


def rows(sizes: Sizes, padded: bool) -> tuple[Tensor, Tensor, Tensor | None]:
    B, S, T, *_ = sizes
    real = torch.arange(S) < torch.randint(1, S + 1, (B, 1)) if padded else None
    return torch.randint(7, (B, S)), torch.randint(7, (B, T)), real


def told(ours: Transformer, twin: nn.Transformer, source: Tensor, y: Tensor, real: Any) -> Tensor:
    """What the twin says of the same vectors; torch's masks are True where one may not look."""
    hidden = None if real is None else ~real
    late = torch.cat([torch.full((len(y), 1), 7), y[:, :-1]], dim=1)
    out = twin(
        ours.embed(source), ours.embed(late),
        tgt_mask=torch.ones(y.shape[1], y.shape[1]).triu(1).bool(),
        src_key_padding_mask=hidden, memory_key_padding_mask=hidden,
    )  # fmt: skip
    return ours.head(out)


def gradients(out: Tensor, of: list[Tensor]) -> list[Tensor]:
    """Those of a sum in which every number has a weight of its own."""
    total = (out * torch.linspace(-1, 2, out.numel(), dtype=out.dtype).view_as(out)).sum()
    return list(torch.autograd.grad(total, of))


@ALL_SIZES
@PADDED
def test_equals_the_twin(sizes: Sizes, padded: bool, compare: Any) -> None:
    ours, twin = pair(sizes)
    source, target, real = rows(sizes, padded)
    mine, other = ours(source, target, real), told(ours, twin, source, target, real)
    compare(mine, other, oracle=ORACLE, what="forward", dtype=torch.float64)
    shared = [*ours.table.parameters(), *ours.head.parameters()]
    compare(
        gradients(mine, [*list(ours.parameters())[:-3], *shared]),
        gradients(other, [*twin.parameters(), *shared]),
        oracle=ORACLE, what="gradient", dtype=torch.float64,
    )  # fmt: skip


@pytest.mark.parametrize("D", [1, 2, 5, 8])
def test_positions_equal_the_closed_form(D: int, compare: Any) -> None:
    x = torch.zeros(1, 50, D, dtype=torch.float64)
    closed = [
        [(math.cos if k % 2 else math.sin)(t / 10000 ** ((k - k % 2) / D)) for k in range(D)]
        for t in range(50)
    ]
    compare(
        positions(x), torch.tensor(closed, dtype=torch.float64), oracle="the closed form",
        what="value", atol=1e-12,
    )  # fmt: skip
    assert (positions(x.float()) - positions(x)).abs().max() < 1e-6  # far out too


def test_tokens_are_scaled_and_placed(compare: Any) -> None:
    ours, _ = pair((1, 3, 1, 4, 2, 5, 1))
    tokens = torch.tensor([[2, 2, 7]])
    hand = 2 * F.embedding(tokens, ours.table.weight) + positions(torch.zeros(1, 3, 4).double())
    compare(ours.embed(tokens), hand, oracle="by hand", what="value")


def test_the_decoder_sees_neither_its_answer_nor_what_follows() -> None:
    sizes = (1, 5, 6, 6, 2, 7, 2)
    ours, _ = pair(sizes)
    source, target, _ = rows(sizes, False)
    before = ours(source, target)
    for t in range(6):
        changed = target.clone()
        changed[0, t] = (changed[0, t] + 1) % 7
        after = ours(source, changed)
        assert torch.equal(before[:, : t + 1], after[:, : t + 1])
        assert (before[:, t + 1 :] != after[:, t + 1 :]).any(dim=2).all()


def test_padding_never_matters(compare: Any) -> None:
    sizes = (3, 6, 4, 6, 2, 7, 2)
    ours, _ = pair(sizes)
    source, target, _ = rows(sizes, False)
    lengths = torch.tensor([6, 2, 1])
    real = torch.arange(6) < lengths[:, None]
    together = ours(source, target, real)
    filled = source.masked_fill(~real, 3)
    assert torch.equal(ours(filled, target, real), together)
    for b, n in enumerate(lengths):
        alone = ours(source[b : b + 1, :n], target[b : b + 1])
        compare(together[b : b + 1], alone, oracle="the row alone", what="value", atol=1e-12)
        greedy = ours.greedy(source[b : b + 1, :n], 5)
        assert torch.equal(ours.greedy(filled, 5, real)[b : b + 1], greedy)


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64], ids=str)
def test_a_row_of_padding_only_stays_finite(dtype: torch.dtype) -> None:
    ours = Transformer(7, 4, 2, 3, 2).to(dtype)
    source, target = torch.randint(7, (2, 3)), torch.randint(7, (2, 4))
    real = torch.tensor([[True] * 3, [False] * 3])
    out = ours(source, target, real)
    out.float().square().sum().backward()
    assert out.dtype == dtype and out.isfinite().all()
    assert all(weight.grad.isfinite().all() for weight in ours.parameters())
    # All weights are 0, and so is what attention makes of it, but for its last bias.
    attention, x = ours.encoder[0].attention[0], torch.randn(1, 3, 4).to(dtype)
    made, weights = attention(x, x, real[1:, None, None])
    assert not weights.any()
    assert (made == attention.out.bias).all()


def test_weights_are_of_what_may_be_seen_and_sum_to_one() -> None:
    ours, _ = pair((1, 6, 1, 6, 3, 7, 1))
    x = torch.randn(2, 6, 6, dtype=torch.float64)
    mask = torch.ones(6, 6).tril().bool()
    _, weights = ours.encoder[0].attention[0](x, x, mask)
    assert weights.shape == (2, 3, 6, 6)
    assert not weights[..., ~mask].any()
    assert (weights.sum(dim=-1) - 1).abs().max() < 1e-12


def test_greedy_takes_the_likeliest_that_training_would_give() -> None:
    sizes = (3, 5, 6, 6, 2, 7, 2)
    ours, _ = pair(sizes)
    source, _, real = rows(sizes, True)
    written = ours.greedy(source, 6, real)
    assert written.shape == (3, 6)
    assert torch.equal(ours(source, written, real).argmax(dim=2), written)
    assert torch.equal(ours.greedy(source, 4, real), written[:, :4])
    assert ours.greedy(source, 0).shape == (3, 0)


def test_an_empty_target_and_an_empty_source_have_an_answer() -> None:
    ours = Transformer(7, 4, 2, 3, 1)
    assert ours(torch.zeros(2, 3).long(), torch.zeros(2, 0).long()).shape == (2, 0, 7)
    assert ours(torch.zeros(2, 0).long(), torch.zeros(2, 3).long()).isfinite().all()


def ids(*shape: int, of: int = 1) -> Tensor:
    return torch.full(shape, of)


BAD: dict[str, tuple[Callable[[Transformer], Any], str]] = {
    "token beyond": (lambda m: m(ids(2, 3, of=8), ids(2, 3)), r"0 to 7, got \(2, 3\)"),
    "token below": (lambda m: m(ids(2, 3, of=-1), ids(2, 3)), r"expected \(B, T\) of 0 to 7"),
    "no batch": (lambda m: m(ids(3), ids(2, 3)), r"expected \(B, T\).*got \(3,\)"),
    "target of no batch": (lambda m: m.decode(ids(3), *m.encode(ids(2, 3))), r"got \(3,\)"),
    "real of other sizes": (
        lambda m: m(ids(2, 3), ids(2, 3), torch.ones(2, 4).bool()), r"\(2, 3\), got \(2, 4\)"
    ),
    "real of numbers": (lambda m: m(ids(2, 3), ids(2, 3), ids(2, 3)), r"expected bools"),
    "heads that do not divide": (lambda m: Transformer(7, 6, 4, 3, 1), r"got \(7, 6, 4, 3, 1\)"),
    "no layer": (lambda m: Transformer(7, 4, 2, 3, 0), r"got \(7, 4, 2, 3, 0\)"),
    "no token": (lambda m: Transformer(0, 4, 2, 3, 1), r"got \(0, 4, 2, 3, 1\)"),
    "deeper twin": (lambda m: m.load_torch(nn.Transformer(4, 2, 2, 2, 3)), "got Transformer"),
    "wider twin": (lambda m: m.load_torch(nn.Transformer(8, 2, 1, 1, 3)), r"\(4, 2, 3, 1\)"),
    "twin of other heads": (lambda m: m.load_torch(nn.Transformer(4, 1, 1, 1, 3)), "expected"),
    "twin of the other order": (
        lambda m: m.load_torch(nn.Transformer(4, 2, 1, 1, 3, norm_first=True)), "norm_first=False"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act(Transformer(7, 4, 2, 3, 1))


def test_nothing_given_is_changed_and_no_random_number_drawn() -> None:
    sizes = (2, 5, 4, 6, 2, 7, 2)
    ours, _ = pair(sizes)
    given = [*rows(sizes, True), *ours.parameters()]
    before, versions = [part.detach().clone() for part in given], [part._version for part in given]
    state = torch.get_rng_state()
    assert torch.equal(ours(*given[:3]), ours(*given[:3]))
    ours.greedy(given[0], 3, given[2])
    assert torch.equal(torch.get_rng_state(), state)
    assert all(torch.equal(a, b) for a, b in zip(given, before, strict=True))
    assert [part._version for part in given] == versions


def test_weights_survive_saving() -> None:
    sizes = (2, 5, 4, 6, 2, 7, 2)
    ours, _ = pair(sizes)
    another = Transformer(7, 6, 2, 7, 2).double()
    another.load_state_dict(ours.state_dict())
    source, target, real = rows(sizes, True)
    assert torch.equal(another(source, target, real), ours(source, target, real))


def test_bfloat16_autocast_stays_near() -> None:
    ours = Transformer(7, 8, 2, 8, 1)
    source, target, real = rows((3, 5, 4, 8, 2, 8, 1), True)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = ours(source, target, real)
    out.float().sum().backward()
    assert all(weight.grad.isfinite().all() for weight in ours.parameters())
    assert (out.float() - ours(source, target, real)).abs().max() < 0.1


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    sizes = (2, 5, 4, 6, 2, 7, 2)
    ours, _ = pair(sizes)
    given = rows(sizes, True)
    here, written = ours(*given), ours.greedy(given[0], 3, given[2])
    far = [part.cuda() for part in given]
    assert (here - ours.cuda()(*far).cpu()).abs().max() < 1e-9
    assert torch.equal(ours.greedy(far[0], 3, far[2]).cpu(), written)


@pytest.fixture(scope="module")
def result() -> transformer.Result:
    return transformer.demo()


def test_the_demo_reaches_its_bar(result: transformer.Result) -> None:
    assert result.metric >= result.expected > result.chance
    read, written = result.digits
    assert torch.equal(read.sort().values, written)


def test_it_looks_at_the_digit_it_writes(result: transformer.Result) -> None:
    own, across = result.looks
    assert own.shape == across.shape == (8, 8)
    assert not own.triu(1).any()
    read, written = result.digits
    place = (read == written[:, None]).long().argmax(dim=1)  # of each written digit
    at, elsewhere = across[torch.arange(8), place], across.sum(dim=1)
    assert (at > (elsewhere - at) / 7).all()  # more than at another digit on average


def test_chance_is_that_of_another_sorted_row(result: transformer.Result) -> None:
    a, b = torch.randint(10, (2, 200_000, 8)).sort(dim=2).values
    alike = (a == b).all(dim=1).double().mean().item()
    assert alike == pytest.approx(result.chance, abs=6e-5)


def test_the_demo_leaves_random_numbers_alone() -> None:
    before = torch.get_rng_state()
    first, again, other = (transformer.demo(seed, updates=2) for seed in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(first.looks, again.looks)
    assert not torch.equal(first.looks, other.looks)
