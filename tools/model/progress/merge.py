"""Sets of events made one: their union, less what was to be forgotten."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from tools.model.progress.event import Key, ProgressEvent, event_faults

# What a forgotten event still says. Its own wish to forget is kept, or what it wanted forgotten
# would come back from wherever it still stands.
_KEPT = ("device", "n", "forget")


@dataclass(frozen=True, slots=True)
class Progress:
    """A set of events in order, and the JSON texts that stood among them and are none."""

    events: tuple[ProgressEvent, ...] = ()
    foreign: tuple[str, ...] = ()


def merge(*parts: Progress) -> Progress:
    """All that stands in any part, once and in order; what any part wants forgotten is stripped."""
    events = {event for part in parts for event in part.events}
    foreign = {text for part in parts for text in part.foreign}
    if gone := forgotten(events):
        named = {text: stub for text in foreign if (stub := _stub(text)) and stub.key in gone}
        foreign -= named.keys()
        events = {stripped(event) if event.key in gone else event for event in events}
        events |= set(named.values())
    return Progress(tuple(sorted(events, key=attrgetter("order"))), tuple(sorted(foreign)))


def forgotten(events: Iterable[ProgressEvent]) -> set[Key]:
    """The keys of the events that others want forgotten; that cannot be taken back."""
    return {target for event in events if (target := event.target("forget"))}


def stripped(event: ProgressEvent) -> ProgressEvent:
    """What is left of a forgotten event: its key, and its own wish to forget."""
    return ProgressEvent({name: event.fields[name] for name in _KEPT if name in event.fields})


def _stub(text: str) -> ProgressEvent | None:
    """The key alone of what is no event and still has one."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    stub = {name: data.get(name) for name in ("device", "n")} if isinstance(data, dict) else None
    return None if any(event_faults(stub)) else ProgressEvent(stub or {})
