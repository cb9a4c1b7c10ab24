"""What a set of events adds up to, and what is no event."""

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.model.progress import LARGEST_COUNT, ProgressEvent, event_faults, statuses
from tools.storage.yaml import read_yaml

CASES = read_yaml((Path(__file__).parents[1] / "cases/progress.yml").read_text(encoding="utf-8"))
EVENT: dict[str, Any] = {"device": "a", "n": 1, "at": None, "subject": "resource/x"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_events_add_up_in_any_order(case: dict[str, Any]) -> None:
    events = [ProgressEvent(fields) for fields in case["events"]]
    shuffled = random.Random(7).sample(events, len(events))
    for order in (events, events[::-1], shuffled, events + events):
        assert statuses(order, case.get("renamed", {})) == case["statuses"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_every_event_of_the_table_is_one(case: dict[str, Any]) -> None:
    assert [*map(list, map(event_faults, case["events"]))] == [[]] * len(case["events"])


SUBJECTS = ("resource/x", "topic/y")
keys = st.tuples(st.sampled_from("ab"), st.integers(1, 6))
events = st.builds(
    lambda key, said: ProgressEvent({"device": key[0], "n": key[1], **said}),
    keys,
    st.one_of(
        st.builds(
            lambda subject, status: {"subject": subject, "status": status},
            st.sampled_from(SUBJECTS),
            st.sampled_from(["done", "reading", None]),
        ),
        keys.map(lambda key: {"undo": list(key)}),
        keys.map(lambda key: {"forget": list(key)}),
    ),
)


@given(st.lists(events, max_size=8), st.randoms())
def test_order_and_repetition_never_matter(made: list[ProgressEvent], chance: Any) -> None:
    other = made + made[:3]
    chance.shuffle(other)
    assert statuses(other) == statuses(made)


def test_a_spelling_is_one_whatever_its_keys_spaces_and_accents() -> None:
    composed = ProgressEvent({"n": 1, "device": "a", "note": "é"})
    decomposed = ProgressEvent({"note": "e\u0301", "device": "a", "n": 1})
    assert composed.canonical == decomposed.canonical == '{"device":"a","n":1,"note":"é"}'


FAULTY: list[tuple[Any, list[tuple[tuple[str | int, ...], str]]]] = [
    ("done", [((), "found 'done', expected an event such as {device, n, at, subject, status}")]),
    (None, [((), "found None, expected an event such as {device, n, at, subject, status}")]),
    (EVENT | {"n": 0}, [(("n",), f"found 0, expected a whole number from 1 to {LARGEST_COUNT}")]),
    (EVENT | {"n": LARGEST_COUNT + 1},
     [(("n",), f"found 2147483648, expected a whole number from 1 to {LARGEST_COUNT}")]),
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
    (EVENT | {"undo": "a"}, [(("undo",), "found 'a', expected [device, n] of an event")]),
    (EVENT | {"undo": ["a", 1, 2]},
     [(("undo",), "found ['a', 1, 2], expected [device, n] of an event")]),
    (EVENT | {"forget": [1, "a"]},
     [(("forget",), "found [1, 'a'], expected [device, n] of an event")]),
    ({"n": 0},
     [(("n",), f"found 0, expected a whole number from 1 to {LARGEST_COUNT}"),
      (("device",), "found None, expected the id of a device")]),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "faults"), FAULTY, ids=lambda value: str(value)[:50])
def test_what_is_no_event_says_why(fields: Any, faults: list[Any]) -> None:
    assert list(event_faults(fields)) == faults


@pytest.mark.parametrize(
    "more",
    [{}, {"n": LARGEST_COUNT}, {"status": None}, {"status": "done"}, {"of-tomorrow": [1]},
     {"undo": ["a", 1]}, {"forget": ["b", 2]}],
    ids=str,
)  # fmt: skip
def test_what_is_an_event_has_no_fault(more: dict[str, Any]) -> None:
    assert list(event_faults(EVENT | more)) == []
