"""What was seen when a page was opened in a browser once."""

from collections.abc import Mapping
from dataclasses import dataclass, field

# The widths pages are opened at, the narrowest they must fit, and the palettes they must have.
DESK, PHONE, NARROW = 1280, 390, 360
PALETTES = ("default", "slate")


@dataclass(frozen=True, slots=True)
class Violation:
    """One objection of axe-core: the rule, the element, why, and what the rule asks for."""

    rule: str
    element: str
    why: str
    asks: str


@dataclass(frozen=True, slots=True)
class Visit:
    """One opening of one page at one width, in a browser that has seen nothing before.

    `requests` are paths below the mount path; `foreign` are addresses of other hosts.
    `sticking_out` names what reaches beyond the right edge of a narrow phone.
    `violations` holds axe-core's objections by palette; a palette the page lacks is absent.
    """

    page: str
    width: int
    requests: frozenset[str] = frozenset()
    foreign: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    complaints: tuple[str, ...] = ()
    shift: float = 0.0
    shifted: str = ""
    sticking_out: tuple[str, ...] = ()
    violations: Mapping[str, tuple[Violation, ...]] = field(default_factory=dict)
