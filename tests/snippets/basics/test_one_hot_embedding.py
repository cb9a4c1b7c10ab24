"""One-hot vectors and the table against torch, and against what is said about them."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from snippets.basics import one_hot_embedding as module
from snippets.basics.one_hot_embedding import (
    OneHotEmbedding,
    embedding,
    embedding_gradient,
    one_hot,
)

ORACLE = "nn.Embedding"
SHAPES = pytest.mark.parametrize("shape", [(), (1,), (1, 1), (3, 5), (2, 7, 3), (0, 4)], ids=str)
PADDINGS = pytest.mark.parametrize("padding", [None, 0, 3])


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def pair(V: int, D: int, padding: int | None = None) -> tuple[OneHotEmbedding, nn.Embedding]:
    """Ours and its twin with the same table, in float64."""
    ours, twin = OneHotEmbedding(V, D, padding).double(), nn.Embedding(V, D, padding).double()
    ours.load_torch(twin)
    return ours, twin


def weighed(out: Tensor) -> Tensor:
    """A sum in which every number has a weight of its own."""
    return (out * torch.linspace(-1, 2, out.numel(), dtype=out.dtype).view_as(out)).sum()


@SHAPES
@PADDINGS
@pytest.mark.parametrize("D", [1, 6])
def test_equals_the_twin(shape: tuple[int, ...], padding: int | None, D: int, compare: Any) -> None:
    ours, twin = pair(5, D, padding)
    ids = torch.randint(0, 5, shape)
    mine, other = ours(ids), twin(ids)
    compare(mine, other, oracle=ORACLE, what="forward", dtype=torch.float64)
    mine, other = (weighed(out) for out in (mine, other))
    mine, other = torch.autograd.grad(mine, ours.E), torch.autograd.grad(other, twin.weight)
    compare(mine, other, oracle=ORACLE, what="gradient", dtype=torch.float64)


@PADDINGS
def test_a_row_set_aside_is_read_as_it_is_and_never_learns(padding: int | None) -> None:
    _, twin = pair(5, 3, padding)
    nn.init.ones_(twin.weight)  # Such a row need not be zero.
    ours = OneHotEmbedding(5, 3, padding).double()
    ours.load_torch(twin)
    out = ours(torch.arange(5))
    assert (out == 1).all()
    out.sum().backward()
    learns = ours.E.grad.ne(0).all(dim=1)
    assert learns.tolist() == [k != padding for k in range(5)]


def test_the_row_set_aside_starts_at_zero() -> None:
    E = OneHotEmbedding(5, 3, 2).E
    assert not E[2].any() and E[[0, 1, 3, 4]].all()


@SHAPES
@pytest.mark.parametrize("V", [1, 5])
def test_one_hot_equals_torch(shape: tuple[int, ...], V: int, compare: Any) -> None:
    ids = torch.randint(0, V, shape)
    compare(one_hot(ids, V), F.one_hot(ids, V), oracle="F.one_hot", what="value", atol=0)


@SHAPES
def test_the_lookup_is_the_product_with_one_hot(shape: tuple[int, ...], compare: Any) -> None:
    ids, E = torch.randint(0, 5, shape), torch.randn(5, 3, dtype=torch.float64)
    product = one_hot(ids, 5).double() @ E
    compare(embedding(ids, E), product, oracle="one-hot @ E", what="forward", atol=0)


@SHAPES
def test_the_gradient_by_hand_is_that_of_autograd_and_of_the_product(
    shape: tuple[int, ...], compare: Any
) -> None:
    ids, E = torch.randint(0, 5, shape), torch.randn(5, 3, dtype=torch.float64, requires_grad=True)
    de = torch.randn(*shape, 3, dtype=torch.float64)
    mine = embedding_gradient(ids, de, 5)
    (theirs,) = torch.autograd.grad(F.embedding(ids, E), E, de)
    compare(mine, theirs, oracle="F.embedding", what="gradient", dtype=torch.float64)
    product = one_hot(ids, 5).double().view(-1, 5).T @ de.reshape(-1, 3)
    compare(mine, product, oracle="one-hot.T @ gradient", what="gradient", dtype=torch.float64)


def test_finite_differences_agree() -> None:
    E = torch.randn(4, 3, dtype=torch.float64, requires_grad=True)
    ids = torch.tensor([[3, 1, 3]])
    assert torch.autograd.gradcheck(lambda E: embedding(ids, E), E)
    assert torch.autograd.gradgradcheck(lambda E: embedding(ids, E) ** 2, E)


def test_the_sentence_of_the_page() -> None:
    E = torch.tensor([[1.0, 0], [2, 1], [0, 3], [1, 1]])
    assert embedding(torch.tensor(2), E).tolist() == [0, 3]
    dE = embedding_gradient(torch.tensor([3, 1, 3]), torch.ones(3, 2), 4)
    assert dE.tolist() == [[0, 0], [1, 1], [0, 0], [2, 2]]


@pytest.mark.parametrize("dtype", [torch.uint8, torch.int16, torch.int32], ids=str)
def test_other_whole_numbers_are_words_too(dtype: torch.dtype) -> None:
    ids, E = torch.tensor([1, 0, 1], dtype=dtype), torch.tensor([[1.0], [2.0]])
    assert embedding(ids, E).tolist() == [[2], [1], [2]]
    assert one_hot(ids, 2).tolist() == [[0, 1], [1, 0], [0, 1]]
    assert embedding_gradient(ids, torch.ones(3, 1), 2).tolist() == [[1], [2]]


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_the_dtype_stays(dtype: torch.dtype) -> None:
    ids = torch.tensor([1, 1])
    assert OneHotEmbedding(3, 2).to(dtype)(ids).dtype == dtype
    assert embedding_gradient(ids, torch.ones(2, 2, dtype=dtype), 3).dtype == dtype


def test_autocast_changes_nothing() -> None:
    ours, ids = OneHotEmbedding(5, 3, 0), torch.randint(0, 5, (2, 4))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert torch.equal(ours(ids), ours.E[ids])


BAD: dict[str, tuple[Callable[[OneHotEmbedding], Any], str]] = {
    "beyond": (lambda m: m(torch.tensor([0, 5])), r"expected words from 0 to 4, got 0 to 5"),
    "below": (lambda m: m(torch.tensor([-1, 2])), r"expected words from 0 to 4, got -1 to 2"),
    "no word": (lambda m: m(torch.ones(2, 4)), r"expected whole numbers as words.*float32"),
    "a mask": (lambda m: m(torch.ones(5, dtype=torch.bool)), r"whole numbers.*bool"),
    "complex": (lambda m: m(torch.ones(5) * 1j), r"whole numbers.*complex64"),
    "one-hot beyond": (lambda m: one_hot(torch.tensor(3), 3), r"from 0 to 2, got 3 to 3"),
    "gradient of others": (
        lambda m: embedding_gradient(torch.tensor([1, 2]), torch.ones(3, 4), 5),
        r"expected a gradient \(2, 'D'\), got \(3, 4\)",
    ),
    "gradient of no width": (
        lambda m: embedding_gradient(torch.tensor(1), torch.tensor(1.0), 5),
        r"expected a gradient \('D',\), got \(\)",
    ),
    "gradient of words beyond": (
        lambda m: embedding_gradient(torch.tensor([7]), torch.ones(1, 4), 5), r"got 7 to 7",
    ),
    "empty table": (lambda m: OneHotEmbedding(0, 3), r"at least one word.*\(0, 3\)"),
    "no feature": (lambda m: OneHotEmbedding(3, 0), r"one feature, got \(3, 0\)"),
    "padding beyond": (lambda m: OneHotEmbedding(3, 2, 3), r"padding word from 0 to 2, got 3"),
    "padding below": (lambda m: OneHotEmbedding(3, 2, -1), r"padding word from 0 to 2, got -1"),
    "larger twin": (lambda m: m.load_torch(nn.Embedding(6, 3)), r"expected \(5, 3\).*\(6, 3\)"),
    "twin with padding": (lambda m: m.load_torch(nn.Embedding(5, 3, 1)), "padding_idx=1"),
    "twin that shortens": (lambda m: m.load_torch(nn.Embedding(5, 3, max_norm=1)), "max_norm"),
    "twin by frequency": (
        lambda m: m.load_torch(nn.Embedding(5, 3, scale_grad_by_freq=True)), "scale_grad",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act(OneHotEmbedding(5, 3))


def test_nothing_given_is_changed_and_no_random_number_drawn() -> None:
    ours, _ = pair(5, 3, 1)
    ids, de = torch.randint(0, 5, (2, 4)), torch.randn(2, 4, 3)
    given = [ids, de, ours.E]
    before, versions = [g.detach().clone() for g in given], [g._version for g in given]
    generator = torch.get_rng_state()
    assert torch.equal(ours(ids), ours(ids))
    embedding_gradient(ids, de, 5)
    one_hot(ids, 5)
    assert all(torch.equal(a, b) for a, b in zip(given, before, strict=True))
    assert [g._version for g in given] == versions
    assert torch.equal(torch.get_rng_state(), generator)


def test_weights_survive_saving() -> None:
    ours, _ = pair(5, 3, 1)
    another = OneHotEmbedding(5, 3, 1).double()
    another.load_state_dict(ours.state_dict())
    assert torch.equal(another(torch.arange(5)), ours(torch.arange(5)))


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    ours, _ = pair(5, 3, 1)
    ids, de = torch.randint(0, 5, (2, 4)), torch.randn(2, 4, 3, dtype=torch.float64)
    here, dE, hot = ours(ids), embedding_gradient(ids, de, 5), one_hot(ids, 5)
    there = ours.cuda()(ids.cuda())
    assert torch.equal(here, there.cpu())
    assert torch.equal(hot, one_hot(ids.cuda(), 5).cpu())
    assert (dE - embedding_gradient(ids.cuda(), de.cuda(), 5).cpu()).abs().max() < 1e-12


def rows_read(result: module.Result) -> Tensor:
    return one_hot(result.sentences, len(module.WORDS)).sum(dim=1).T > 0


def test_a_row_moves_exactly_where_its_word_was_read() -> None:
    for seed in (0, 1):
        result = module.demo(seed)
        assert torch.equal(result.moved > 0, rows_read(result))


def test_the_rare_word_moves_less_often_and_the_unread_one_never() -> None:
    often = dict(zip(module.WORDS, (module.demo().moved > 0).sum(dim=1).tolist(), strict=True))
    assert 0 < often["fox"] < min(often["cat"], often["dog"])
    assert often["yak"] == 0


def test_adam_moves_rows_that_were_not_read() -> None:
    result = module.demo(optimizer=torch.optim.Adam)
    known = rows_read(result).cumsum(dim=1) > 0
    assert torch.equal(result.moved > 0, known)
    assert (known & ~rows_read(result)).any()


def test_the_demo_repeats_and_leaves_random_numbers_alone() -> None:
    before = torch.get_rng_state()
    first, again, other = module.demo(0), module.demo(0), module.demo(1)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(first.moved, again.moved)
    assert not torch.equal(first.moved, other.moved)
