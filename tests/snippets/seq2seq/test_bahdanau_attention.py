"""Additive attention against a loop over single numbers, values by hand, and what is said of it."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from snippets.seq2seq import bahdanau_attention
from snippets.seq2seq.bahdanau_attention import BahdanauAttention, Translator, additive_attention

# Batch, steps of the source, sizes of s, of h and of the space they are compared in.
SIZES = [(1, 1, 1, 1, 1), (3, 5, 4, 6, 2), (2, 7, 3, 1, 5), (4, 2, 1, 3, 3)]
ALL_SIZES = pytest.mark.parametrize("sizes", SIZES, ids=str)
MASKED = pytest.mark.parametrize("masked", [False, True], ids=["all", "masked"])


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def given(sizes: tuple[int, ...]) -> tuple[BahdanauAttention, Tensor, Tensor, Tensor]:
    """A model in float64, s, h, and a mask that leaves every row something to look at."""
    B, T, query, key, H = sizes
    s, h = (torch.randn(shape, dtype=torch.float64) for shape in ((B, query), (B, T, key)))
    mask = torch.rand(B, T) < 0.6
    mask[:, 0] = True
    model = BahdanauAttention(query, key, H).double()
    return model, s.requires_grad_(), h.requires_grad_(), mask


def looped(
    model: BahdanauAttention, s: Tensor, h: Tensor, mask: Tensor | None
) -> tuple[Tensor, ...]:
    """Equation by equation, one number at a time; what may not be looked at is left out."""
    W, U, v = model.W.weight, model.U.weight, model.v
    contexts, weights = [], []
    for b in range(len(h)):
        there = [j for j in range(h.shape[1]) if mask is None or mask[b, j]]
        e = {j: sum(v[k] * (W[k] @ s[b] + U[k] @ h[b, j]).tanh() for k in range(len(v)))
             for j in there}  # fmt: skip
        total = sum(e[j].exp() for j in there)
        a = [e[j].exp() / total if j in e else s.new_zeros(()) for j in range(h.shape[1])]
        contexts.append(sum(a[j] * h[b, j] for j in range(h.shape[1])))
        weights.append(torch.stack(a))
    return torch.stack(contexts), torch.stack(weights)


def gradients(answer: tuple[Tensor, ...], of: list[Tensor]) -> list[Tensor]:
    total = sum((part * torch.linspace(-1, 2, part.numel()).view_as(part)).sum() for part in answer)
    return list(torch.autograd.grad(total, of))


@ALL_SIZES
@MASKED
def test_equals_a_naive_loop(sizes: tuple[int, ...], masked: bool, compare: Any) -> None:
    model, s, h, mask = given(sizes)
    mine = model(s, h, mask if masked else None)
    other = looped(model, s, h, mask if masked else None)
    oracle, of = "a loop over single numbers", [s, h, *model.parameters()]
    compare(mine, other, oracle=oracle, what="forward", dtype=torch.float64)
    compare(gradients(mine, of), gradients(other, of), oracle=oracle, what="gradient")


def test_equals_values_by_hand(compare: Any) -> None:
    # tanh of artanh(1/2) and artanh(-1/2) is 1/2 and -1/2, so scores are ln 3 and 0: 3/4 and 1/4.
    half, v = math.atanh(0.5), math.log(3)
    given = [[half]], [[[0.0], [-2 * half]]], [v], [[[8.0, 0.0], [0.0, 4.0]]]
    mine = additive_attention(*(torch.tensor(part, dtype=torch.float64) for part in given))
    expected = [torch.tensor([row], dtype=torch.float64) for row in ([6.0, 1.0], [0.75, 0.25])]
    compare(list(mine), expected, oracle="values by hand", what="value", atol=1e-12)


@MASKED
def test_first_and_second_derivatives_agree_with_finite_differences(masked: bool) -> None:
    model, s, h, mask = given((2, 3, 2, 2, 3))
    mask[1] = False  # one row may look at nothing

    def answer(*of: Tensor) -> tuple[Tensor, ...]:
        return additive_attention(*of, mask if masked else None)

    of = [part.detach().requires_grad_() for part in (model.W(s), model.U(h), model.v, h)]
    assert torch.autograd.gradcheck(answer, of)
    assert torch.autograd.gradgradcheck(answer, of)


def test_keys_may_be_computed_once(compare: Any) -> None:
    model, s, h, mask = given((3, 5, 4, 6, 2))
    compare(model(s, h, mask, model.U(h)), model(s, h, mask), oracle="U h at every step",
            what="value")  # fmt: skip


def test_the_order_of_the_source_does_not_matter(compare: Any) -> None:
    model, s, h, mask = given((3, 5, 4, 6, 2))
    order = torch.tensor([3, 0, 4, 1, 2])
    c, a = model(s, h, mask)
    turned = model(s, h[:, order], mask[:, order])
    compare(turned, (c, a[:, order]), oracle="another order of h", what="value", atol=1e-12)


def test_weights_sum_to_one_and_are_zero_behind_the_mask() -> None:
    model, s, h, mask = given((4, 7, 3, 2, 5))
    _, a = model(s, h, mask)
    assert (a[~mask] == 0).all() and (a[mask] > 0).all()
    assert (a.sum(dim=1) - 1).abs().max() < 1e-12


def test_what_is_masked_never_matters() -> None:
    model, s, h, mask = given((4, 7, 3, 2, 5))
    other = torch.where(mask[..., None], h, 1e3).detach().requires_grad_()
    mine, same = model(s, h, mask), model(s, other, mask)
    assert torch.equal(mine[0], same[0]) and torch.equal(mine[1], same[1])
    (gradient,) = gradients(same, [other])
    assert (gradient[~mask] == 0).all()


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64], ids=str)
def test_a_row_that_may_look_at_nothing_gives_zeros(dtype: torch.dtype) -> None:
    model, s, h, mask = given((3, 5, 4, 6, 2))
    mask[1] = False
    model, s, h = model.to(dtype), s.detach().to(dtype), h.detach().to(dtype).requires_grad_()
    c, a = model(s, h, mask)
    assert {c.dtype, a.dtype} == {dtype}
    assert not c[1].any() and not a[1].any() and c[0].any()
    for gradient in gradients((c, a), [h, *model.parameters()]):
        assert gradient.isfinite().all()


def test_no_source_and_no_batch_have_an_answer() -> None:
    c, a = BahdanauAttention(4, 6, 2)(torch.zeros(3, 4), torch.zeros(3, 0, 6))
    assert (c.shape, a.shape) == ((3, 6), (3, 0)) and not c.any()
    c, a = BahdanauAttention(4, 6, 2)(torch.zeros(0, 4), torch.zeros(0, 5, 6))
    assert (c.shape, a.shape) == ((0, 6), (0, 5))


S, H = torch.zeros(2, 4), torch.zeros(2, 5, 6)
BAD: dict[str, tuple[Callable[[BahdanauAttention], Any], str]] = {
    "h too narrow": (lambda m: m(S, H[..., 1:]), r"expected h \(B, T, 6\), got \(2, 5, 5\)"),
    "h without a batch": (lambda m: m(S, H[0]), r"expected h \(B, T, 6\), got \(5, 6\)"),
    "s of another batch": (lambda m: m(S[:1], H), r"expected s \(2, 4\), got \(1, 4\)"),
    "s with steps": (lambda m: m(S[:, None], H), r"expected s \(2, 4\), got \(2, 1, 4\)"),
    "a mask of numbers": (lambda m: m(S, H, H[..., 0]), r"boolean mask \(2, 5\), got .*float"),
    "a mask of others": (lambda m: m(S, H, H[..., :3, 0] == 0), r"boolean.*\(2, 5\).*\(2, 3\)"),
    "keys of others": (lambda m: m(S, H, None, H), r"expected Uh \(2, 5, 3\), got \(2, 5, 6\)"),
    "no size": (lambda m: BahdanauAttention(4, 0, 3), r"at least 1, got \(4, 0, 3\)"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    act, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        act(BahdanauAttention(4, 6, 3))


def test_nothing_given_is_changed_and_no_random_number_is_drawn() -> None:
    model, s, h, mask = given((3, 5, 4, 6, 2))
    parts = [s, h, mask, *model.parameters()]
    before, versions = [p.detach().clone() for p in parts], [p._version for p in parts]
    state = torch.get_rng_state()
    assert torch.equal(model(s, h, mask)[0], model(s, h, mask)[0])
    assert torch.equal(torch.get_rng_state(), state)
    assert all(torch.equal(p, old) for p, old in zip(parts, before, strict=True))
    assert [p._version for p in parts] == versions


def test_weights_survive_saving() -> None:
    model, s, h, mask = given((3, 5, 4, 6, 2))
    another = BahdanauAttention(4, 6, 2).double()
    another.load_state_dict(model.state_dict())
    assert torch.equal(another(s, h, mask)[0], model(s, h, mask)[0])


def test_bfloat16_autocast_stays_near() -> None:
    model, s, h, mask = given((3, 5, 4, 6, 2))
    model, s, h = model.float(), s.detach().float(), h.detach().float().requires_grad_()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        c, _ = model(s, h, mask)
    c.float().sum().backward()
    assert h.grad is not None and h.grad.isfinite().all()
    assert (c.float() - model(s, h, mask)[0]).abs().max() < 0.05


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    model, s, h, mask = given((3, 5, 4, 6, 2))
    here = model(s, h, mask)
    there = model.cuda()(s.cuda(), h.cuda(), mask.cuda())
    assert all((a - b.cpu()).abs().max() < 1e-9 for a, b in zip(here, there, strict=True))


def letters(codes: Tensor) -> list[str]:
    return ["".join(map(chr, row)).rstrip("\0") for row in codes.tolist()]


def test_days_are_written_in_three_ways_and_every_fourth_is_held_out() -> None:
    months = bahdanau_attention.MONTHS.split()
    for held_out in (True, False):
        x, y = bahdanau_attention.dates(held_out, 500)
        for words, iso in zip(letters(x), letters(y), strict=True):
            year, month, day = iso.split("-")
            long = months[int(month) - 1]
            forms = f"{int(day)} {long} {year}", f"{long} {int(day)}, {year}"
            assert words in (*forms, f"{long[:3]} {int(day)}, {year}")
            past = bahdanau_attention.datetime.date.fromisoformat(iso)
            past -= bahdanau_attention.datetime.date(1950, 1, 1)
            assert (past.days % 4 == 0) == held_out


def test_padding_behind_a_date_does_not_change_what_is_written(compare: Any) -> None:
    model = Translator().double()
    x, _ = bahdanau_attention.dates(True, 6)
    scores, weights = model(x)
    padded = model(torch.nn.functional.pad(x, (0, 9)))
    compare(padded[0], scores, oracle="rows without padding", what="value", atol=1e-12)
    assert not padded[1][..., 18:].any()
    assert not weights.transpose(1, 2)[x == 0].any()


def test_looking_once_gives_all_steps_the_first_weights() -> None:
    x, _ = bahdanau_attention.dates(True, 6)
    _, weights = Translator()(x, once=True)
    assert torch.equal(weights, weights[:, :1].expand_as(weights))
    _, weights = Translator()(x)
    assert (weights[:, 1:] != weights[:, :1]).any(dim=2).all()


@pytest.fixture(scope="module")
def trained() -> tuple[bahdanau_attention.Result, Translator]:
    """The demo, and the model that it trained."""
    kept, train = [], bahdanau_attention.train
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bahdanau_attention, "train", lambda: kept.append(train()) or kept[0])
        result = bahdanau_attention.demo()
    return result, kept[0][0]


def test_the_demo_reaches_its_bar(trained: tuple[bahdanau_attention.Result, Translator]) -> None:
    result, model = trained
    assert result.metric >= result.expected > result.chance
    scores, weights = model(torch.tensor([list(b"3 March 1998")]))
    assert letters(scores.argmax(dim=2)) == ["1998-03-03"]
    assert torch.equal(weights[0], result.weights)


def test_the_year_is_read_at_the_end_and_the_day_at_the_start(
    trained: tuple[bahdanau_attention.Result, Translator],
) -> None:
    weights = trained[0].weights
    assert weights.shape == (10, 12)
    assert weights[:4, 7:].sum(dim=1).min() > 0.5  # 1998, behind "3 March "
    assert weights[5:7, :8].sum(dim=1).min() > 0.5  # 03, from March
    assert weights[8:, :3].sum(dim=1).mean() > 0.5  # 03, from 3


def test_the_demo_leaves_random_numbers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def drawn() -> tuple[Translator, list[float], float]:
        return Translator(), [], torch.rand(()).item()

    monkeypatch.setattr(bahdanau_attention, "train", drawn)
    before = torch.get_rng_state()
    first, again, other = (bahdanau_attention.demo(seed) for seed in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), before)
    assert first.metric == again.metric != other.metric
