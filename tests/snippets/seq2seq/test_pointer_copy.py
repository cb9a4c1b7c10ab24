"""The pointer against a loop over words, values by hand, and what a distribution has to be."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from snippets.seq2seq import pointer_copy as module
from snippets.seq2seq.pointer_copy import PointerCopy, Rewriter, V, pointer_copy, rewrite

# Batch, words of the source, vocabulary, words beyond it.
SIZES = [(1, 1, 1, 1), (3, 5, 4, 5), (2, 7, 3, 0), (4, 2, 9, 3)]
ALL_SIZES = pytest.mark.parametrize("sizes", SIZES, ids=str)
D, H, K = 3, 4, 5


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def parts(sizes: tuple[int, ...]) -> tuple[Tensor, ...]:
    """p_gen, p_vocab, a (asking for gradients) and a source with repeated words."""
    B, T, vocab, extra = sizes
    logits = (torch.randn(B, n, dtype=torch.float64) for n in (1, vocab, T))
    made = (next(logits).sigmoid(), next(logits).softmax(1), next(logits).softmax(1))
    source = torch.randint(vocab + extra, (B, T))
    return *(part.requires_grad_() for part in made), source


def looped(p_gen: Tensor, p_vocab: Tensor, a: Tensor, source: Tensor, extra: int) -> Tensor:
    """Equation 9, word by word."""
    rows = []
    for b in range(len(source)):
        row = []
        for w in range(p_vocab.shape[1] + extra):
            own = p_gen[b, 0] * p_vocab[b, w] if w < p_vocab.shape[1] else 0
            copied = sum(a[b, i] for i in range(len(source[b])) if source[b, i] == w)
            row.append(own + (1 - p_gen[b, 0]) * copied)
        rows.append(torch.stack(row))
    return torch.stack(rows)


def gradients(answer: Tensor, of: list[Tensor]) -> list[Tensor]:
    weight = torch.linspace(-1, 2, answer.numel()).view_as(answer)
    return list(torch.autograd.grad((answer * weight).sum(), of))


def given(
    B: int = 3, T: int = 5, vocab: int = 6, extra: int = 2
) -> tuple[PointerCopy, tuple[Any, ...], Tensor]:
    """A model in float64, all that it reads, and a mask that leaves every row a word."""
    x, s, h = torch.randn(B, D).double(), torch.randn(B, H).double(), torch.randn(B, T, K).double()
    mask = torch.rand(B, T) < 0.6
    mask[:, 0] = True
    words = torch.randint(vocab + extra, (B, T))
    return PointerCopy(vocab, D, H, K).double(), (x, s, h, words, extra), mask


@ALL_SIZES
def test_equals_a_loop_over_words(sizes: tuple[int, ...], compare: Any) -> None:
    *of, source = parts(sizes)
    mine, other = (each(*of, source, sizes[3]) for each in (pointer_copy, looped))
    oracle = "a loop over words"
    compare(mine, other, oracle=oracle, what="forward", dtype=torch.float64)
    compare(gradients(mine, of), gradients(other, of), oracle=oracle, what="gradient")


@ALL_SIZES
def test_it_is_a_distribution(sizes: tuple[int, ...], compare: Any) -> None:
    *of, source = parts(sizes)
    P = pointer_copy(*of, source, sizes[3])
    assert (P >= 0).all()
    compare(P.sum(dim=1), torch.ones(sizes[0]).double(), oracle="a sum of 1", what="value")


def test_equals_values_by_hand(compare: Any) -> None:
    # Three known words, the source says 1, 4, 1 (4 is unknown), and the gate is at 0.4.
    p_vocab, a = torch.tensor([[0.5, 0.25, 0.25]]), torch.tensor([[0.5, 0.25, 0.25]])
    P = pointer_copy(torch.tensor([[0.4]]), p_vocab, a, torch.tensor([[1, 4, 1]]), 2)
    expected = torch.tensor([[0.2, 0.1 + 0.45, 0.1, 0, 0.15]])
    compare(P, expected, oracle="values by hand", what="value", atol=1e-7)


def test_derivatives_agree_with_finite_differences() -> None:
    *of, source = parts((2, 4, 3, 2))
    assert torch.autograd.gradcheck(lambda *p: pointer_copy(*p, source, 2), of)
    model, (x, s, h, words, extra), mask = given(2, 3)
    mask[1] = False
    each = [part.requires_grad_() for part in (x, s, h)]
    assert torch.autograd.gradcheck(lambda *p: model(*p, words, extra, mask), each)


def test_the_layer_is_its_equations(compare: Any) -> None:
    model, (x, s, h, words, extra), mask = given()
    P, a, p_gen = model(x, s, h, words, extra, mask)
    for b in range(len(x)):
        there = mask[b].nonzero()[:, 0]
        e = torch.stack([model.v((model.W(s[b]) + model.U(h[b, j])).tanh())[0] for j in there])
        weights = torch.zeros(5).double().index_put((there,), e.softmax(0))
        c = weights @ h[b]
        w_h, w_s, w_x = model.gate.weight[0].split([K, H, D])
        gate = (w_h @ c + w_s @ s[b] + w_x @ x[b] + model.gate.bias).sigmoid()
        own = model.predict(torch.cat([s[b], c])).softmax(0)
        expected = looped(gate[None], own[None], weights[None], words[b : b + 1], extra)[0]
        compare((P[b], a[b], p_gen[b]), (expected, weights, gate), oracle="equations 8 and 9",
                what="forward", dtype=torch.float64)  # fmt: skip


def test_what_is_masked_never_matters() -> None:
    model, (x, s, h, words, extra), mask = given()
    filled, other = h.masked_fill(~mask[..., None], 1e3), words.masked_fill(~mask, 7)
    mine, same = model(x, s, h, words, extra, mask), model(x, s, filled, other, extra, mask)
    assert all(torch.equal(a, b) for a, b in zip(mine, same, strict=True))
    assert not mine[1][~mask].any()


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64], ids=str)
def test_a_row_without_a_source_only_generates(dtype: torch.dtype) -> None:
    model, (x, s, h, words, extra), mask = given()
    mask[1] = False
    model, (x, s, h) = model.to(dtype), (part.to(dtype).requires_grad_() for part in (x, s, h))
    P, a, p_gen = model(x, s, h, words, extra, mask)
    assert {P.dtype, a.dtype, p_gen.dtype} == {dtype}
    assert not a[1].any() and p_gen[1] == 1 and not P[1, 6:].any()
    assert (P.sum(dim=1) - 1).abs().max() < 0.01
    assert all(g.isfinite().all() for g in gradients(P, [x, s, h, *model.parameters()]))


def test_no_source_and_no_batch_have_an_answer() -> None:
    for B, T in ((3, 0), (0, 5)):
        model, (x, s, h, _, extra), _ = given()
        P, a, _ = model(x[:B], s[:B], h[:B, :T], torch.zeros(B, T, dtype=torch.long), extra)
        assert (P.shape, a.shape) == ((B, 8), (B, T))
        assert (P.sum(dim=1) - 1).abs().sum() < 1e-12


BAD: dict[str, tuple[Callable[..., Any], str]] = {
    "x of another width": (
        lambda m, x, s, h, w, n: m(x[:, 1:], s, h, w, n),
        r"expected x, s and h \(\(3, 3\).*got \(\(3, 2\)",
    ),
    "a source of others": (lambda m, x, s, h, w, n: m(x, s, h, w[:, 1:], n), "expected x, s and h"),
    "a source of fewer rows": (
        lambda m, x, s, h, w, n: m(x, s, h[:1], w[:1], n),
        "expected x, s and h",
    ),
    "a word beyond": (lambda m, x, s, h, w, n: m(x, s, h, w + 8, n), "words from 0 to 7, got"),
    "a word below": (lambda m, x, s, h, w, n: m(x, s, h, w - 8, n), "words from 0 to 7, got"),
    "a mask of numbers": (
        lambda m, x, s, h, w, n: m(x, s, h, w, n, w),
        r"boolean mask \(3, 5\), got \(3, 5\), torch.int64",
    ),
    "no vocabulary": (lambda m, *_: PointerCopy(0, D, H, K), r"at least 1, got \(0, 3, 4, 5\)"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    model, read, _ = given()
    with pytest.raises(ValueError, match=message):
        act(model, *read)


def test_nothing_given_is_changed_and_no_random_number_is_drawn() -> None:
    model, (*read, extra), mask = given()
    tensors = [*read, mask, *model.parameters()]
    before, versions = [p.detach().clone() for p in tensors], [p._version for p in tensors]
    state = torch.get_rng_state()
    assert torch.equal(model(*read, extra, mask)[0], model(*read, extra, mask)[0])
    assert torch.equal(torch.get_rng_state(), state)
    assert all(torch.equal(p, old) for p, old in zip(tensors, before, strict=True))
    assert [p._version for p in tensors] == versions


def test_weights_survive_saving() -> None:
    model, read, mask = given()
    another = PointerCopy(6, D, H, K).double()
    another.load_state_dict(model.state_dict())
    assert torch.equal(another(*read, mask)[0], model(*read, mask)[0])


def test_bfloat16_autocast_stays_near() -> None:
    model, (x, s, h, words, extra), mask = given()
    model, x, s, h = model.float(), x.float(), s.float(), h.float()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        P, _, _ = model(x, s, h, words, extra, mask)
    P.float().sum().backward()
    assert (P.float() - model(x, s, h, words, extra, mask)[0]).abs().max() < 0.05


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    model, (x, s, h, words, extra), mask = given()
    here = model(x, s, h, words, extra, mask)[0]
    there = model.cuda()(x.cuda(), s.cuda(), h.cuda(), words.cuda(), extra, mask.cuda())[0]
    assert (here - there.cpu()).abs().max() < 1e-9


def test_known_words_go_one_up_and_unknown_ones_stay() -> None:
    words, y = rewrite(300)
    known = words < V
    assert 0.4 < known.double().mean() < 0.6
    assert torch.equal(y[~known], words[~known])
    assert (words[~known] == V + torch.arange(6).expand(300, 6)[~known]).all()
    assert set((y - words)[known].tolist()) == {1, 2 - V}
    assert y.min() == 1 and y[known].max() == V - 1


def test_unknown_words_look_the_same_to_the_model(compare: Any) -> None:
    model, words = Rewriter().double(), torch.tensor([[12, 3, 14, 15]])
    renamed = torch.tensor([[15, 3, 12, 14]])
    (P, *rest), (Q, *same) = model(words, words), model(renamed, renamed)
    compare(rest, same, oracle="other unknown words", what="value", atol=1e-12)
    compare(P[..., words[0]], Q[..., renamed[0]], oracle="other unknown words", what="value")


@pytest.fixture(scope="module")
def result() -> module.Result:
    return module.demo()


def test_the_demo_reaches_its_bar(result: module.Result) -> None:
    assert result.metric >= result.expected > result.chance


def test_the_gate_opens_for_known_words_only(result: module.Result) -> None:
    known = torch.tensor(result.words) < V
    assert known.diff().all()
    assert result.written == [w % 11 + 1 if w < V else w for w in result.words]
    assert result.p_gen[known].min() > 0.9 and result.p_gen[~known].max() < 0.1
    assert result.weights.diagonal()[~known].min() > 0.5  # copied from its own place


def test_the_demo_leaves_random_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "range", lambda n: range(2 if n == 250 else n), raising=False)
    before = torch.get_rng_state()
    first, again, other = (module.demo(seed) for seed in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(first.p_gen, again.p_gen) and not torch.equal(first.p_gen, other.p_gen)
