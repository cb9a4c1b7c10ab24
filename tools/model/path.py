"""What to read next, and why: a goal, what is known and a few wishes make an ordered path.

A topic asks for one resource: the first of its list that fits the wishes, in the language named
first if there is one. What was begun comes along, and one snippet to run. Nothing is locked.
Here stand the values; `planning.plan` makes a path of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Statuses = Mapping[str, str]
ReasonCode = Literal[
    # Why a topic is in the path.
    "goal", "end", "needed-for",
    # Why a resource or snippet is chosen.
    "reading", "review", "planned", "replaces", "first", "only-in", "first-in", "first-fitting",
    "none-in", "archived", "part", "short", "run",
    # Why a topic or resource is left out.
    "known", "read", "dropped", "gone", "language", "kind", "reach", "earlier", "enough",
]  # fmt: skip

KNOWN = ("done", "skimmed")
BEGUN = ("reading", "review")
SHORT = 15


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, as a code and the subjects it speaks of: `topic/lstm`, `language/zh`, `minutes/15`."""

    code: ReasonCode
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a reader asks for: empty is everything, languages stand in order of preference.

    `reach` are places that a resource must be known to open in.
    """

    goal: str = ""
    languages: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    reach: tuple[str, ...] = ()
    minutes_a_week: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A resource to read or a snippet to run; None where nobody knows the minutes."""

    subject: str
    minutes: int | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A topic or resource that is not in the path, and why."""

    subject: str
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One topic of the path; `week` is the one it begins in, the first being 1."""

    topic: str
    reason: Reason
    reading: tuple[Choice, ...] = ()
    snippet: Choice | None = None
    left_out: tuple[LeftOut, ...] = ()
    week: int | None = None


@dataclass(frozen=True, slots=True)
class Path:
    """The steps in order and the topics that are known already.

    `minutes` are those that are known; those of `unmeasured` resources come on top, so the total
    and `weeks` are at least so much. Snippets have no minutes.
    """

    steps: tuple[Step, ...] = ()
    known: tuple[LeftOut, ...] = ()
    minutes: int = 0
    unmeasured: int = 0
    weeks: int | None = None
