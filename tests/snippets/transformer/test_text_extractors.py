"""The three extractors against nn.Conv1d, nn.GRU and nn.TransformerEncoderLayer."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from snippets.transformer import text_extractors
from snippets.transformer.text_extractors import (
    KINDS,
    CNNExtractor,
    Reader,
    RNNExtractor,
    TransformerExtractor,
    pairs,
    patterns,
    positions,
    train,
)

# Batch, steps, features.
SIZES = pytest.mark.parametrize("sizes", [(1, 1, 4), (3, 5, 8), (2, 7, 12), (1, 30, 4)], ids=str)


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def rows(sizes: tuple[int, ...]) -> Tensor:
    return torch.randn(sizes, dtype=torch.float64, requires_grad=True)


def gradients(out: Tensor, of: list[Tensor]) -> list[Tensor]:
    weights = torch.linspace(-1, 2, out.numel()).view_as(out)
    return list(torch.autograd.grad((out * weights).sum(), of))


@SIZES
def test_the_window_equals_conv1d(sizes: tuple[int, ...], compare: Any) -> None:
    ours = CNNExtractor(sizes[2]).double()
    twin = nn.Conv1d(sizes[2], sizes[2], 3, padding=1).double()
    ours.load_state_dict({"W": twin.weight, "b": twin.bias})
    x = rows(sizes)
    mine, other = ours(x), twin(x.transpose(1, 2)).relu().transpose(1, 2)
    compare(mine, other, oracle="nn.Conv1d", what="forward", dtype=torch.float64)
    compare(
        gradients(mine, [x, ours.W, ours.b]),
        gradients(other, [x, twin.weight, twin.bias]),
        oracle="nn.Conv1d", what="gradient", dtype=torch.float64,
    )  # fmt: skip


@SIZES
def test_the_state_equals_gru(sizes: tuple[int, ...], compare: Any) -> None:
    ours = RNNExtractor(sizes[2]).double()
    twin = nn.GRU(sizes[2], sizes[2], batch_first=True).double()
    W, U, *both = twin.all_weights[0]
    ours.load_state_dict({"W": W, "U": U, "b": torch.stack(both)})
    x = rows(sizes)
    mine, other = ours(x), twin(x)[0]
    compare(mine, other, oracle="nn.GRU", what="forward", dtype=torch.float64)
    *found, biases = gradients(mine, [x, ours.W, ours.U, ours.b])
    compare(
        [*found, *biases],
        gradients(other, [x, W, U, *both]),
        oracle="nn.GRU", what="gradient", dtype=torch.float64,
    )  # fmt: skip


def twins(size: int, heads: int) -> tuple[TransformerExtractor, nn.TransformerEncoderLayer]:
    ours = TransformerExtractor(size, heads).double()
    twin = nn.TransformerEncoderLayer(size, heads, 2 * size, 0.0, batch_first=True).double()
    for mine, theirs in matched(ours, twin):
        nn.init.normal_(theirs, 0, 0.5)
        mine.data.copy_(theirs.data)
    return ours, twin


def matched(
    ours: TransformerExtractor, twin: nn.TransformerEncoderLayer
) -> list[tuple[nn.Parameter, nn.Parameter]]:
    """Our weights and biases beside those of the twin."""
    attention = twin.self_attn
    found = [(ours.qkv.weight, attention.in_proj_weight), (ours.qkv.bias, attention.in_proj_bias)]
    for mine, theirs in (
        (ours.out, attention.out_proj), (ours.up, twin.linear1), (ours.down, twin.linear2),
        (ours.norm1, twin.norm1), (ours.norm2, twin.norm2),
    ):  # fmt: skip
        found += [(mine.weight, theirs.weight), (mine.bias, theirs.bias)]
    return found


@SIZES
@pytest.mark.parametrize("heads", [1, 2])
def test_attention_equals_the_encoder_layer(
    sizes: tuple[int, ...], heads: int, compare: Any
) -> None:
    ours, twin = twins(sizes[2], heads)
    x = rows(sizes)
    mine, other = ours(x), twin(x + positions(sizes[1], sizes[2]))
    oracle = "nn.TransformerEncoderLayer"
    compare(mine, other, oracle=oracle, what="forward", dtype=torch.float64)
    weights = matched(ours, twin)
    compare(
        gradients(mine, [x, *(own for own, _ in weights)]),
        gradients(other, [x, *(their for _, their in weights)]),
        oracle=oracle, what="gradient", dtype=torch.float64,
    )  # fmt: skip


def test_positions_are_the_sines_of_the_paper(compare: Any) -> None:
    paper = [
        [(math.cos if n % 2 else math.sin)(t / 10000 ** ((n - n % 2) / 6)) for n in range(6)]
        for t in range(2000)
    ]
    theirs = torch.tensor(paper, dtype=torch.float64)
    compare(positions(2000, 6), theirs, oracle="the formula", what="value", atol=1e-11)


def test_what_each_may_see() -> None:
    x = rows((1, 9, 4)).detach()
    other = x.clone()
    other[0, 4] += 1
    seen = {"CNN": [3, 4, 5], "RNN": [4, 5, 6, 7, 8], "Transformer": list(range(9))}
    for name, kind in KINDS.items():
        extractor = kind(4).double()
        moved = (extractor(x) - extractor(other)).abs().amax(dim=(0, 2)) > 0
        assert set(moved.nonzero()[:, 0].tolist()) <= set(seen[name])
        if name != "CNN":  # a relu may be shut
            assert moved.nonzero()[:, 0].tolist() == seen[name]


def test_order_is_seen_by_positions_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    symbols, order = torch.randint(8, (3, 12)), torch.randperm(12)
    reader = Reader(TransformerExtractor(8), 8, 8).double()
    assert (reader(symbols) - reader(symbols[:, order])).abs().max() > 1e-3
    monkeypatch.setattr(text_extractors, "positions", lambda T, D: torch.zeros(T, D))
    assert torch.allclose(reader(symbols), reader(symbols[:, order]), atol=1e-12)


def test_one_head_reads_the_largest(compare: Any) -> None:
    reader = Reader(nn.Identity(), 5, 3).double()
    symbols = torch.randint(5, (4, 6))
    largest = reader.table.weight[symbols].max(dim=1).values
    expected = largest @ reader.head.weight[0] + reader.head.bias
    compare(reader(symbols), expected, oracle="by hand", what="value", atol=1e-12)


BAD: dict[str, tuple[Callable[[], Any], str]] = {
    "heads that do not divide": (lambda: TransformerExtractor(6, 2), "divisible by 4, got 6"),
    "no row": (
        lambda: Reader(CNNExtractor(4), 8, 4)(torch.tensor([1, 2])),
        r"expected \(B, T\).*got \(2,\)",
    ),
    "no step": (
        lambda: Reader(CNNExtractor(4), 8, 4)(torch.zeros(2, 0, dtype=torch.long)),
        r"T of at least 1, got \(2, 0\)",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act()


@pytest.mark.parametrize("name", KINDS)
def test_nothing_given_is_changed_and_weights_survive_saving(name: str) -> None:
    ours, another = (Reader(KINDS[name](8), 8, 8) for _ in range(2))
    symbols, state = torch.randint(8, (3, 6)), torch.get_rng_state()
    given = [symbols, *ours.parameters()]
    versions = [part._version for part in given]
    out = ours(symbols)
    assert [part._version for part in given] == versions
    assert torch.equal(torch.get_rng_state(), state)
    another.load_state_dict(ours.state_dict())
    assert torch.equal(another(symbols), out)


@pytest.mark.parametrize("name", KINDS)
def test_dtypes_stay_and_bfloat16_autocast_is_near(name: str) -> None:
    ours, symbols = Reader(KINDS[name](8), 8, 8), torch.randint(8, (3, 6))
    out = ours(symbols)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        near = ours(symbols)
    near.float().sum().backward()
    assert all(weight.grad.isfinite().all() for weight in ours.parameters())
    assert (near.float() - out).abs().max() < 0.05
    assert ours.double()(symbols).dtype == torch.float64


@pytest.mark.cuda
@pytest.mark.parametrize("name", KINDS)
def test_equals_itself_on_cuda(name: str) -> None:
    ours, symbols = Reader(KINDS[name](8), 8, 8).double(), torch.randint(8, (3, 6))
    here = ours(symbols)
    assert (ours.cuda()(symbols.cuda()).cpu() - here).abs().max() < 1e-9


def test_pairs_stand_at_each_distance_in_turn() -> None:
    x, y = pairs(800)
    (row, zero), (other, one) = (x == 0).nonzero().T, (x == 1).nonzero().T
    assert torch.equal(row, torch.arange(800)) and torch.equal(other, row)
    assert torch.equal(one - zero, (1 + row % 8) * (2 * y.long() - 1))
    assert min(zero.min(), one.min()) >= 2 and max(zero.max(), one.max()) <= 21


def test_neither_symbols_nor_order_nor_neighbours_give_the_pattern_away() -> None:
    x, y = patterns(4000)
    assert torch.equal(y, torch.arange(4000) % 2 == 0)
    marks = torch.arange(3)[:, None, None]
    assert ((x == marks).sum(dim=2) == 1).all()  # each once, in every row
    at = (x == marks).int().argmax(dim=2)  # (3, B)
    ordered = (at.diff(dim=0) > 0).all(dim=0)
    beside = at.amax(dim=0) - at.amin(dim=0) == 2
    assert torch.equal(ordered & beside, y)
    assert (ordered | beside).all()
    for alone in (ordered, beside):
        assert 0.6 < (alone == y).float().mean() < 0.85
    assert at.min() == 0 and at.max() == 23  # at the edges too
    gaps = at.diff(dim=0)[:, ordered & ~y].T.unique(dim=0)
    assert gaps.tolist() == [[1, 2], [2, 1], [2, 2]]
    turns = at.argsort(dim=0)[:, ~ordered].T.unique(dim=0)
    assert len(turns) == 5


def test_each_update_learns_from_new_rows() -> None:
    asked: list[int] = []

    def task(rows: int) -> tuple[Tensor, Tensor]:
        asked.append(rows)
        return pairs(rows)

    share, curve = train(CNNExtractor(16), task, 3)
    assert asked == [64, 64, 64, 4000]
    assert share.shape == (8,) and curve.shape == (3,)


def test_all_three_are_trained_alike_and_the_weaker_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[Any, ...]] = []
    known = {CNNExtractor: 0.875, RNNExtractor: 0.75, TransformerExtractor: 0.5}

    def noted(extractor: nn.Module, *rest: Any) -> tuple[Tensor, Tensor]:
        calls.append((type(extractor), *rest))
        return torch.full((8,), known[type(extractor)]), torch.rand(150)

    monkeypatch.setattr(text_extractors, "train", noted)
    told = text_extractors.demo()
    assert told.metric == 0.75 and told.local.tolist() == list(known.values())
    assert calls == [(kind, task) for task in (patterns, pairs) for kind in KINDS.values()]


@pytest.fixture(scope="module")
def result() -> text_extractors.Result:
    return text_extractors.demo()


def test_the_demo_reaches_its_bar(result: text_extractors.Result) -> None:
    assert result.metric >= result.expected > result.chance


def test_the_window_guesses_beyond_its_reach_and_the_others_do_not(
    result: text_extractors.Result,
) -> None:
    cnn, rnn, transformer = result.by_distance
    assert (cnn[:2] > 0.95).all()
    assert ((cnn[2:] - 0.5).abs() < 0.1).all()
    assert (rnn > 0.9).all() and (transformer[2:] > 0.9).all()


def test_the_transformer_learns_the_pattern_too_but_later(result: text_extractors.Result) -> None:
    share, curve = train(TransformerExtractor(16), patterns, 400)
    assert share.mean() > 0.9
    cnn, rnn, transformer = (
        int((line.view(-1, 25).mean(dim=1) > 0.9).int().argmax())
        for line in (*result.by_update[:2], curve)
    )
    assert max(cnn, rnn) < 2 < transformer


def test_the_demo_leaves_random_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_extractors, "train", lambda *_: (torch.rand(8), torch.rand(150)))
    before = torch.get_rng_state()
    first, again, other = (text_extractors.demo(seed) for seed in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), before)
    assert first.metric == again.metric != other.metric
