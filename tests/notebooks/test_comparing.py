"""What counts as equal to an oracle: shapes, dtypes, and every number."""

from typing import Any

import pytest
import torch

from tests.snippets.comparing import Difference, differences

INF, NAN = torch.inf, torch.nan


def largest(ours: Any, theirs: Any) -> list[float]:
    return [one.largest for one in differences(ours, theirs)]


def test_a_difference_tells_where_it_is_largest() -> None:
    ours = torch.zeros(2, 3, 4, dtype=torch.float64)
    theirs = ours.clone()
    theirs[1, 0, 2], theirs[0, 2, 3] = -0.25, 0.125
    assert list(differences(ours, theirs)) == [Difference("", 0.25, (1, 0, 2), "float64")]


def test_tuples_and_lists_are_compared_part_by_part() -> None:
    one, two = torch.tensor(1.0), torch.tensor([2])
    found = list(differences((one, [two, 3.0]), [one, (two + 1, 3.5)]))
    assert found == [
        Difference("[0]", 0.0, (), "float32"),
        Difference("[1][0]", 1.0, (0,), "int64"),
        Difference("[1][1]", 0.5, (), "float64"),
    ]


@pytest.mark.parametrize(
    ("ours", "theirs", "difference"),
    [
        (torch.tensor([INF, -INF]), torch.tensor([INF, -INF]), 0.0),
        (torch.tensor([INF, 0.0]), torch.tensor([-INF, 0.0]), INF),
        (torch.tensor([INF]), torch.tensor([1.0]), INF),
        (torch.tensor([True, False]), torch.tensor([True, True]), 1.0),
        (torch.tensor([3 + 4j]), torch.tensor([0j]), 5.0),
        (torch.tensor([1.0], dtype=torch.float16), torch.tensor([1.5], dtype=torch.float16), 0.5),
        (torch.empty(0, 3), torch.empty(0, 3), 0.0),
        (torch.ones(2, requires_grad=True), torch.ones(2), 0.0),
        (2, 2.0, 0.0),
    ],
)
def test_how_far_apart(ours: Any, theirs: Any, difference: float) -> None:
    assert largest(ours, theirs) == [difference]


@pytest.mark.parametrize(
    ("ours", "theirs", "message"),
    [
        (torch.ones(2), torch.ones(1, 2), r"found the shape \(2,\), expected \(1, 2\)"),
        (torch.ones(1), torch.ones(()), r"found the shape \(1,\), expected \(\)"),
        (torch.ones(1), torch.ones(1).double(), "found torch.float32, expected torch.float64"),
        (torch.tensor(NAN), torch.tensor(1.0), "found nan in ours, expected numbers"),
        (torch.tensor(1.0), torch.tensor(NAN), "found nan in theirs, expected numbers"),
        ((torch.ones(1), NAN), (torch.ones(1), NAN), r"found nan in ours\[1\], expected numbers"),
        ((1.0,), (1.0, 2.0), "found 1 parts, expected 2"),
        ((1.0, (1.0,)), (1.0, ()), r"found 1 parts\[1\], expected 0"),
        ((1.0,), 1.0, "found tuple, expected a tensor or a number"),
        (None, None, "found NoneType, expected a tensor or a number"),
        (True, True, "found bool, expected a tensor or a number"),
    ],
)
def test_what_cannot_be_equal(ours: Any, theirs: Any, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        list(differences(ours, theirs))


def test_both_may_be_asked_to_be_of_one_dtype() -> None:
    both = torch.ones(1)
    assert len(list(differences(both, both, torch.float32))) == 1
    with pytest.raises(AssertionError, match=r"found torch\.float32, expected torch\.float64"):
        list(differences(both, both, torch.float64))
