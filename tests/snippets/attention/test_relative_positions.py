"""Relative positions against loops over all pairs, and against what is said about them."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from snippets.attention import relative_positions as file
from snippets.attention.relative_positions import (
    Reader,
    Result,
    relative_positions,
    shaw_scores,
    shift,
    t5_buckets,
)

ORACLE = "a loop over queries and keys"
# Batch, heads, length, width, clip: the smallest, odd ones, a clip of none and one beyond all.
SIZES = [(1, 1, 1, 1, 0), (2, 3, 5, 4, 2), (1, 2, 7, 3, 0), (3, 1, 4, 2, 9), (1, 1, 2, 5, 1)]


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def by_loop(q: Tensor, k: Tensor, w: Tensor) -> Tensor:
    """Equation 4 of Shaw, pair by pair."""
    T, d, c = *q.shape[-2:], len(w) // 2
    rows = [
        torch.stack([
            (q[..., i, :] * (k[..., j, :] + w[min(max(j - i, -c), c) + c])).sum(-1) / d**0.5
            for j in range(T)
        ], -1)
        for i in range(T)
    ]  # fmt: skip
    return torch.stack(rows, -2)


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_shaw_equals_the_loop(sizes: tuple[int, ...], compare: Any) -> None:
    B, h, T, d, c = sizes
    q, k = torch.randn(2, B, h, T, d, dtype=torch.float64, requires_grad=True)
    w = torch.randn(2 * c + 1, d, dtype=torch.float64, requires_grad=True)
    ours, theirs = shaw_scores(q, k, w), by_loop(q, k, w)
    compare(ours, theirs, oracle=ORACLE, what="forward", dtype=torch.float64)
    weights = torch.linspace(-1, 2, ours.numel(), dtype=torch.float64).view_as(ours)
    mine, other = (torch.autograd.grad((s * weights).sum(), (q, k, w)) for s in (ours, theirs))
    compare(mine, other, oracle=ORACLE, what="gradient", dtype=torch.float64)


@pytest.mark.parametrize("T", [1, 2, 3, 8])
def test_the_shift_equals_the_loop(T: int, compare: Any) -> None:
    products = torch.randn(2, T, 2 * T - 1, dtype=torch.float64)
    theirs = torch.zeros(2, T, T, dtype=torch.float64)
    for i in range(T):
        for j in range(T):
            theirs[:, i, j] = products[:, i, j - i + T - 1]
    compare(shift(products), theirs, oracle=ORACLE, what="value", dtype=torch.float64)


def bucket(distance: int, buckets: int, farthest: int, causal: bool) -> int:
    """In whole numbers: bucket near + b begins where (away / near)^near reaches far^b."""
    base = 0
    if not causal:
        buckets //= 2
        base = buckets if distance > 0 else 0
        away = abs(distance)
    else:
        away = max(-distance, 0)
    near = buckets // 2
    if away < near:
        return base + away
    b = 0
    while b + 1 < near and (away**near * near ** (b + 1) >= farthest ** (b + 1) * near**near):
        b += 1
    return base + near + b


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("sizes", [(32, 128), (16, 16), (8, 100), (4, 7)], ids=str)
def test_buckets_equal_the_loop(sizes: tuple[int, int], causal: bool, compare: Any) -> None:
    away = torch.arange(-200, 201)
    theirs = torch.tensor([bucket(int(r), *sizes, causal) for r in away])
    compare(t5_buckets(away, *sizes, causal), theirs, oracle=f"{ORACLE}, in whole numbers",
            what="value")  # fmt: skip


def test_buckets_by_hand() -> None:
    away = torch.tensor([0, -1, -7, -8, -11, -12, -127, -128, -5000, 1, 8, 5000])
    assert t5_buckets(away).tolist() == [0, 1, 7, 8, 8, 9, 15, 15, 15, 17, 24, 31]
    assert t5_buckets(torch.tensor([3, 0, -15, -16, -500]), causal=True).tolist() == [
        0, 0, 15, 16, 31,
    ]  # fmt: skip


def test_all_buckets_are_used_and_grow_with_distance() -> None:
    # Of T5's 32 for both sides one is never met: a key 0 steps ahead.
    for causal, used in ((False, 31), (True, 32)):
        found = t5_buckets(torch.arange(-128, 129), causal=causal)
        assert found.unique().numel() == used
        assert (found[:129].diff() <= 0).all()


def test_scores_do_not_change_when_all_moves_on() -> None:
    q, k = torch.randn(2, 2, 9, 4, dtype=torch.float64)
    w = torch.randn(5, 4, dtype=torch.float64)
    whole, part = shaw_scores(q, k, w), shaw_scores(q[:, 3:], k[:, 3:], w)
    assert (whole[:, 3:, 3:] - part).abs().max() < 1e-12


def test_relative_positions_of_short_rows() -> None:
    assert relative_positions(0).shape == (0, 0)
    assert relative_positions(1).tolist() == [[0]]
    assert relative_positions(3).tolist() == [[0, 1, 2], [-1, 0, 1], [-2, -1, 0]]


BAD: dict[str, tuple[Callable[[], Any], str]] = {
    "negative": (lambda: relative_positions(-1), "expected a length from 0, got -1"),
    "too few columns": (lambda: shift(torch.zeros(3, 4)), r"T rows of 2T - 1, got \(3, 4\)"),
    "no row": (lambda: shift(torch.zeros(0, 0)), r"T rows of 2T - 1, got \(0, 0\)"),
    "even w": (
        lambda: shaw_scores(torch.zeros(3, 2), torch.zeros(3, 2), torch.zeros(4, 2)),
        r"\(2c \+ 1, d\), got.*\(4, 2\)",
    ),
    "other keys": (
        lambda: shaw_scores(torch.zeros(3, 2), torch.zeros(4, 2), torch.zeros(5, 2)),
        r"twice.*\(3, 2\), \(4, 2\)",
    ),
    "odd buckets": (lambda: t5_buckets(torch.tensor(1), 6), "even halves.*got 6 and 128"),
    "too near": (lambda: t5_buckets(torch.tensor(1), 32, 8), "below farthest, got 32 and 8"),
    "none": (lambda: t5_buckets(torch.tensor(1), 0), "got 0 and 128"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act()


def test_nothing_given_is_changed() -> None:
    q, k, w = torch.randn(4, 3), torch.randn(4, 3), torch.randn(5, 3)
    given, copies = (q, k, w), (q.clone(), k.clone(), w.clone())
    shaw_scores(q, k, w)
    assert all(torch.equal(a, b) for a, b in zip(given, copies, strict=True))
    assert all(each._version == 0 for each in given)


def test_the_reader_knows_the_order_only_by_its_table() -> None:
    reader, letters = Reader().double(), torch.tensor([[1, 2, 3, 4, 0]])
    shuffled = letters[:, [3, 1, 0, 2, 4]]
    assert (reader(letters) - reader(shuffled))[:, -1].abs().max() < 1e-12
    with torch.no_grad():
        reader.table.copy_(torch.linspace(1, 0, 16).expand(4, 16))
    assert (reader(letters) - reader(shuffled))[:, -1].abs().max() > 1e-3
    assert (reader(letters)[:, :3] - reader(letters[:, :3])).abs().max() < 1e-12


def test_weights_survive_saving() -> None:
    reader, another = Reader(), Reader()
    another.load_state_dict(reader.state_dict())
    letters = torch.tensor([[1, 0, 2, 0]])
    assert torch.equal(reader(letters), another(letters))


def test_bfloat16_autocast_stays_near() -> None:
    reader, letters = Reader(), torch.tensor([[1, 0, 2, 0]])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = reader(letters)
    out.float().sum().backward()
    assert reader.table.grad is not None and reader.table.grad.isfinite().all()
    assert (out.float() - reader(letters)).abs().max() < 0.1


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    reader, letters = Reader().double(), torch.tensor([[1, 0, 2, 0]])
    here = reader(letters)
    assert (here - reader.cuda()(letters.cuda()).cpu()).abs().max() < 1e-9


def test_the_demo_reaches_its_bar_at_every_length() -> None:
    result: Result = file.demo()
    assert result.metric >= result.expected > result.chance
    assert (result.bias[:, 16:] == result.bias[:, 16:17]).all()


def test_the_demo_leaves_random_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "train", lambda model: model)
    before = torch.get_rng_state()
    first, again, other = file.demo(0), file.demo(0), file.demo(1)
    assert torch.equal(torch.get_rng_state(), before)
    assert first.metric == again.metric != other.metric
