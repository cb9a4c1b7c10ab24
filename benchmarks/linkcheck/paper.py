"""A run over a large catalog on paper: all of it but the network, timed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from unittest.mock import patch

from tools.checking import Belief, Memory, Run
from tools.linkcheck import checker
from tools.linkcheck.collect import AddressLines, collect
from tools.linkcheck.hosts import Turns, turn_of
from tools.linkcheck.limits import Limits
from tools.linkcheck.report import REPORTS
from tools.model.address import AddressRules
from tools.model.catalog import Catalog
from tools.model.link import CheckedLink, Evidence, Judgement, Link, LinkMemory
from tools.storage.catalog import load_catalog
from tools.storage.link_sources import address_lines

_STATUS = Evidence(kind="status", value="404")
_OUTCOMES = (
    Judgement(verdict="ok"),
    Judgement(verdict="moved", suggest="https://example.org/where-it-is-now"),
    Judgement(verdict="dead", evidence=(_STATUS,)),
    Judgement(verdict="blocked", evidence=(Evidence(kind="status", value="403"),)),
)


class _OnPaper:
    """A checker that gives every link its turn, and an outcome without asking anybody."""

    def __init__(self, limits: Limits) -> None:
        ticks = count()
        # A second passes whenever somebody looks, so that no turn has to be waited for.
        self._turns: Turns[Link] = Turns(
            limits.per_host, limits.rate, clock=lambda: float(next(ticks))
        )

    def check(self, links: Sequence[Link]) -> Iterator[CheckedLink]:
        """An outcome for each link, of which one in four is broken."""
        self._turns.fill((turn_of(link.url), link) for link in links)
        outcomes = cycle(_OUTCOMES)
        while link := self._turns.take():
            self._turns.done(turn_of(link.url))
            yield CheckedLink(link=link, judgement=next(outcomes), seconds=0.2, requests=1)


@dataclass(frozen=True, slots=True)
class OnPaper:
    """The seconds of a processor to plan a check, and to note, remember and report its outcomes."""

    planned: float
    reported: float


def on_paper(folder: Path) -> OnPaper:
    """What a check of that catalog costs without the network; every report is written once.

    Loading the catalog is measured elsewhere.
    """
    catalog = load_catalog(folder).catalog
    start = process_time()
    links = _planned(catalog, folder)
    planned = process_time()
    with TemporaryDirectory() as kept, patch.object(checker, "Checker", _OnPaper):
        _reported(links, Path(kept))
    return OnPaper(planned - start, process_time() - planned)


def _planned(catalog: Catalog, folder: Path) -> Sequence[Link]:
    lines = address_lines(folder, catalog.resources.values())
    return collect(catalog, {}, AddressLines("catalog", lines))


def _reported(links: Sequence[Link], kept: Path) -> None:
    memory = Memory(
        folder=kept / "catalog", cache=kept / "cache", rules=AddressRules(), known=LinkMemory()
    )
    run = Run(links, Limits(), Belief(), memory)
    for _ in run.found():
        pass
    run.remember(whole=True)
    report = run.report
    for write in REPORTS.values():
        write(report, "en")
