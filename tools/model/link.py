"""Links: what is checked, what was found, and what checks remember of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Outcome = Literal["alive", "look", "fix"]
Verdict = Literal[
    "ok", "moved",
    "blocked", "rate-limited", "login", "unknown",
    "dead", "error", "timeout", "tls", "loop", "soft-404", "parked", "drifted", "fragment",
    "private",
]  # fmt: skip
# What a piece of evidence shows: the reader's language is found by it.
EvidenceKind = Literal[
    "status", "chain", "failure", "title", "expected", "phrase", "header", "probe", "fragment",
    "tries", "host",
]  # fmt: skip

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
EVIDENCE_KINDS: tuple[EvidenceKind, ...] = get_args(EvidenceKind)
_ALIVE = ("ok", "moved")
_TO_LOOK_AT = ("blocked", "rate-limited", "login", "unknown")


def outcome_of(verdict: Verdict) -> Outcome:
    """Alive, to be looked at by a person, or to be mended."""
    if verdict in _ALIVE:
        return "alive"
    return "look" if verdict in _TO_LOOK_AT else "fix"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing that was seen: `status` 404, the `phrase` 页面不存在, the `title` of the page."""

    kind: EvidenceKind
    value: str


@dataclass(frozen=True, slots=True, order=True)
class LinkPlace:
    """Where a link stands: a path as people see it, and a line (0 where there is none)."""

    path: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One address to check, everywhere it stands, and what the catalog knows of its page.

    `titles` are all titles the page may show, the published one first; empty where nobody knows
    any. `resource` is the id it is the `url` of; `role` says which key of the resource holds it.
    """

    url: str
    where: tuple[LinkPlace, ...] = ()
    titles: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    kind: str = ""
    language: str = ""
    published: str = ""
    resource: str = ""
    role: Literal["url", "archive", "prose", "input"] = "input"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What one run makes of a link; `suggest` is the address that should stand there instead."""

    verdict: Verdict
    evidence: tuple[Evidence, ...] = ()
    suggest: str = ""
    final: str = ""

    @property
    def outcome(self) -> Outcome:
        """Alive, to be looked at by a person, or to be mended."""
        return outcome_of(self.verdict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedLink:
    """A link with this run's judgement, and what it took: seconds, requests, bytes on the wire.

    `confirmed` says that it has failed in enough runs over enough days to be believed; `fresh` is
    false where the judgement is remembered from a check not long ago.
    """

    link: Link
    judgement: Judgement
    confirmed: bool = False
    fresh: bool = True
    seconds: float = 0
    requests: int = 0
    bytes: int = 0

    @property
    def url(self) -> str:
        """The address as it stands in the catalog."""
        return self.link.url

    @property
    def verdict(self) -> Verdict:
        """What this run found."""
        return self.judgement.verdict

    @property
    def outcome(self) -> Outcome:
        """Alive, to be looked at by a person, or to be mended."""
        return self.judgement.outcome

    @property
    def place(self) -> LinkPlace:
        """The first place it stands at."""
        return self.link.where[0] if self.link.where else LinkPlace("")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """One run over links: when, whether it came to its end, and everything it found so far.

    `offline` says that no host of the whole run answered.
    """

    complete: bool
    started: str
    finished: str
    links: tuple[CheckedLink, ...] = ()
    offline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkHealth:
    """The last verdict on a normalised address, `since` which day, and the days it failed on.

    `evidence` and `suggest` are those of the day the verdict began, so that a quiet week changes
    no line.
    """

    url: str
    verdict: Verdict
    since: str
    failures: tuple[str, ...] = ()
    suggest: str = ""
    evidence: tuple[Evidence, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """Alive, to be looked at by a person, or to be mended."""
        return outcome_of(self.verdict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRun:
    """The last whole check: when it ended, how many links it saw, which version made it."""

    finished: str
    links: int
    version: str


@dataclass(frozen=True, slots=True)
class LinkMemory:
    """All that checks remember; empty where none ever ran."""

    health: Mapping[str, LinkHealth] = field(default_factory=dict)
    run: LinkRun | None = None
