"""The pointer against scaled_dot_product_attention, and the summary against a loop of its own."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from snippets.seq2seq import summarisation
from snippets.seq2seq.summarisation import WORDS, Summarisation, attend, texts

# Batch, places, features.
SIZES = pytest.mark.parametrize("sizes", [(1, 1, 1), (3, 5, 8), (2, 7, 12), (1, 30, 5)], ids=str)


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def case(sizes: tuple[int, ...], dtype: torch.dtype = torch.float64) -> tuple[Tensor, ...]:
    """d, e and a mask that leaves at least one place."""
    B, T, D = sizes
    d, e = torch.randn(B, D, dtype=dtype), torch.randn(B, T, D, dtype=dtype)
    mask = torch.rand(B, T) < 0.6
    mask[:, 0] = True
    return d.requires_grad_(), e.requires_grad_(), mask


def gradients(out: Tensor, of: list[Tensor]) -> list[Tensor]:
    weights = torch.linspace(-1, 2, out.numel()).view_as(out)
    return list(torch.autograd.grad((out * weights).sum(), of))


@SIZES
def test_pointing_equals_the_attention_of_torch(sizes: tuple[int, ...], compare: Any) -> None:
    d, e, mask = case(sizes)
    mine, weights = attend(d, e, mask)
    other = F.scaled_dot_product_attention(d[:, None], e, e, mask[:, None])[:, 0]
    oracle = "F.scaled_dot_product_attention"
    compare(mine, other, oracle=oracle, what="forward", dtype=torch.float64)
    compare(
        gradients(mine, [d, e]), gradients(other, [d, e]),
        oracle=oracle, what="gradient", dtype=torch.float64,
    )  # fmt: skip
    assert torch.allclose(weights.sum(dim=1), torch.ones(sizes[0]).double())
    assert (weights[~mask] == 0).all()


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64], ids=str)
def test_with_nothing_to_point_at_all_is_zero(dtype: torch.dtype) -> None:
    d, e, mask = case((2, 4, 6), dtype)
    mask[1] = False
    seen, weights = attend(d, e, mask)
    assert seen.dtype == weights.dtype == dtype
    assert not seen[1].any() and not weights[1].any() and seen[0].any()
    (seen.sum() + weights.square().sum()).backward()
    assert d.grad.isfinite().all() and e.grad.isfinite().all()
    assert not e.grad[1].any()


def test_the_steps_are_those_of_the_equations(compare: Any) -> None:
    model, (x, marked, _) = Summarisation(20, 8).double(), texts(3)
    e, _ = model.encoder(model.table(x) + model.marks(marked.long()))
    d = c = torch.zeros(3, 8, dtype=torch.float64)
    steps = []
    for _ in range(4):
        d = model.decoder(c, d)
        alpha = (torch.einsum("bd,btd->bt", d, e) / 8**0.5).softmax(dim=1)
        c = torch.einsum("bt,btd->bd", alpha, e)
        steps.append(alpha)
    weights = torch.stack(steps, dim=1)
    compare(model(x, marked, 4), weights, oracle="the equations", what="forward", atol=1e-12)


def test_every_step_is_a_distribution_and_no_step_is_none() -> None:
    model, (x, marked, _) = Summarisation(20, 8), texts(3)
    assert torch.allclose(model(x, marked, 6).sum(dim=2), torch.ones(3, 6))
    assert model(x, marked, 0).shape == (3, 0, 13)


def test_marks_change_what_is_pointed_at() -> None:
    model, (x, marked, _) = Summarisation(20, 8), texts(3)
    assert (model(x, marked, 2) - model(x, ~marked, 2)).abs().max() > 1e-4


BAD: dict[str, tuple[Callable[[Summarisation], Any], str]] = {
    "one text only": (
        lambda m: m(torch.tensor([1, 2]), torch.tensor([True, False]), 1),
        r"expected x \(B, T\).*got \(2,\)",
    ),
    "marks of another length": (
        lambda m: m(torch.zeros(1, 3).long(), torch.ones(1, 2) > 0, 1),
        r"got \(1, 3\), \(1, 2\) torch.bool",
    ),
    "marks that are numbers": (
        lambda m: m(torch.zeros(1, 3).long(), torch.ones(1, 3), 1),
        "boolean.*torch.float32",
    ),
    "word beyond": (
        lambda m: m(torch.tensor([[5]]), torch.tensor([[True]]), 1),
        r"words below 5, got \[\[5\]\]",
    ),
    "odd size": (lambda m: Summarisation(5, 7), "an even size, got 5, 7"),
    "no word": (lambda m: Summarisation(0, 4), "expected words.*got 0, 4"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act(Summarisation(5, 4))


def test_nothing_given_is_changed_and_weights_survive_saving() -> None:
    model, another = Summarisation(20, 8), Summarisation(20, 8)
    x, marked, _ = texts(3)
    before, versions = torch.get_rng_state(), (x._version, marked._version)
    weights = model(x, marked, 3)
    assert torch.equal(torch.get_rng_state(), before)
    assert (x._version, marked._version) == versions
    another.load_state_dict(model.state_dict())
    assert torch.equal(another(x, marked, 3), weights)
    assert model.double()(x, marked, 3).dtype == torch.float64


def test_bfloat16_autocast_stays_near() -> None:
    model, (x, marked, _) = Summarisation(20, 8), summarisation.texts(4)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        weights = model(x, marked, 3)
    weights[:, 0, 0].float().sum().backward()
    assert all(w.grad is not None and w.grad.isfinite().all() for w in model.parameters())
    assert (weights.float() - model(x, marked, 3)).abs().max() < 0.05


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    model, (x, marked, _) = Summarisation(20, 8).double(), texts(3)
    here = model(x, marked, 3)
    assert (model.cuda()(x.cuda(), marked.cuda(), 3).cpu() - here).abs().max() < 1e-9


def test_texts_have_up_to_four_marks_and_their_places_in_order() -> None:
    x, marked, places = texts(300)
    assert x.shape == marked.shape == (300, 13)
    assert (x[:, -1] == 0).all() and (x[:, :-1] > 0).all() and x.max() < len(WORDS.split()) == 20
    assert set(marked[:, :12].sum(dim=1).tolist()) == {1, 2, 3, 4}
    for flags, where in zip(marked.tolist(), places.tolist(), strict=True):
        found = [t for t, flag in enumerate(flags) if flag]
        assert where == found + [12] * (5 - len(found))


@pytest.fixture(scope="module")
def result() -> summarisation.Result:
    return summarisation.demo()


def test_the_demo_reaches_its_bar(result: summarisation.Result) -> None:
    assert result.metric >= result.expected > result.chance


def test_the_text_shown_is_summarised_by_its_marked_words(result: summarisation.Result) -> None:
    assert result.weights.shape == (5, 13) and int(result.marked.sum()) == 5
    pointed = result.weights.argmax(dim=1)
    assert pointed.tolist() == result.marked.nonzero()[:, 0].tolist()
    assert result.text[-1] == "end"


def test_the_demo_leaves_random_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summarisation, "range", lambda n: [0] * min(n, 5), raising=False)
    before = torch.get_rng_state()
    first, again, other = (summarisation.demo(seed) for seed in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(first.weights, again.weights)
    assert not torch.equal(first.weights, other.weights)
