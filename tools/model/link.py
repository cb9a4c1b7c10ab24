"""What link checks have found: one verdict an address, and when the last run was."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Outcome = Literal["alive", "look", "fix"]
Verdict = Literal[
    "ok", "moved",
    "blocked", "rate-limited", "login", "unknown",
    "dead", "error", "timeout", "tls", "loop", "soft-404", "parked", "drifted", "fragment",
    "private",
]  # fmt: skip

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
_ALIVE = ("ok", "moved")
_TO_LOOK_AT = ("blocked", "rate-limited", "login", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkHealth:
    """The last verdict on a normalised address, `since` which day, and the days it failed on."""

    url: str
    verdict: Verdict
    since: str
    failures: tuple[str, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """Alive, to be looked at by a person, or to be mended."""
        if self.verdict in _ALIVE:
            return "alive"
        return "look" if self.verdict in _TO_LOOK_AT else "fix"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRun:
    """The last whole check: when it ended, how many links it saw, which version made it."""

    finished: str
    links: int
    version: str


@dataclass(frozen=True, slots=True)
class LinkMemory:
    """All that checks remember; empty where none ever ran."""

    health: Mapping[str, LinkHealth]
    run: LinkRun | None = None
