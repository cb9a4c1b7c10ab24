"""The farm's books: what counts as rude, and what does not."""

from hypothesis import given
from hypothesis import strategies as st

from tests.linkcheck.farm.record import Record, busiest, rudeness

MOMENTS = st.lists(st.integers(0, 20).map(lambda quarters: quarters / 4), max_size=40).map(sorted)


@given(MOMENTS)
def test_the_busiest_second_is_that_of_looking_at_every_second(moments: list[float]) -> None:
    seconds = [sum(first <= other < first + 1 for other in moments) for first in moments]
    assert busiest(moments) == max(seconds, default=0)


def test_four_at_once_and_twenty_a_second_are_borne_and_one_more_is_not() -> None:
    polite = Record()
    for n in range(20):
        polite.arrive("GET", "/", n / 40)
        if n >= 4:
            polite.leave(10)
    assert (polite.most, polite.rudeness()) == (5, {"over 4 at once": 1})
    polite.leave(10)
    assert not polite.crowded
    polite.arrive("GET", "/", 0.99)
    assert polite.crowded
    assert polite.rudeness() == {"over 4 at once": 1, "over 20 a second": 1}


def test_a_plea_holds_until_its_end_but_not_for_who_could_not_have_heard_it() -> None:
    record = Record()
    record.beg(10, 5)
    record.beg(11, 2)
    for moment in (10.05, 12, 14.9, 15.1):
        record.arrive("GET", "/", moment)
        record.leave(0)
    assert record.too_early == 2
    record.beg(20, 1)
    record.arrive("GET", "/", 20.05)
    assert record.too_early == 2


def test_a_long_answer_that_was_taken_counts() -> None:
    record = Record()
    for size in (5_000_000, 5_000_001):
        record.arrive("GET", "/", 0)
        record.leave(size)
    assert rudeness({"a.test": record, "b.test": Record()}) == {"a.test": {"over 5 MB": 1}}
