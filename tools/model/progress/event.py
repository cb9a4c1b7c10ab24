"""One event of somebody's progress, and what keeps a value from being one."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, get_args

from tools.model.problem import Where, found, listed
from tools.model.progress.spelling import is_whole, spelled, spelling_faults
from tools.model.text import is_date

FORMAT = "unrolled-progress/1"
LARGEST_COUNT = 2**31 - 1
Status = Literal["planned", "reading", "skimmed", "done", "review", "dropped"]
STATUSES: tuple[Status, ...] = get_args(Status)

_MOST_MINUTES = 100_000
_CLOCK = re.compile(r"(?:T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,3})?)?Z)?")

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class ProgressEvent:
    """One event without `event_faults`; two are one if they are spelled alike.

    `fields` is all it says, and others point at it by its key.
    """

    fields: dict[str, Any] = field(compare=False)
    order: tuple[int, str, str] = field(init=False)  # The counter decides, never a clock.

    def __post_init__(self) -> None:
        fields, canonical = spelled(self.fields)
        object.__setattr__(self, "fields", fields)
        object.__setattr__(self, "order", (fields["n"], fields["device"], canonical))

    @property
    def n(self) -> int:
        """The event's Lamport counter."""
        return self.order[0]

    @property
    def device(self) -> str:
        """The browser profile or command that made the event."""
        return self.order[1]

    @property
    def canonical(self) -> str:
        """The one spelling of the event."""
        return self.order[2]

    @property
    def key(self) -> Key:
        """What others name the event by; a cloned profile may have made another of this key."""
        return self.order[1], self.order[0]

    @property
    def subject(self) -> str | None:
        """The `resource/<id>`, `topic/<id>` or `snippet/<group>/<name>` it is about, if any."""
        return self.fields.get("subject")

    def target(self, kind: Literal["undo", "forget"]) -> Key | None:
        """The key of the event that this one takes back, or wants forgotten."""
        device, n = self.fields.get(kind, (None, None))
        return None if n is None else (device, n)


def event_faults(data: Any) -> Iterator[tuple[Where, str]]:
    """What keeps one value of a progress file from being an event, at most once a field."""
    told: dict[Where, tuple[Where, str]] = {}
    for where, fault in _faults(data):
        told.setdefault(where[:1], (where, fault))
    yield from told.values()


def next_count(events: Iterable[ProgressEvent]) -> int | None:
    """The counter of the next event; None where the largest possible one is taken."""
    n = 1 + max((event.n for event in events), default=0)
    return n if n <= LARGEST_COUNT else None


def _faults(data: Any) -> Iterator[tuple[Where, str]]:
    if not isinstance(data, dict):
        yield (), found(data, "an event such as {device, n, at, subject, status}")
        return
    if not is_whole(data.get("n"), 1, LARGEST_COUNT):
        yield ("n",), found(data.get("n"), f"a whole number from 1 to {LARGEST_COUNT}")
    if not isinstance(data.get("device"), str) or not data["device"]:
        yield ("device",), found(data.get("device"), "the id of a device")
    if not isinstance(data.get("subject", ""), str):
        yield ("subject",), found(data["subject"], "a kind/id as text")
    yield from _said_faults(data)
    for kind in ("undo", "forget"):
        if kind in data and not _is_key(data[kind]):
            yield (kind,), found(data[kind], "[device, n] of an event")
    yield from spelling_faults(data)


def _said_faults(data: dict[str, Any]) -> Iterator[tuple[Where, str]]:
    """What it says of its subject; null takes back what was said before."""
    status, rating, note = data.get("status"), data.get("rating"), data.get("note")
    if status is not None and status not in STATUSES:
        yield ("status",), found(status, listed(STATUSES))
    if rating is not None and not is_whole(rating, 1, 5):
        yield ("rating",), found(rating, "a whole number from 1 to 5, or null")
    if note is not None and not isinstance(note, str):
        yield ("note",), found(note, "text, or null")
    if not is_whole(data.get("spent", 0), 0, _MOST_MINUTES):
        yield ("spent",), found(data["spent"], f"whole minutes from 0 to {_MOST_MINUTES}")
    if data.get("at") is not None and not _is_time(data["at"]):
        yield ("at",), found(data["at"], "a time such as 2026-11-20T21:10Z, a day, or null")


def _is_time(value: Any) -> bool:
    return (
        isinstance(value, str) and _is_day(value[:10]) and _CLOCK.fullmatch(value[10:]) is not None
    )


@lru_cache
def _is_day(text: str) -> bool:
    return is_date(text, whole=True)


def _is_key(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and isinstance(value[0], str)
        and is_whole(value[1], 1, LARGEST_COUNT)
    )
