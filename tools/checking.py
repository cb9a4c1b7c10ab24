"""A run over links: what need not be asked again, what is asked, and what is remembered of it."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tools.linkcheck.limits import Limits
from tools.model.address import AddressRules
from tools.model.link import CheckedLink, CheckReport, Link, LinkMemory, LinkRun
from tools.model.link_memory import confirmed, remembered
from tools.storage.link_cache import fresh_judgements, keep_judgements
from tools.storage.link_state import renew_link_state


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """In how many runs over how many days a link has to fail before it is believed to be broken."""

    runs: int = 1
    days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Where a catalog's checks are remembered, and what stood there when the run began."""

    folder: Path
    cache: Path
    rules: AddressRules
    known: LinkMemory


class Run:
    """One run: `found` gives every link as it is found, `report` what is there so far."""

    def __init__(
        self,
        links: Sequence[Link],
        limits: Limits,
        belief: Belief,
        memory: Memory | None = None,
        *,
        fresh: bool = False,
    ) -> None:
        self.links = links
        self.began = datetime.now(UTC)
        self.found_so_far: list[CheckedLink] = []
        self._limits = limits
        self._belief = belief
        self._memory = memory
        kept = memory and not fresh
        self.kept = fresh_judgements(memory.cache, links, self.began) if memory and kept else {}

    def found(self) -> Generator[CheckedLink, None, None]:
        """Every link with its outcome: what still holds first, then what is asked for now."""
        for link in self.links:
            if link.url in self.kept:
                yield self._noted(
                    CheckedLink(link=link, judgement=self.kept[link.url], fresh=False)
                )
        # Here, since it brings an HTTP library along, which most commands need not wait for.
        from tools.linkcheck.checker import Checker

        asked = [link for link in self.links if link.url not in self.kept]
        for checked in Checker(self._limits).check(asked):
            yield self._noted(checked)

    @property
    def report(self) -> CheckReport:
        """The run so far, its links in the order in which they stand in their files."""
        by_url = {one.url: one for one in self.found_so_far}
        found = tuple(by_url[link.url] for link in self.links if link.url in by_url)
        return CheckReport(
            complete=len(found) == len(self.links),
            started=_moment(self.began),
            finished=_moment(datetime.now(UTC)),
            links=found,
            offline=_offline(found),
        )

    def remember(self, *, whole: bool) -> None:
        """Keep what was found; a run that had no network knows nothing that is worth keeping.

        `whole` says that it was about all links of the catalog. Raises UnwritableMemory, LockedOut
        or OSError.
        """
        report, memory = self.report, self._memory
        if memory is None or report.offline:
            return
        run = LinkRun(
            finished=report.finished, links=len(report.links), version=version("unrolled")
        )

        def renewed(known: LinkMemory) -> LinkMemory:
            return remembered(
                known,
                report.links,
                today=_day(self.began),
                runs=self._belief.runs,
                days=self._belief.days,
                rules=memory.rules,
                run=run if whole and report.complete else None,
            )

        renew_link_state(memory.folder, memory.cache, renewed)
        keep_judgements(memory.cache, report.links, self.began)

    def _noted(self, checked: CheckedLink) -> CheckedLink:
        belief, memory = self._belief, self._memory
        believed = confirmed(
            memory.known if memory else LinkMemory(),
            checked,
            today=_day(self.began),
            runs=belief.runs,
            days=belief.days,
            rules=memory.rules if memory else AddressRules(),
        )
        self.found_so_far.append(believed)
        return believed


def broken(report: CheckReport) -> tuple[CheckedLink, ...]:
    """The links to mend that are believed to be broken: what makes a run end with 1."""
    return tuple(one for one in report.links if one.outcome == "fix" and one.confirmed)


def _offline(found: Sequence[CheckedLink]) -> bool:
    """Whether nothing that was asked has answered; what was kept from before says nothing."""
    asked = [one for one in found if one.fresh and one.verdict != "private"]
    return bool(asked) and all(
        one.verdict == "unknown" and any(e.kind == "failure" for e in one.judgement.evidence)
        for one in asked
    )


def _moment(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def _day(time: datetime) -> str:
    return time.strftime("%Y-%m-%d")
