"""What a check answers: measures beside their budgets, and findings with their place."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that falls short: on which page, where, what is there, what should be."""

    page: str
    place: str
    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the table: what was measured, how much, against which budget."""

    what: str
    measured: str
    budget: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that one check has to say."""

    measures: tuple[Measure, ...]
    findings: tuple[Finding, ...]


class CannotRun(Exception):
    """A check lacks something it needs; the message is the sentence to show."""


def count(what: str, findings: tuple[Finding, ...], among: str) -> Measure:
    """A measure that holds when there are no findings among so many things looked at."""
    return Measure(what, f"{len(findings)} in {among}", "0", not findings)
