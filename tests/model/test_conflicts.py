"""What two devices said otherwise: told where neither knew of the other, and nowhere else."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tools.model.progress import Progress, ProgressEvent, SubjectState, conflicts, merge, state


def event(device: str, n: int, **said: Any) -> ProgressEvent:
    return ProgressEvent({"device": device, "n": n, "subject": "topic/x"} | said)


def told(mine: list[ProgressEvent], theirs: list[ProgressEvent], **more: Any) -> list[Any]:
    return [
        (one.subject, one.field, one.mine.key, one.theirs.key, one.stands)
        for one in conflicts(mine, theirs, **more)
    ]


def test_of_two_that_knew_nothing_of_each_other_the_later_stands() -> None:
    mine, theirs = event("a", 3, status="done"), event("b", 2, status="reading", rating=4)
    assert told([mine], [theirs]) == [("topic/x", "status", ("a", 3), ("b", 2), "done")]
    assert told([theirs], [mine]) == [("topic/x", "status", ("b", 2), ("a", 3), "done")]


def test_who_has_seen_the_other_only_changed_a_mind() -> None:
    first, second = event("a", 1, status="reading"), event("b", 2, status="done")
    assert told([first], [first, second]) == []
    assert told([first, second], [first]) == []


def test_the_same_said_twice_is_no_conflict_and_taking_it_back_is_one() -> None:
    done, cleared = event("a", 1, status="done"), event("c", 3, status=None)
    assert told([done], [event("b", 2, status="done")]) == []
    assert told([done], [cleared]) == [("topic/x", "status", ("a", 1), ("c", 3), None)]


def test_what_was_undone_or_is_to_be_forgotten_takes_no_part() -> None:
    done, other = event("a", 1, status="done"), event("b", 1, status="planned")
    undo = ProgressEvent({"device": "b", "n": 2, "undo": ["b", 1]})
    forget = ProgressEvent({"device": "b", "n": 3, "forget": ["a", 1]})
    assert told([done], [other, undo]) == []
    assert told([done], [other, forget]) == []
    early = ProgressEvent({"device": "b", "n": 2, "undo": ["a", 1]})
    assert told([done], [other, early]) == []


def test_a_cloned_device_is_as_two_and_former_ids_are_as_one() -> None:
    assert told([event("a", 1, rating=1)], [event("a", 1, rating=2)]) == [
        ("topic/x", "rating", ("a", 1), ("a", 1), 2)
    ]
    former = event("b", 2, subject="topic/old", note="b")
    assert told([event("a", 1, note="a")], [former]) == []
    assert told([event("a", 1, note="a")], [former], renamed={"topic/old": "topic/x"}) == [
        ("topic/x", "note", ("a", 1), ("b", 2), "b")
    ]


def _one(device: str, n: int, said: Any) -> ProgressEvent:
    if isinstance(said, tuple):
        return ProgressEvent({"device": device, "n": n, said[0]: [*said[1:]]})
    return event(device, n, status=said)


KEYS = st.tuples(st.sampled_from("ab"), st.integers(1, 4))
SAID = st.one_of(
    st.sampled_from(["done", "planned", None]),
    KEYS.map(lambda key: ("undo", *key)),
    KEYS.map(lambda key: ("forget", *key)),
)
EVENTS = st.builds(lambda key, said: _one(*key, said), KEYS, SAID)
SIDES = st.lists(EVENTS, max_size=4).map(lambda events: merge(Progress(tuple(events))))


@given(SIDES, SIDES)
def test_what_is_said_to_stand_does_once_both_are_merged(mine: Progress, theirs: Progress) -> None:
    after = state(merge(mine, theirs).events).get("topic/x", SubjectState())
    for one in conflicts(mine.events, theirs.events):
        assert after.status == one.stands


@given(SIDES, SIDES)
def test_a_conflict_is_the_same_from_both_sides_and_gone_once_merged(
    mine: Progress, theirs: Progress
) -> None:
    found = [*conflicts(mine.events, theirs.events)]
    assert [(one.mine, one.theirs) for one in conflicts(theirs.events, mine.events)] == [
        (one.theirs, one.mine) for one in found
    ]
    assert [*conflicts(merge(mine, theirs).events, theirs.events)] == []
