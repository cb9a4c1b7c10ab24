"""Personal progress: a growing set of events, how sets merge, and the state they add up to.

An event is kept as it was written, unknown fields and all; only what it means is read here. The
twin in JavaScript is docs/assets/javascripts/progress; tests/cases/progress.yml holds both.
"""

from tools.model.progress.conflict import Conflict, conflicts
from tools.model.progress.event import (
    FORMAT,
    LARGEST_COUNT,
    STATUSES,
    Key,
    ProgressEvent,
    Status,
    event_faults,
    next_count,
)
from tools.model.progress.merge import Progress, forgotten, merge, stripped
from tools.model.progress.state import SubjectState, live, state, statuses, undoable

__all__ = [
    "FORMAT",
    "LARGEST_COUNT",
    "STATUSES",
    "Conflict",
    "Key",
    "Progress",
    "ProgressEvent",
    "Status",
    "SubjectState",
    "conflicts",
    "event_faults",
    "forgotten",
    "live",
    "merge",
    "next_count",
    "state",
    "statuses",
    "stripped",
    "undoable",
]
