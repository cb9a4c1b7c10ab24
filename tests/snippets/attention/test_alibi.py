"""ALiBi against the paper's slopes and a loop, and against what is said about it."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from snippets.attention import alibi as file
from snippets.attention.alibi import Reader, Result, alibi_bias, alibi_slopes

ORACLE = "the paper's slopes, in a loop"
# What the paper and its code say, as they say it: a start and a ratio of 2^(-8/n).
PAPER = {
    1: [1 / 256],
    2: [1 / 16, 1 / 256],
    4: [1 / 4, 1 / 16, 1 / 64, 1 / 256],
    8: [1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 32, 1 / 64, 1 / 128, 1 / 256],
    16: [2 ** (-n / 2) for n in range(1, 17)],
    3: [1 / 16, 1 / 256, 1 / 4],
    6: [1 / 4, 1 / 16, 1 / 64, 1 / 256, 1 / 2, 1 / 8],
    12: [*(2.0**-n for n in range(1, 9)), *(2 ** -(n + 0.5) for n in range(4))],
}
HEADS = pytest.mark.parametrize("heads", PAPER)


@HEADS
@pytest.mark.parametrize("length", [1, 2, 7])
def test_equals_the_loop(heads: int, length: int, compare: Any) -> None:
    theirs = torch.zeros(heads, length, length, dtype=torch.float64)
    for n in range(heads):
        for i in range(length):
            for j in range(length):
                theirs[n, i, j] = -PAPER[heads][n] * abs(i - j)
    ours = alibi_bias(heads, length, dtype=torch.float64)
    compare(ours, theirs, oracle=ORACLE, what="forward", dtype=torch.float64)


@HEADS
def test_the_slopes_are_the_papers(heads: int, compare: Any) -> None:
    theirs = torch.tensor(PAPER[heads], dtype=torch.float64)
    compare(alibi_slopes(heads), theirs, oracle=ORACLE, what="value", dtype=torch.float64)


@pytest.mark.parametrize("heads", range(1, 40))
def test_all_slopes_differ_and_lie_below_one(heads: int) -> None:
    slopes = alibi_slopes(heads)
    assert slopes.unique().numel() == heads == slopes.numel()
    assert slopes.max() < 1 and slopes.min() >= 1 / 256


@pytest.mark.parametrize("heads", [3, 8])
def test_last_queries_are_the_last_rows(heads: int) -> None:
    whole = alibi_bias(heads, 9)
    for queries in (0, 1, 4, 9):
        assert torch.equal(alibi_bias(heads, 9, queries), whole[:, 9 - queries :])


def test_shifting_a_row_of_scores_by_the_last_distance_changes_no_weight() -> None:
    """The paper's code adds -m(T - 1 - j) for key j, whatever the query: softmax sees no change."""
    torch.manual_seed(0)
    scores = torch.randn(4, 6, 6, dtype=torch.float64)
    ahead = torch.ones(6, 6, dtype=torch.bool).triu(1)
    by_key = -alibi_slopes(4)[:, None, None] * torch.arange(5, -1, -1)
    one = (scores + alibi_bias(4, 6, dtype=torch.float64)).masked_fill(ahead, -torch.inf)
    other = (scores + by_key).masked_fill(ahead, -torch.inf)
    assert (one.softmax(-1) - other.softmax(-1)).abs().max() < 1e-12


def test_the_worked_example_of_the_page() -> None:
    bias = alibi_bias(8, 5)[:, 4, 0]
    assert bias[0] == -2 and bias[-1].item() == pytest.approx(-0.016, abs=5e-4)


def test_sizes_do_not_remember_one_another() -> None:
    """One implementation caches by length only, and gives twelve heads the bias of eight."""
    assert alibi_bias(8, 5).shape == (8, 5, 5)
    assert alibi_bias(12, 5).shape == (12, 5, 5)
    first = alibi_bias(8, 5)
    first.zero_()
    assert alibi_bias(8, 5)[0, 4, 0] == -2


def test_short_rows_have_an_answer_of_their_own() -> None:
    assert alibi_bias(3, 0).shape == (3, 0, 0)
    assert alibi_bias(3, 1).tolist() == [[[0]], [[0]], [[0]]]
    assert alibi_bias(3, 4, 0).shape == (3, 0, 4)


BAD: dict[str, tuple[Callable[[], Any], str]] = {
    "no head": (lambda: alibi_bias(0, 4), "expected at least 1 head, got 0"),
    "too many queries": (lambda: alibi_bias(2, 4, 5), "expected 0 to 4 queries, got 5"),
    "fewer than none": (lambda: alibi_bias(2, 4, -1), "expected 0 to 4 queries, got -1"),
    "negative length": (lambda: alibi_bias(2, -1), "expected 0 to -1 queries, got -1"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act()


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64], ids=str)
def test_the_dtype_is_rounded_once(dtype: torch.dtype) -> None:
    bias = alibi_bias(12, 3000, 1, dtype=dtype)
    exact = alibi_bias(12, 3000, 1, dtype=torch.float64)
    assert bias.dtype == dtype and bias.isfinite().all()
    assert torch.equal(bias, exact.to(dtype))
    assert Reader().to(dtype)(torch.zeros(2, 3, dtype=torch.long)).dtype == dtype


def attend(reader: Reader, letters: Tensor) -> Tensor:
    """The reader, head by head and query by query."""
    (row,) = letters
    x = reader.embed(row)
    q, k, v = reader.qkv(x).view(len(row), 3, 4, 8).unbind(1)
    out = torch.zeros(len(row), 4, 8, dtype=x.dtype)
    for i in range(len(row)):
        for n in range(4):
            scores = torch.stack([
                q[i, n] @ k[j, n] / math.sqrt(8) - PAPER[4][n] * (i - j) for j in range(i + 1)
            ])  # fmt: skip
            out[i, n] = scores.softmax(0) @ v[: i + 1, n]
    return reader.answer(x + reader.out(out.flatten(1)))[None]


def test_the_reader_equals_a_loop_over_heads_and_queries(compare: Any) -> None:
    torch.manual_seed(0)
    reader, letters = Reader().double(), torch.tensor([[3, 0, 0, 5, 0, 1]])
    theirs = attend(reader, letters)
    compare(reader(letters), theirs, oracle="a loop over heads and queries", what="forward")


def test_weights_survive_saving_and_hold_no_table() -> None:
    reader, another = Reader(), Reader()
    another.load_state_dict(reader.state_dict())
    letters = torch.tensor([[1, 0, 2, 0]])
    assert torch.equal(reader(letters), another(letters))
    assert not list(reader.buffers())


def test_bfloat16_autocast_stays_near() -> None:
    reader, letters = Reader(), torch.tensor([[1, 0, 2, 0]])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        out = reader(letters)
    out.float().sum().backward()
    assert reader.embed.weight.grad is not None and reader.embed.weight.grad.isfinite().all()
    assert (out.float() - reader(letters)).abs().max() < 0.1


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    reader, letters = Reader().double(), torch.tensor([[1, 0, 2, 0]])
    here = reader(letters)
    assert (here - reader.cuda()(letters.cuda()).cpu()).abs().max() < 1e-9


def test_scaled_dot_product_attention_takes_the_bias_as_its_mask() -> None:
    q, k, v = torch.randn(3, 2, 12, 5, 4, dtype=torch.float64)
    bias = alibi_bias(12, 5, dtype=torch.float64)
    by_hand = (q @ k.mT / 2 + bias).softmax(-1) @ v
    assert (F.scaled_dot_product_attention(q, k, v, bias) - by_hand).abs().max() < 1e-12


def test_the_demo_reaches_its_bar_at_every_length() -> None:
    result: Result = file.demo()
    assert result.metric >= result.expected > result.chance
    assert min(result.longer.values()) >= result.expected


def test_the_demo_leaves_random_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "train", lambda model: model)
    before = torch.get_rng_state()
    first, again, other = file.demo(0), file.demo(0), file.demo(1)
    assert torch.equal(torch.get_rng_state(), before)
    assert first.metric == again.metric != other.metric
