"""Which links of a run are worth telling, the most urgent first, and how many there are."""

from collections import Counter
from dataclasses import dataclass

from tools.model.link import VERDICTS, CheckedLink, CheckReport, Verdict, outcome_of

_URGENCY = ("fix", "look", "alive")
_RANK: dict[Verdict, int] = {
    verdict: n
    for n, verdict in enumerate(sorted(VERDICTS, key=lambda one: _URGENCY.index(outcome_of(one))))
}


def to_tell(report: CheckReport) -> list[CheckedLink]:
    """All but what is fine: to fix, to look at, then moved; in each by verdict and place.

    Without a network a link that is unknown says nothing of the link.
    """
    told = (
        checked
        for checked in report.links
        if checked.verdict != "ok" and not (report.offline and checked.verdict == "unknown")
    )
    return sorted(told, key=lambda one: (_RANK[one.verdict], not one.confirmed, one.place, one.url))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many links a run saw; `moved` are among the alive ones, `confirmed` among `fix`."""

    links: int
    alive: int
    moved: int
    look: int
    fix: int
    confirmed: int


def counts(report: CheckReport) -> Counts:
    """The numbers of a run."""
    outcomes = Counter(checked.outcome for checked in report.links)
    return Counts(
        links=len(report.links),
        alive=outcomes["alive"],
        moved=sum(checked.verdict == "moved" for checked in report.links),
        look=outcomes["look"],
        fix=outcomes["fix"],
        confirmed=sum(is_confirmed(checked) for checked in report.links),
    )


def is_confirmed(checked: CheckedLink) -> bool:
    """Whether it is broken beyond doubt: what may turn a run red."""
    return checked.outcome == "fix" and checked.confirmed
