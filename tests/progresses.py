"""Values that progress files may hold, sound and strange, as chance has it; and texts of them."""

import json
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import strategies as st

from tools.model.progress import Progress, ProgressEvent, event_faults
from tools.storage.yaml import read_yaml

_TABLE = Path(__file__).parent / "cases" / "progress.yml"
CASES: list[dict[str, Any]] = read_yaml(_TABLE.read_text(encoding="utf-8"))

DEVICES = ("a", "b", "é", "e\u0301", "\ue000", "\U0001f600", "k7fq2")
SUBJECTS = ("resource/x", "resource/old", "snippet/a/b", "topic/y", "__proto__", "of-tomorrow/z")
RENAMED = {"resource/old": "resource/x"}
# Letters that YAML, JSON, NFC, UTF-16 and web pages treat in their own ways.
LETTERS = 'aé中\u0301"\\\n\t\0\x7f\x85\u2028\ufeff\ue000\U0001f600 -#:{}[],<&'
# Numbers that are sound are written alike in both languages; the others make no event.
NUMBERS: tuple[Any, ...] = (0, 1, -7, 2.0, -0.0, 0.5, 1234567.891, 0.0001, 2**53 - 1)
STRANGE_NUMBERS: tuple[Any, ...] = (2**31, 2**53, 10**30, 1.5, 1e-7, 1e300, True)
STRANGE: tuple[Any, ...] = (None, 5, "text", [], {}, [1], "planned ", *STRANGE_NUMBERS)


def events_of(values: list[Any]) -> list[ProgressEvent]:
    """Those of the values that are events."""
    return [ProgressEvent(value) for value in values if not [*event_faults(value)]]


@st.composite
def progresses(draw: st.DrawFn) -> Progress:
    """Sets of events with what is none beside them."""
    values = random_values(draw(st.randoms(use_true_random=False)))
    foreign = st.sampled_from(["1", '"x"', '{"device":"a","n":1,"at":5}', "[]"])
    texts = draw(st.lists(foreign, max_size=2))
    return Progress(tuple(events_of(values)), tuple(texts))


def random_values(chance: Random, most: int = 12) -> list[Any]:
    """Some values that stand in `events`: most of them events, on few keys so that they meet."""
    return [random_value(chance) for _ in range(chance.randrange(most))]


def random_value(chance: Random) -> Any:
    """One value: an event, or at times one with something strange in it, or something else."""
    if chance.random() < 0.03:
        return chance.choice(STRANGE)
    fields = {"device": chance.choice(DEVICES), "n": chance.randint(1, 8)} | _said(chance)
    if chance.random() < 0.08:
        fields[chance.choice([*fields, "status", "rating", "undo", "at"])] = chance.choice(STRANGE)
    return fields


def as_json(chance: Random, value: Any) -> str:
    """A JSON text of a value with spaces, and the order of keys, as chance has it."""
    if isinstance(value, dict):
        keys = chance.sample([*value], len(value))
        value = {key: value[key] for key in keys}
    spaced = chance.choice([(",", ":"), (", ", ": "), (" ,\t", " : ")])
    return json.dumps(value, separators=spaced, ensure_ascii=chance.random() < 0.3)


def as_lines(chance: Random, values: list[Any]) -> str:
    """The text of a file with a value a line."""
    lines = (f"- {as_json(chance, value)}\n" for value in values)
    return "".join(["format: unrolled-progress/1\n", "events:\n", *lines])


def _said(chance: Random) -> dict[str, Any]:
    kind = chance.random()
    if kind < 0.25:
        return {chance.choice(["undo", "undo", "forget"]): _key(chance)}
    said: dict[str, Any] = {
        "subject": chance.choice(SUBJECTS),
        "at": chance.choice([None, "2026-11-20T21:10Z", "2026-11-21"]),
        "status": chance.choice([None, "planned", "reading", "done"]),
        "rating": chance.choice([None, 1, 5.0]),
        "note": chance.choice([None, random_text(chance)]),
        "spent": chance.choice([0, 5, 45.0]),
        "undo": _key(chance),
        "later": {random_text(chance): [chance.choice(NUMBERS)], "9": 1, "10": None},
    }
    return {name: said[name] for name in said if chance.random() < 0.35}


def _key(chance: Random) -> list[Any]:
    return [chance.choice(DEVICES), chance.randint(1, 8)]


def random_text(chance: Random) -> str:
    """A short text of letters that are not easy to carry."""
    return "".join(chance.choice(LETTERS) for _ in range(chance.randrange(5)))
