"""How far the verdicts on blind cases are from a maintainer's."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from benchmarks.linkcheck.run import Checked
from benchmarks.links_blind.cases import BlindCase
from tools.model.link import VERDICTS, outcome_of


@dataclass(frozen=True, slots=True)
class Scored:
    """A case and what the checker made of it."""

    case: BlindCase
    found: Checked

    @property
    def right(self) -> bool:
        """Whether a maintainer would say the same."""
        return self.found.verdict in self.case.expect

    @property
    def whole(self) -> bool:
        """Whether nothing is there to mend, whichever of the right verdicts it is."""
        return not any(_broken(verdict) for verdict in self.case.expect)

    @property
    def called_broken(self) -> bool:
        """Whether a link that is alive, or refuses, was called one to mend."""
        return self.whole and _broken(self.found.verdict)

    @property
    def harmful(self) -> bool:
        """Whether an address was suggested that should not stand in the catalog."""
        suggest, rewrite = self.found.suggest, self.case.rewrite
        return bool(suggest) and rewrite is not None and suggest != rewrite

    @property
    def missed_rewrite(self) -> bool:
        """Whether an address that should stand there was not suggested."""
        return bool(self.case.rewrite) and not self.found.suggest


def scored(cases: Iterable[BlindCase], found: Mapping[str, Checked]) -> Iterator[Scored]:
    """Each case beside its outcome; a link without any counts as `unknown`."""
    for case in cases:
        yield Scored(case, found.get(case.link.url, Checked("unknown", "")))


def share(scores: Iterable[bool]) -> float:
    """How many in a hundred; none of none is none."""
    counted = list(scores)
    return 100 * sum(counted) / max(len(counted), 1)


def by_category(scores: Iterable[Scored]) -> Mapping[str, tuple[int, int]]:
    """For each category in order, how many are judged otherwise, and how many there are."""
    wrong, all_of = Counter[str](), Counter[str]()
    for one in scores:
        all_of[one.case.category] += 1
        wrong[one.case.category] += not one.right
    return {name: (wrong[name], all_of[name]) for name in sorted(all_of)}


def _broken(verdict: str) -> bool:
    return any(verdict == known and outcome_of(known) == "fix" for known in VERDICTS)
