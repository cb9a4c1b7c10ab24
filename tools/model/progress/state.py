"""What a set of events adds up to, subject by subject."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from types import MappingProxyType

from tools.model.progress.event import Key, ProgressEvent, Status
from tools.model.progress.merge import forgotten

SAID = ("status", "rating", "note")
NOTHING_RENAMED: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SubjectState:
    """How far somebody is with one subject; `set_by` names the event that set each field."""

    status: Status | None = None
    rating: int | None = None
    note: str | None = None
    spent: int = 0
    since: str | None = None
    set_by: Mapping[str, Key] = field(default_factory=dict)


def state(
    events: Iterable[ProgressEvent], renamed: Mapping[str, str] = NOTHING_RENAMED
) -> dict[str, SubjectState]:
    """The state of every subject that something still stands of.

    The last live event that sets a field wins, and null clears it; minutes are added up. `renamed`
    leads from the subjects of retired ids to those of today.
    """
    setters: defaultdict[str, dict[str, ProgressEvent]] = defaultdict(dict)
    spent: Counter[str] = Counter()
    for event in live(events):
        if event.subject is None:
            continue
        subject = renamed.get(event.subject, event.subject)
        setters[subject] |= {name: event for name in SAID if name in event.fields}
        spent[subject] += event.fields.get("spent", 0)
    states = ((subject, _state(by, spent[subject])) for subject, by in setters.items())
    return {subject: state for subject, state in states if state.set_by or state.spent}


def statuses(
    events: Iterable[ProgressEvent], renamed: Mapping[str, str] = NOTHING_RENAMED
) -> dict[str, Status]:
    """The status of every subject that has one."""
    return {
        subject: state.status for subject, state in state(events, renamed).items() if state.status
    }


def live(events: Iterable[ProgressEvent]) -> list[ProgressEvent]:
    """The events that were neither undone nor forgotten, in order.

    An undo counts only when its target is earlier and it is not itself undone, so the last event
    is judged first.
    """
    ordered = sorted(set(events), key=attrgetter("order"))
    gone = forgotten(ordered)
    left: list[ProgressEvent] = []
    for event in reversed(ordered):
        if event.key in gone:
            continue
        target = event.target("undo")
        if target and target != event.key:
            gone.add(target)  # What is later has been judged before.
        left.append(event)
    return left[::-1]


def undoable(events: Iterable[ProgressEvent], device: str) -> ProgressEvent | None:
    """What `undo` takes back: the device's last live event that says something of a subject.

    Undoing again goes one step further back; the undo of an undo is asked for by its key.
    """
    mine = [event for event in live(events) if event.device == device and event.subject is not None]
    return mine[-1] if mine else None


def _state(setters: Mapping[str, ProgressEvent], spent: int) -> SubjectState:
    """`setters` has the last event that set each field, if only to null."""
    said = {name: event for name, event in setters.items() if event.fields[name] is not None}
    return SubjectState(
        **{name: event.fields[name] for name, event in said.items()},
        spent=spent,
        since=said["status"].fields.get("at") if "status" in said else None,
        set_by={name: event.key for name, event in said.items()},
    )
