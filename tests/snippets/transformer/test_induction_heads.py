"""The attention-only Transformer against the sum of its paths and nn.MultiheadAttention."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from snippets.transformer import induction_heads
from snippets.transformer.induction_heads import InductionHeads, repeats

# Batch, steps, vocabulary, D, heads, layers.
SIZES = [(1, 1, 1, 1, 1, 1), (2, 5, 7, 6, 3, 2), (3, 9, 4, 4, 1, 2), (2, 4, 5, 4, 2, 3)]
ALL_SIZES = pytest.mark.parametrize("sizes", SIZES, ids=str)


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def given(sizes: tuple[int, ...]) -> tuple[InductionHeads, Tensor]:
    B, T, vocab, D, heads, layers = sizes
    model = InductionHeads(vocab, D, heads, layers, T + 2).double()
    return model, torch.randint(vocab, (B, T))


def twin_of(model: InductionHeads, layer: int) -> nn.MultiheadAttention:
    """With the same weights in one layer: of each head d columns of D, as torch packs them."""
    heads, D, _ = model.Q.shape[1:]
    twin = nn.MultiheadAttention(D, heads, bias=False, batch_first=True).double()
    packed = [W[layer].permute(0, 2, 1).reshape(D, D) for W in (model.Q, model.K, model.V)]
    with torch.no_grad():
        twin.in_proj_weight.copy_(torch.cat(packed))
        twin.out_proj.weight.copy_(model.O[layer].reshape(D, D).T)
    return twin


def through_torch(model: InductionHeads, x: Tensor) -> tuple[Tensor, list[Tensor]]:
    """The same model of nn.MultiheadAttention, whose mask is True where one may not look."""
    T, patterns = x.shape[1], []
    hidden = torch.ones(T, T, dtype=torch.bool).triu(1)
    r = model.E[x]
    for layer in range(len(model.Q)):
        z = r + model.p[:T]
        out, A = twin_of(model, layer)(z, z, r, attn_mask=hidden, average_attn_weights=False)
        r, patterns = r + out, [*patterns, A]
    return r @ model.U, patterns


@ALL_SIZES
def test_the_paths_sum_to_the_logits(sizes: tuple[int, ...], compare: Any) -> None:
    model, x = given(sizes)
    logits, _ = model(x)
    paths = model.path_sums(x)
    *_, heads, layers = sizes
    assert len(paths) == (1 + heads) ** layers
    total = torch.stack(list(paths.values())).sum(dim=0)
    oracle, of = "the sum of its paths", list(model.parameters())
    compare(logits, total, oracle=oracle, what="forward", dtype=torch.float64)
    weight = torch.linspace(-1, 2, logits.numel()).view_as(logits)
    mine, other = (torch.autograd.grad((each * weight).sum(), of) for each in (logits, total))
    compare(mine, other, oracle=oracle, what="gradient")


@ALL_SIZES
def test_equals_torch(sizes: tuple[int, ...], compare: Any) -> None:
    model, x = given(sizes)
    (logits, patterns), (other, theirs) = model(x), through_torch(model, x)
    oracle, of = "nn.MultiheadAttention", [model.E, model.p, model.U]
    compare(logits, other, oracle=oracle, what="forward", dtype=torch.float64)
    compare(patterns, theirs, oracle=oracle, what="value", dtype=torch.float64)
    weight = torch.linspace(-1, 2, logits.numel()).view_as(logits)
    mine, far = (torch.autograd.grad((each * weight).sum(), of) for each in (logits, other))
    compare(mine, far, oracle=oracle, what="gradient")


def test_a_path_is_the_product_of_its_matrices(compare: Any) -> None:
    model, x = given((2, 5, 7, 6, 3, 2))
    _, (first, second) = model(x)
    OV = model.V @ model.O  # (layers, h, D, D)
    expected = second[:, 2] @ first[:, 1] @ model.E[x] @ OV[0, 1] @ OV[1, 2] @ model.U
    paths = model.path_sums(x)
    compare(paths[(0, 1), (1, 2)], expected, oracle="by hand", what="value")
    compare(paths[()], model.E[x] @ model.U, oracle="the direct path", what="value")


def test_a_path_is_gone_where_its_head_carries_nothing() -> None:
    model, x = given((2, 5, 7, 6, 3, 2))
    with torch.no_grad():
        model.O[0, 1] = 0
    for path, part in model.path_sums(x).items():
        assert part.any() != ((0, 1) in path), path


def test_nothing_later_is_seen() -> None:
    model, x = given((3, 9, 4, 4, 1, 2))
    other = torch.cat([x[:, :5], (x[:, 5:] + 1) % 4], dim=1)
    (before, patterns), (after, _) = model(x), model(other)
    assert torch.equal(before[:, :5], after[:, :5])
    assert (before[:, 5:] != after[:, 5:]).any()
    assert not any(A.triu(1).any() for A in patterns)
    assert all((A.sum(dim=-1) - 1).abs().max() < 1e-12 for A in patterns)


def test_positions_move_where_is_looked_and_nothing_else() -> None:
    model, x = given((2, 5, 7, 6, 3, 1))
    other = InductionHeads(7, 6, 3, 1, 7).double()
    other.load_state_dict({**model.state_dict(), "p": torch.randn(7, 6).double()})
    (_, (A,)), (_, (B,)) = model(x), other(x)
    assert not torch.allclose(A, B)
    assert torch.equal(model.path_sums(x)[()], other.path_sums(x)[()])


def test_no_token_and_no_row_have_an_answer() -> None:
    model, _ = given((2, 5, 7, 6, 3, 2))
    assert model(torch.zeros(2, 0, dtype=torch.long))[0].shape == (2, 0, 7)
    assert model(torch.zeros(0, 5, dtype=torch.long))[0].shape == (0, 5, 7)


X = torch.zeros(2, 5, dtype=torch.long)
BAD: dict[str, tuple[Callable[[InductionHeads], Any], str]] = {
    "beyond the table": (lambda m: m(X.repeat(1, 2)), r"\(B, T <= 7\), got \(2, 10\)"),
    "one row": (lambda m: m(X[0]), r"expected tokens \(B, T <= 7\), got \(5,\)"),
    "heads that do not divide": (lambda m: InductionHeads(7, 6, 4, 2, 5), r"got \(7, 6, 4, 2, 5\)"),
    "no layer": (lambda m: InductionHeads(7, 6, 3, 0, 5), r"at least 1.*got \(7, 6, 3, 0, 5\)"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act(InductionHeads(7, 6, 3, 2, 7))


def test_nothing_given_is_changed_and_no_random_number_is_drawn() -> None:
    model, x = given((2, 5, 7, 6, 3, 2))
    parts = [x, *model.parameters()]
    before, versions = [p.detach().clone() for p in parts], [p._version for p in parts]
    state = torch.get_rng_state()
    assert torch.equal(model(x)[0], model(x)[0])
    model.path_sums(x)
    assert torch.equal(torch.get_rng_state(), state)
    assert all(torch.equal(p, old) for p, old in zip(parts, before, strict=True))
    assert [p._version for p in parts] == versions


def test_weights_survive_saving() -> None:
    model, x = given((2, 5, 7, 6, 3, 2))
    another = InductionHeads(7, 6, 3, 2, 7).double()
    another.load_state_dict(model.state_dict())
    assert torch.equal(another(x)[0], model(x)[0])


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64], ids=str)
def test_the_dtype_stays(dtype: torch.dtype) -> None:
    model, x = given((2, 5, 7, 6, 3, 2))
    logits, patterns = model.to(dtype)(x)
    assert {logits.dtype, *(A.dtype for A in patterns)} == {dtype}
    assert logits.isfinite().all()
    assert {part.dtype for part in model.path_sums(x).values()} == {dtype}


def test_bfloat16_autocast_stays_near() -> None:
    model, x = given((2, 5, 7, 6, 3, 2))
    model = model.float()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits, _ = model(x)
    logits.float().sum().backward()
    assert model.E.grad is not None and model.E.grad.isfinite().all()
    assert (logits.float() - model(x)[0]).abs().max() < 0.1


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    model, x = given((2, 5, 7, 6, 3, 2))
    here = model(x)[0]
    there = model.cuda()(x.cuda())[0]
    assert (here - there.cpu()).abs().max() < 1e-9


def period_of(row: Tensor) -> int:
    return next(n for n in range(1, len(row)) if torch.equal(row[n:], row[:-n]))


def test_rows_repeat_with_a_period_of_their_own() -> None:
    x, known = repeats(400, (8, 20))
    found = torch.tensor([period_of(row) for row in x])
    assert set(found.tolist()) == set(range(8, 21))
    for row, period, can in zip(x[:50], found.tolist(), known, strict=False):
        assert len(set(row[:period].tolist())) == period  # no token twice, so one answer
        assert can.tolist() == [t > period for t in range(1, 33)]
    assert {period_of(row) for row in repeats(20, (14, 14))[0]} == {14}


@pytest.fixture(scope="module")
def result() -> induction_heads.Result:
    return induction_heads.demo()


def test_two_layers_reach_the_bar_and_one_does_not(result: induction_heads.Result) -> None:
    assert result.metric >= result.expected > result.one_layer > result.chance
    assert result.one_layer < 0.3
    assert result.metric == pytest.approx(induction_heads.accuracy(result.model, (8, 20)), abs=0.02)


def test_the_stripes_are_where_the_picture_says(result: induction_heads.Result) -> None:
    before, after = result.maps
    assert before.diagonal(-1).mean() > 0.4
    assert after[12:].argmax(dim=1).tolist().count(0) == 0
    at = torch.arange(12, 26)
    assert (after[12:].argmax(dim=1) == at - 11).double().mean() > 0.8


def test_without_the_head_that_looks_back_induction_suffers(
    result: induction_heads.Result,
) -> None:
    cut = InductionHeads(24, 32, 2, 2, 32)
    cut.load_state_dict(result.model.state_dict())
    with torch.no_grad():
        cut.O[0] = 0  # all of the first layer
    assert induction_heads.accuracy(cut, (8, 20)) < result.expected < result.metric


def test_a_fixed_period_lets_one_layer_cheat() -> None:
    torch.manual_seed(0)
    model, curve = induction_heads.train(1, (14, 14), updates=100)
    assert curve[-1] > 0.9
    assert induction_heads.accuracy(model, (8, 20)) < 0.3


def test_the_demo_leaves_random_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        induction_heads, "train", lambda layers: (InductionHeads(24, 32, 2, layers, 32), [])
    )
    before = torch.get_rng_state()
    first, again, other = (induction_heads.demo(seed) for seed in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), before)
    assert first.metric == again.metric != other.metric
