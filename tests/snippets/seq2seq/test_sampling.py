"""Temperature, top-k and top-p against values by hand and a loop, and what is said of them."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from snippets.seq2seq import sampling as module
from snippets.seq2seq.sampling import sample, temperature, top_k, top_p

HAND = "values by hand"
LOOP = "a loop over symbols"


@pytest.fixture(autouse=True)
def _same_numbers() -> None:
    torch.manual_seed(1)


def logs(*p: float) -> Tensor:
    return torch.tensor(p, dtype=torch.float64).log()


def same(ours: Tensor, wanted: list[float], compare: Any, oracle: str = HAND) -> None:
    compare(ours.exp(), torch.tensor(wanted, dtype=torch.float64), oracle=oracle, what="value")


def test_temperature_by_hand(compare: Any) -> None:
    u = torch.tensor([2.0, 1, 0], dtype=torch.float64)
    for tau in (0.5, 1, 2):
        raised = [math.exp(score / tau) for score in (2, 1, 0)]
        same(temperature(u, tau), [each / sum(raised) for each in raised], compare)
    said = {tau: [round(x, 2) for x in temperature(u, tau).exp().tolist()] for tau in (0.5, 1, 2)}
    assert said == {0.5: [0.87, 0.12, 0.02], 1: [0.67, 0.24, 0.09], 2: [0.51, 0.31, 0.19]}
    # On probabilities: p to the power of 1 / tau, rescaled. 0.64 + 0.04 + 0.04 = 0.72.
    same(temperature(logs(0.8, 0.2, 0.2), 0.5), [8 / 9, 1 / 18, 1 / 18], compare)


def test_top_k_by_hand(compare: Any) -> None:
    u = logs(0.1, 0.4, 0.2, 0.3)
    same(top_k(u, 1), [0, 1, 0, 0], compare)
    same(top_k(u, 2), [0, 4 / 7, 0, 3 / 7], compare)
    same(top_k(u, 3), [0, 4 / 9, 2 / 9, 3 / 9], compare)
    same(top_k(u, 4), [0.1, 0.4, 0.2, 0.3], compare)


def test_top_p_by_hand(compare: Any) -> None:
    u = logs(0.1, 0.4, 0.2, 0.3)
    same(top_p(u, 0.39), [0, 1, 0, 0], compare)
    same(top_p(u, 0.41), [0, 4 / 7, 0, 3 / 7], compare)
    same(top_p(u, 0.8), [0, 4 / 9, 2 / 9, 3 / 9], compare)
    same(top_p(u, 0.95), [0.1, 0.4, 0.2, 0.3], compare)
    u = torch.tensor([2.0, 1, 0], dtype=torch.float64)  # as on the page: 0.73 and 0.27
    assert [round(x, 2) for x in top_p(u, 0.9).exp().tolist()] == [0.73, 0.27, 0]


@pytest.mark.parametrize("V", [1, 2, 7, 40])
@pytest.mark.parametrize("p", [0.0, 0.2, 0.5, 0.9, 0.999, 1.0])
@pytest.mark.parametrize("k", [1, 2, 5, 100])
def test_both_cuts_equal_a_loop(V: int, p: float, k: int, compare: Any) -> None:
    u = torch.randn(3, V, dtype=torch.float64)
    for row, kept_k, kept_p in zip(u, top_k(u, k), top_p(u, p), strict=True):
        all_p = row.softmax(dim=0).tolist()
        order = sorted(range(V), key=lambda i: -all_p[i])
        few, total = [], 0.0
        for i in order:
            few.append(i)
            total += all_p[i]
            if total >= p and p < 1:
                break
        for kept, those in ((kept_k, order[:k]), (kept_p, few)):
            mass = sum(all_p[i] for i in those)
            wanted = [all_p[i] / mass if i in those else 0.0 for i in range(V)]
            same(kept, wanted, compare, LOOP)
            assert not kept.exp()[[i for i in range(V) if i not in those]].any()


def test_of_equals_the_first_goes_first(compare: Any) -> None:
    u = logs(0.2, 0.2, 0.2, 0.2, 0.2)
    same(top_k(u, 2), [0.5, 0.5, 0, 0, 0], compare)
    same(top_p(u, 0.5), [1 / 3, 1 / 3, 1 / 3, 0, 0], compare)
    same(top_p(torch.zeros(4, dtype=torch.float64), 0.5), [0.5, 0.5, 0, 0], compare)
    same(top_k(torch.zeros(300, dtype=torch.float64), 1), [1] + [0] * 299, compare)


def test_a_temperature_of_zero_leaves_the_best_and_shares_among_equals(compare: Any) -> None:
    same(temperature(logs(0.1, 0.5, 0.4), 0), [0, 1, 0], compare)
    same(temperature(logs(0.4, 0.2, 0.4), 0), [0.5, 0, 0.5], compare)
    same(temperature(logs(0.4, 0.2, 0.4), 1e-320), [0.5, 0, 0.5], compare)
    same(temperature(logs(0.1, 0.5, 0.4), 1e-9), [0, 1, 0], compare)


def test_an_endless_temperature_is_an_even_draw_of_what_is_possible(compare: Any) -> None:
    same(temperature(logs(0.1, 0.5, 0.4, 0), math.inf), [1 / 3, 1 / 3, 1 / 3, 0], compare)


def test_p_of_one_and_a_large_k_cut_nothing(compare: Any) -> None:
    u = torch.randn(4, 1000) * 8  # float32: the sum reaches 1 long before the last
    for cut in (top_p(u, 1), top_k(u, 1000), top_k(u, 10**9)):
        compare(cut, u.log_softmax(dim=-1), oracle="log_softmax", what="value", atol=1e-5)


def test_p_of_nothing_leaves_the_best(compare: Any) -> None:
    same(top_p(logs(0.3, 0.4, 0.3), 0), [0, 1, 0], compare)


def test_what_is_impossible_stays_so(compare: Any) -> None:
    u = logs(0.5, 0, 0.5)
    for each in (temperature(u, 0.3), temperature(u, 9), top_k(u, 3), top_p(u, 1), top_p(u, 0.99)):
        same(each, [0.5, 0, 0.5], compare)


def test_a_constant_added_to_the_scores_changes_nothing(compare: Any) -> None:
    u = torch.randn(2, 3, 6, dtype=torch.float64)
    for act in (lambda u: temperature(u, 0.7), lambda u: top_k(u, 3), lambda u: top_p(u, 0.6)):
        compare(act(u + 1000), act(u), oracle="the same scores", what="value")


def test_draws_come_as_often_as_said() -> None:
    u = logs(0.1, 0.4, 0.2, 0.3).expand(20000, 4)
    for options, wanted in (
        ({}, [0.1, 0.4, 0.2, 0.3]),
        ({"k": 2}, [0, 4 / 7, 0, 3 / 7]),
        ({"p": 0.8}, [0, 4 / 9, 2 / 9, 3 / 9]),
        ({"tau": 0.5}, [1 / 30, 16 / 30, 4 / 30, 9 / 30]),
        # 16, 4, 9 of 29 by k: the first two reach 0.8, which without temperature they do not.
        ({"tau": 0.5, "k": 3, "p": 0.8}, [0, 16 / 25, 0, 9 / 25]),
    ):
        often = sample(u, **options).bincount(minlength=4) / 20000
        assert (often - torch.tensor(wanted)).abs().max() < 0.015, options
        assert not often[torch.tensor(wanted) == 0].any()


def test_a_draw_has_the_shape_of_the_rows_and_its_own_generator() -> None:
    u = torch.randn(2, 3, 50)
    assert sample(u[0, 0]).shape == ()
    before = torch.get_rng_state()
    draws = [sample(u, generator=torch.Generator().manual_seed(s)) for s in (4, 4, 5)]
    assert draws[0].shape == (2, 3) and torch.equal(draws[0], draws[1])
    assert not torch.equal(draws[0], draws[2])
    assert torch.equal(torch.get_rng_state(), before)
    assert sample(torch.zeros(0, 5)).shape == (0,)


def test_greedy_has_three_names() -> None:
    u = torch.randn(40, 9)
    best = u.argmax(dim=-1)
    for options in ({"tau": 0}, {"k": 1}, {"p": 0}):
        assert torch.equal(sample(u, **options), best)


BAD: dict[str, tuple[Any, dict[str, Any], str]] = {
    "negative temperature": (torch.zeros(3), {"tau": -1}, r"expected tau >= 0.*got -1, 3 and 1"),
    "no temperature": (torch.zeros(3), {"tau": math.nan}, "got nan"),
    "no symbol to keep": (torch.zeros(3), {"k": 0}, r"k >= 1.*got 1, 0 and 1"),
    "more than all": (torch.zeros(3), {"p": 1.1}, r"0 <= p <= 1, got 1, 3 and 1\.1"),
    "less than nothing": (torch.zeros(3), {"p": -0.1}, r"got 1, 3 and -0\.1"),
    "nothing possible": (torch.full((2, 3), -math.inf), {}, "expected a finite best score"),
    "no number": (torch.tensor([0.0, math.nan]), {}, r"finite.*nan"),
    "an endless score": (torch.tensor([0.0, math.inf]), {}, r"finite.*inf"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_does_not_fit_is_named(case: str) -> None:
    u, options, message = BAD[case]
    with pytest.raises(ValueError, match=message):
        sample(u, **options)


def test_nothing_given_is_changed() -> None:
    u = torch.randn(3, 6)
    before, version = u.clone(), u._version
    sample(u, 0.5, 3, 0.8)
    assert torch.equal(u, before) and u._version == version


@pytest.mark.parametrize(
    "dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64], ids=str
)
def test_the_dtype_stays_and_what_is_cut_is_exactly_nothing(dtype: torch.dtype) -> None:
    u = torch.randn(5, 20).to(dtype)
    for each, left in ((top_k(u, 4), 4), (top_p(u, 0), 1), (temperature(u * 9, 0), 1)):
        assert each.dtype == dtype
        assert ((each.exp() > 0).sum(dim=-1) == left).all()
    assert sample(u, 0.7, 5, 0.9).dtype == torch.int64


@pytest.mark.cuda
def test_equals_itself_on_cuda() -> None:
    u = torch.randn(5, 20, dtype=torch.float64)
    for act in (lambda u: temperature(u, 0.7), lambda u: top_k(u, 3), lambda u: top_p(u, 0.6)):
        assert (act(u).exp() - act(u.cuda()).exp().cpu()).abs().max() < 1e-9
    assert sample(u.cuda(), 0).tolist() == u.argmax(dim=-1).tolist()


def test_the_demo_shows_what_is_said_of_it() -> None:
    """A fixed number on both sides by top-k; by top-p few where the model is sure, else many."""
    cuts = module.demo()
    assert torch.equal(cuts.after, module.demo(3).after)
    _, of_k, of_p = (cuts.after > 0).sum(dim=-1).tolist()
    assert of_k == [3, 3] and of_p[0] < 3 < of_p[1] < 8
    assert (cuts.after[0, :, 0] > cuts.before[:, 0]).all()
    assert (cuts.before.sum(dim=-1) - 1).abs().max() < 1e-6
