"""The Health page: every link by the verdict of the last check, and what was never checked."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from tools.model.address import address_key
from tools.model.catalog import Catalog
from tools.model.facts import reading_order
from tools.model.link import OUTCOMES, VERDICTS, LinkHealth, Verdict, outcome_of
from tools.model.resource import Resource
from tools.model.words import SiteLanguage
from tools.pages.clues import Clue, clues_of, suggested
from tools.pages.page import Html
from tools.pages.render import render
from tools.pages.rows import Row, Shelf, host_of

# A list of more ends with the way to the rest: the catalog page filters by outcome.
MOST_LISTED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedAddress:
    """One address that checks remember, as readers of one language see it.

    `row` is the resource whose address it is, or whose archived copy where `copy` says so; None
    where the link stands on a hand-written page. `address` can be opened.
    """

    health: LinkHealth
    address: str
    row: Row | None
    copy: bool = False
    clues: tuple[Clue, ...] = ()
    suggested: str = ""

    @property
    def host(self) -> str:
        """The host of the address as people say it."""
        return host_of(self.address)


@dataclass(frozen=True, slots=True)
class Group:
    """All addresses of one verdict."""

    verdict: Verdict
    addresses: tuple[CheckedAddress, ...]


def health_block(catalog: Catalog, language: SiteLanguage, root: str) -> Html:
    """The numbers, what to fix and to look at with the evidence, and what is well or unchecked."""
    shelf = Shelf(catalog, language, root)
    addresses = tuple(_checked(shelf))
    groups = _by_verdict(addresses)
    unchecked = [one for one in reading_order(catalog) if catalog.health(one) is None]
    outcomes = [one.health.outcome for one in addresses]
    return render(
        "health.html",
        language,
        root=root,
        run=catalog.links.run,
        numbers=[
            *((outcome, outcomes.count(outcome)) for outcome in OUTCOMES),
            ("unchecked", len(unchecked)),
        ],
        sections=[(name, found) for name in ("fix", "look", "moved") if (found := groups[name])],
        alive=[one for group in groups["alive"] for one in group.addresses],
        unchecked=[shelf.row(one) for one in unchecked],
        most=MOST_LISTED,
    )


def _by_verdict(addresses: Sequence[CheckedAddress]) -> Mapping[str, list[Group]]:
    """The groups of every section, in the order of the verdicts."""
    groups: dict[str, list[Group]] = {"fix": [], "look": [], "moved": [], "alive": []}
    for verdict in VERDICTS:
        found = tuple(one for one in addresses if one.health.verdict == verdict)
        if found:
            section = "moved" if verdict == "moved" else outcome_of(verdict)
            groups[section].append(Group(verdict, found))
    return groups


def _checked(shelf: Shelf) -> Iterator[CheckedAddress]:
    """Everything remembered: resources in reading order, their copies, then the other links."""
    catalog = shelf.catalog
    remembered = dict(catalog.links.health)
    resources = reading_order(catalog)
    for copy in (False, True):
        for resource in resources:
            address = resource.archive if copy else resource.url
            if health := remembered.pop(_key(catalog, address), None):
                yield _address(shelf, health, address, resource, copy)
    for key in sorted(remembered):
        yield _address(shelf, remembered[key], _openable(key))


def _address(
    shelf: Shelf, health: LinkHealth, address: str, resource: Resource | None = None,
    copy: bool = False,
) -> CheckedAddress:  # fmt: skip
    return CheckedAddress(
        health=health,
        address=address,
        row=shelf.row(resource) if resource else None,
        copy=copy,
        clues=clues_of(health, shelf.language),
        suggested=suggested(health),
    )


def _key(catalog: Catalog, address: str) -> str:
    with suppress(ValueError):
        return address_key(address, catalog.address_rules)
    return ""


def _openable(key: str) -> str:
    """An address of that key: normalised ones have no scheme."""
    return key if key.startswith(("http://", "https://")) else f"https://{key}"
