"""What two sets of events say otherwise, each without knowing of the other."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from tools.model.progress.event import ProgressEvent
from tools.model.progress.state import NOTHING_RENAMED, SAID, live

_Setters = dict[tuple[str, str], ProgressEvent]


@dataclass(frozen=True, slots=True)
class Conflict:
    """One field of a subject that both sides set, and neither after having seen the other's."""

    subject: str
    field: str
    mine: ProgressEvent
    theirs: ProgressEvent

    @property
    def stands(self) -> Any:
        """The value that stands once both are merged."""
        return max(self.mine, self.theirs, key=attrgetter("order")).fields[self.field]


def conflicts(
    mine: Iterable[ProgressEvent],
    theirs: Iterable[ProgressEvent],
    renamed: Mapping[str, str] = NOTHING_RENAMED,
) -> Iterator[Conflict]:
    """Every conflict by subject and field; who has seen the other's event only changed a mind.

    What either side undid or wants forgotten takes no part.
    """
    here, there = set(mine), set(theirs)
    counting = live(here | there)
    ours = _setters((event for event in counting if event in here), renamed)
    others = _setters((event for event in counting if event in there), renamed)
    for subject, name in sorted(ours.keys() & others.keys()):
        one, other = ours[subject, name], others[subject, name]
        differ = one.fields[name] != other.fields[name]
        if differ and one not in there and other not in here:
            yield Conflict(subject, name, one, other)


def _setters(events: Iterable[ProgressEvent], renamed: Mapping[str, str]) -> _Setters:
    """The last event that sets each field of each subject, if only to null."""
    return {
        (renamed.get(event.subject, event.subject), name): event
        for event in events
        if event.subject is not None
        for name in SAID
        if name in event.fields
    }
