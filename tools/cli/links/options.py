"""What `links check` and `links show` can be told, and what follows from it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from tools.checking import Belief, Memory, Run
from tools.cli.console import complain, show_problems
from tools.cli.opened import could_not_run, usable_catalog
from tools.linkcheck.changed import changed_links
from tools.linkcheck.collect import AddressLines, collect
from tools.linkcheck.inputs import read_inputs
from tools.linkcheck.limits import Limits
from tools.linkcheck.networks import networks_of
from tools.model.address import address_key
from tools.model.catalog import Catalog
from tools.model.link import OUTCOMES, VERDICTS, Link
from tools.model.problem import Problem, found
from tools.storage.link_settings import LinkSettings, read_link_settings
from tools.storage.link_sources import address_lines, linked_pages
from tools.storage.revision import NoRevision

_POSITIVE = click.FloatRange(0, min_open=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The run that was asked for; `whole` says that it is about all links of the catalog.

    `problems` is how many lines of a list could not be read as links.
    """

    run: Run
    whole: bool
    problems: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The options as they were given; None leaves a matter to pyproject.toml."""

    inputs: tuple[Path, ...] = ()
    changed_since: str | None = None
    only: tuple[str, ...] = ()
    fresh: bool = False
    fail_after: int | None = None
    over: int | None = None
    max_seconds: float | None = None
    deadline: float | None = None
    per_host: int | None = None
    rate: float | None = None
    workers: int | None = None
    allow_network: tuple[str, ...] = ()

    def chosen(self, folder: Path) -> Chosen:
        """The run over these links; ends the command where something stands in its way."""
        settings = project_settings(folder)
        if self.inputs:
            links, problems = read_inputs(self.inputs)
            show_problems(problems)
            if not links:
                could_not_run("found no link to check, expected at least one")
            run = self._run(links, settings, None)
            return Chosen(run=run, whole=False, problems=len(problems))
        catalog = usable_catalog(folder)
        links = catalog_links(folder, catalog)
        left = self._left(folder, catalog, links, settings)
        memory = catalog_memory(folder, catalog)
        whole = not (self.only or self.changed_since)
        return Chosen(run=self._run(left, settings, memory), whole=whole)

    def _left(
        self, folder: Path, catalog: Catalog, links: Sequence[Link], settings: LinkSettings
    ) -> tuple[Link, ...]:
        if self.changed_since:
            try:
                links = changed_links(root_of(folder), self.changed_since, links)
            except NoRevision as error:
                could_not_run(f"--changed-since: {error}")
        for word in self.only:
            if not any(_is_meant(word, link, catalog) for link in links):
                known = "an id, host, address or verdict of a link"
                could_not_run(f"--only: {found(word, known)}")
        if self.only:
            links = [
                link for link in links if any(_is_meant(word, link, catalog) for word in self.only)
            ]
        return tuple(link for link in links if not settings.excluding(link.url))

    def _run(self, links: Sequence[Link], settings: LinkSettings, memory: Memory | None) -> Run:
        limits = self.limits(settings)
        belief = Belief(
            runs=settings.fail_after if self.fail_after is None else self.fail_after,
            days=settings.over if self.over is None else self.over,
        )
        return Run(links, limits, belief, memory, fresh=self.fresh)

    def limits(self, settings: LinkSettings) -> Limits:
        """The bounds of a run: as given, else as the project says, else the checker's own."""
        named = ("max_seconds", "deadline", "per_host", "rate", "workers")
        values: dict[str, Any] = {}
        for source in (settings, self):
            values |= {name: got for name in named if (got := getattr(source, name)) is not None}
        try:
            networks = networks_of((*settings.allow_network, *self.allow_network))
        except ValueError as error:
            could_not_run(f"--allow-network: {error}")
        return replace(Limits(), **values, allowed=networks)


def checking_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say which links are checked, and how; the command gets `choices`."""
    names = {field.name for field in fields(Choices)}

    @wraps(command)
    def with_choices(*arguments: Any, **options: Any) -> Any:
        choices = Choices(**{name: options.pop(name) for name in [*options] if name in names})
        return command(*arguments, choices=choices, **options)

    decorated: Callable[..., Any] = with_choices
    for option in reversed((*_WHICH, *_HOW)):
        decorated = option(decorated)
    return decorated


_WHICH = (
    click.option("--input", "inputs", multiple=True, metavar="FILE",
                 type=click.Path(path_type=Path, dir_okay=False),
                 help="Check the links of this .txt, .yml or .md file instead (repeatable)."),
    click.option("--changed-since", metavar="REV",
                 help="Only links on lines that were added since this revision of git."),
    click.option("--only", multiple=True, metavar="ID|HOST|VERDICT",
                 help="Only these links; a verdict means the last one (repeatable)."),
    click.option("--fresh", is_flag=True, help="Ask also what was asked not long ago."),
    click.option("--fail-after", type=click.IntRange(1), metavar="RUNS",
                 help="Believe that a link is broken after so many runs...  [default: 1]"),
    click.option("--over", type=click.IntRange(0), metavar="DAYS",
                 help="...over at least so many days.  [default: 0]"),
)  # fmt: skip
_HOW = (
    click.option("--max-seconds", type=_POSITIVE, metavar="SECONDS",
                 help=f"End the whole run by then.  [default: {Limits().max_seconds:g}]"),
    click.option("--deadline", type=_POSITIVE, metavar="SECONDS",
                 help=f"End every try by then.  [default: {Limits().deadline:g}]"),
    click.option("--per-host", type=click.IntRange(1), metavar="N",
                 help=f"So many requests at once to one host.  [default: {Limits().per_host}]"),
    click.option("--rate", type=_POSITIVE, metavar="N",
                 help=f"So many requests a second to one host.  [default: {Limits().rate:g}]"),
    click.option("--workers", type=click.IntRange(1, 1000), metavar="N",
                 help=f"So many requests at once in all.  [default: {Limits().workers}]"),
    click.option("--allow-network", multiple=True, metavar="CIDR",
                 help="Allow links into this private network (repeatable)."),
)  # fmt: skip


def root_of(folder: Path) -> Path:
    """The project that a catalog folder belongs to."""
    return folder.resolve().parent


def project_settings(folder: Path) -> LinkSettings:
    """What pyproject.toml says of link checks; what is wrong in it is told, and does not stop."""
    file = root_of(folder) / "pyproject.toml"
    settings, problems = read_link_settings(file, datetime.now(UTC).date())
    show_problems(problems)
    return settings


def catalog_links(folder: Path, catalog: Catalog) -> tuple[Link, ...]:
    """Every link of the catalog and of the project's hand-written pages."""
    pages, problems = linked_pages(root_of(folder))
    _tell(problems)
    lines = address_lines(folder, catalog.resources.values())
    return collect(catalog, pages, AddressLines(folder.name or str(folder), lines))


def catalog_memory(folder: Path, catalog: Catalog) -> Memory:
    """Where the catalog's checks are remembered."""
    cache = root_of(folder) / ".cache"
    return Memory(folder=folder, cache=cache, rules=catalog.address_rules, known=catalog.links)


def _tell(problems: Iterable[Problem]) -> None:
    for problem in problems:
        complain(str(problem))


def _is_meant(word: str, link: Link, catalog: Catalog) -> bool:
    """Whether a word names this link: its resource, its host or one above it, or its verdict."""
    if word in VERDICTS or word in OUTCOMES:
        try:
            health = catalog.links.health.get(address_key(link.url, catalog.address_rules))
        except ValueError:
            return False
        return health is not None and word in (health.verdict, health.outcome)
    host = (urlsplit(link.url).hostname or "").removeprefix("www.")
    return word in (link.resource, link.url, host) or host.endswith(f".{word}")
