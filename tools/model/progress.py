"""Personal progress: a growing set of events, and the state they add up to.

An event is kept as it was written, unknown fields and all; only what it means is read here.
"""

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, get_args

from tools.model.problem import Where, found, listed

FORMAT = "unrolled-progress/1"
LARGEST_COUNT = 2**31 - 1
Status = Literal["planned", "reading", "skimmed", "done", "review", "dropped"]
STATUSES: tuple[Status, ...] = get_args(Status)

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ProgressEvent:
    """One event without `event_faults`; others point at it by `(device, n)`, `fields` is all."""

    fields: Fields = field(hash=False)

    @property
    def n(self) -> int:
        """The event's Lamport counter."""
        return int(self.fields["n"])

    @property
    def device(self) -> str:
        """The browser profile or command that made the event."""
        return str(self.fields["device"])

    @property
    def canonical(self) -> str:
        """The one spelling of the event: sorted keys, no spaces, NFC."""
        text = json.dumps(self.fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return unicodedata.normalize("NFC", text)

    @property
    def order(self) -> tuple[int, str, str]:
        """Where the event stands among all: the counter decides, never a clock."""
        return self.n, self.device, self.canonical


def event_faults(fields: Any) -> Iterator[tuple[Where, str]]:
    """What keeps one entry of a progress file from being an event."""
    if not isinstance(fields, dict):
        yield (), found(fields, "an event such as {device, n, at, subject, status}")
        return
    n = fields.get("n")
    if not isinstance(n, int) or isinstance(n, bool) or not 1 <= n <= LARGEST_COUNT:
        yield ("n",), found(n, f"a whole number from 1 to {LARGEST_COUNT}")
    if not isinstance(fields.get("device"), str) or not fields["device"]:
        yield ("device",), found(fields.get("device"), "the id of a device")
    if not isinstance(fields.get("subject", ""), str):
        yield ("subject",), found(fields["subject"], "a kind/id as text")
    status = fields.get("status")
    if status is not None and status not in STATUSES:
        yield ("status",), found(status, listed(STATUSES))
    for kind in ("undo", "forget"):
        if kind in fields and not _is_key(fields[kind]):
            yield (kind,), found(fields[kind], "[device, n] of an event")


def statuses(
    events: Iterable[ProgressEvent], renamed: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Status]:
    """The status of every subject: the last live event that sets one wins, null clears it.

    `renamed` leads from the subjects of retired ids to those of today.
    """
    state: dict[str, Status] = {}
    for event in _live(events):
        if "subject" not in event.fields or "status" not in event.fields:
            continue
        subject, status = event.fields["subject"], event.fields["status"]
        subject = renamed.get(subject, subject)
        if status is None:
            state.pop(subject, None)
        else:
            state[subject] = status
    return state


def _live(events: Iterable[ProgressEvent]) -> list[ProgressEvent]:
    """The events that were neither undone nor forgotten, in order.

    An undo counts only when its target is earlier and it is not itself undone, so the last event
    is judged first.
    """
    ordered = sorted({event.canonical: event for event in events}.values(), key=lambda e: e.order)
    gone = {tuple(event.fields["forget"]) for event in ordered if "forget" in event.fields}
    live: list[ProgressEvent] = []
    for event in reversed(ordered):
        if (event.device, event.n) in gone:
            continue
        if "undo" in event.fields:
            device, n = event.fields["undo"]
            if (n, device) < (event.n, event.device):
                gone.add((device, n))
        live.append(event)
    return live[::-1]


def _is_key(value: Any) -> bool:
    return (
        isinstance(value, list)
        and [type(part) for part in value] == [str, int]
        and 1 <= value[1] <= LARGEST_COUNT
    )
