"""Whether a value is an event, how sets of events merge, and what they add up to."""

import json
import random
from functools import reduce
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.progresses import CASES, RENAMED, events_of, progresses, random_values
from tools.model.progress import (
    LARGEST_COUNT,
    Progress,
    ProgressEvent,
    SubjectState,
    event_faults,
    forgotten,
    live,
    merge,
    next_count,
    state,
    statuses,
    undoable,
)

EVENT: dict[str, Any] = {"device": "a", "n": 1, "at": None, "subject": "resource/x"}


def cases_with(*keys: str) -> pytest.MarkDecorator:
    cases = [case for case in CASES if all(key in case for key in keys)]
    return pytest.mark.parametrize("case", cases, ids=lambda case: case["why"])


@cases_with("events", "statuses")
def test_events_add_up_in_any_order(case: dict[str, Any]) -> None:
    events = events_of(case["events"])
    shuffled = random.Random(7).sample(events, len(events))
    for order in (events, events[::-1], shuffled, events + events):
        assert statuses(order, case.get("renamed", {})) == case["statuses"]


@cases_with("events", "state")
def test_all_that_stands_of_a_subject(case: dict[str, Any]) -> None:
    def expected(said: dict[str, Any]) -> SubjectState:
        keys = {name: tuple(key) for name, key in said.get("set_by", {}).items()}
        return SubjectState(**{**said, "set_by": keys})

    found = state(events_of(case["events"]), case.get("renamed", {}))
    assert found == {subject: expected(said) for subject, said in case["state"].items()}


@cases_with("events", "next_n")
def test_the_next_counter(case: dict[str, Any]) -> None:
    assert next_count(events_of(case["events"])) == case["next_n"]


@cases_with("events")
def test_the_fields_that_keep_a_value_from_being_an_event(case: dict[str, Any]) -> None:
    strange = [
        [place, where[0] if where else ""]
        for place, value in enumerate(case["events"])
        for where, _ in event_faults(value)
    ]
    assert strange == case.get("strange", [])


@cases_with("merge")
def test_sets_merge_in_any_order_and_grouping(case: dict[str, Any]) -> None:
    parts = [Progress(tuple(events_of(events))) for events in case["merge"]]
    for order in permutations(parts):
        for merged in (merge(*order), reduce(merge, order, Progress())):
            assert [event.canonical for event in merged.events] == case["merged"]


@given(progresses(), progresses(), progresses())
def test_merging_is_commutative_associative_and_idempotent(
    a: Progress, b: Progress, c: Progress
) -> None:
    whole = merge(a, b, c)
    assert merge(b, a) == merge(a, b)
    assert merge(merge(a, b), c) == merge(a, merge(b, c)) == whole
    assert merge(whole, whole) == merge(whole, a) == merge(whole) == whole


@given(progresses(), progresses())
def test_merging_loses_nothing_but_what_was_forgotten(a: Progress, b: Progress) -> None:
    merged = merge(a, b)
    gone = forgotten({*a.events, *b.events})
    assert {e for e in merged.events if e.key not in gone} == {
        e for e in (*a.events, *b.events) if e.key not in gone
    }
    for event in merged.events:
        assert event.key not in gone or event.fields.keys() <= {"device", "n", "forget"}
    assert forgotten(merged.events) == gone
    assert set(merged.foreign) <= {*a.foreign, *b.foreign}
    assert all('"n"' in text for text in {*a.foreign, *b.foreign} - {*merged.foreign})


@given(progresses(), progresses())
def test_forgetting_changes_the_state_no_further_once_merged(a: Progress, b: Progress) -> None:
    assert state(merge(a, b).events, RENAMED) == state([*a.events, *b.events], RENAMED)


@given(st.randoms(use_true_random=False).map(random_values))
def test_an_event_is_spelled_again_as_it_was(made: list[Any]) -> None:
    for event in events_of(made):
        assert json.loads(event.canonical) == event.fields
        assert ProgressEvent(event.fields).canonical == event.canonical


def test_a_spelling_is_one_whatever_its_keys_spaces_and_accents() -> None:
    composed = ProgressEvent({"n": 1, "device": "a", "note": "é"})
    decomposed = ProgressEvent({"note": "e\u0301", "device": "a", "n": 1.0})
    assert composed == decomposed
    assert composed.canonical == decomposed.canonical == '{"device":"a","n":1,"note":"é"}'
    assert decomposed.fields == composed.fields


def test_undoing_goes_back_step_by_step_through_what_one_device_said() -> None:
    events = [
        ProgressEvent(EVENT | {"status": "done"}),
        ProgressEvent(EVENT | {"n": 2, "rating": 4}),
        ProgressEvent(EVENT | {"n": 3, "device": "b"}),
        ProgressEvent({"device": "a", "n": 4, "forget": ["c", 1]}),
    ]
    taken = []
    while target := undoable(events, "a"):
        taken.append(target.n)
        undo = {"device": "a", "n": next_count(events), "undo": list(target.key)}
        events.append(ProgressEvent(undo))
    assert taken == [2, 1]
    redo = ProgressEvent({"device": "a", "n": next_count(events), "undo": ["a", 5]})
    assert state([*events, redo])["resource/x"].rating == 4
    assert [event.n for event in live(events)] == [3, 4, 5, 6]


FAULTY: list[tuple[Any, list[tuple[tuple[str | int, ...], str]]]] = [
    ("done", [((), "found 'done', expected an event such as {device, n, at, subject, status}")]),
    (None, [((), "found None, expected an event such as {device, n, at, subject, status}")]),
    (EVENT | {"n": 0}, [(("n",), f"found 0, expected a whole number from 1 to {LARGEST_COUNT}")]),
    (EVENT | {"n": LARGEST_COUNT + 1},
     [(("n",), f"found 2147483648, expected a whole number from 1 to {LARGEST_COUNT}")]),
    (EVENT | {"n": 1.5},
     [(("n",), f"found 1.5, expected a whole number from 1 to {LARGEST_COUNT}")]),
    (EVENT | {"n": float("inf")},
     [(("n",), f"found inf, expected a whole number from 1 to {LARGEST_COUNT}")]),
    (EVENT | {"n": True},
     [(("n",), f"found True, expected a whole number from 1 to {LARGEST_COUNT}")]),
    (EVENT | {"device": ""}, [(("device",), "found '', expected the id of a device")]),
    (EVENT | {"device": 7}, [(("device",), "found 7, expected the id of a device")]),
    (EVENT | {"status": "finished"},
     [(("status",), "found 'finished', expected one of planned, reading, skimmed, done, review, "
       "dropped")]),
    (EVENT | {"status": ["done"]},
     [(("status",), "found ['done'], expected one of planned, reading, skimmed, done, review, "
       "dropped")]),
    (EVENT | {"subject": ["x"]}, [(("subject",), "found ['x'], expected a kind/id as text")]),
    (EVENT | {"rating": 6},
     [(("rating",), "found 6, expected a whole number from 1 to 5, or null")]),
    (EVENT | {"note": 5}, [(("note",), "found 5, expected text, or null")]),
    (EVENT | {"spent": -1}, [(("spent",), "found -1, expected whole minutes from 0 to 100000")]),
    (EVENT | {"at": "now"},
     [(("at",), "found 'now', expected a time such as 2026-11-20T21:10Z, a day, or null")]),
    (EVENT | {"undo": "a"}, [(("undo",), "found 'a', expected [device, n] of an event")]),
    (EVENT | {"undo": ["a", 1, 2]},
     [(("undo",), "found ['a', 1, 2], expected [device, n] of an event")]),
    (EVENT | {"undo": ["a", 2**60]},
     [(("undo",), f"found ['a', {2**60}], expected [device, n] of an event")]),
    (EVENT | {"forget": [1, "a"]},
     [(("forget",), "found [1, 'a'], expected [device, n] of an event")]),
    (EVENT | {"later": [{"x": 2**53}]},
     [(("later", 0, "x"), "found 9007199254740992, expected a number between -9007199254740991 "
       "and 9007199254740991 with few digits after the point")]),
    (EVENT | {"later": [[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]},
     [(("later", *[0] * 15), "found more than 16 levels of nesting, expected fewer")]),
    ({"n": 0},
     [(("n",), f"found 0, expected a whole number from 1 to {LARGEST_COUNT}"),
      (("device",), "found None, expected the id of a device")]),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "faults"), FAULTY, ids=lambda value: str(value)[:50])
def test_what_is_no_event_says_why(fields: Any, faults: list[Any]) -> None:
    assert list(event_faults(fields)) == faults


@pytest.mark.parametrize(
    "more",
    [{}, {"n": LARGEST_COUNT}, {"n": 1.0}, {"status": None}, {"status": "done"},
     {"of-tomorrow": [1, 0.5, {"x": "y"}]}, {"rating": None}, {"rating": 5}, {"note": ""},
     {"spent": 100_000}, {"at": "2026-11-20"}, {"undo": ["a", 1]}, {"forget": ["b", 2]}],
    ids=str,
)  # fmt: skip
def test_what_is_an_event_has_no_fault(more: dict[str, Any]) -> None:
    assert list(event_faults(EVENT | more)) == []
