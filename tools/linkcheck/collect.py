"""What is to be checked: every address of a catalog and of its hand-written pages, once."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from tools.linkcheck.prose import prose_addresses
from tools.model.catalog import Catalog
from tools.model.link import Link, LinkPlace
from tools.model.resource import Resource


@dataclass(frozen=True, slots=True)
class AddressLines:
    """Where the addresses of a catalog stand.

    `folder` is the catalog's name in paths; `lines` has, by the id of a resource, the line of each
    of its keys.
    """

    folder: str = "catalog"
    lines: Mapping[str, Mapping[str, int]] | None = None

    def place(self, resource: Resource, key: str) -> LinkPlace:
        """The place of one key, with line 0 where its line is not known."""
        line = (self.lines or {}).get(resource.id, {}).get(key, 0)
        return LinkPlace(f"{self.folder}/{resource.file}", line)


def collect(
    catalog: Catalog, pages: Mapping[str, str], where: AddressLines = AddressLines()
) -> tuple[Link, ...]:
    """Every link of a catalog and of `pages` (their texts by path), one an address.

    First what resources are read at, then their archived copies, then what the pages link to; an
    old address (`aliases`) is kept to be recognised, not to be followed.
    """
    resources = catalog.resources.values()
    links = [_of_resource(resource, "url", where) for resource in resources]
    links += [_of_resource(found, "archive", where) for found in resources if found.archive]
    return merged((*links, *_in_pages(pages)))


def page_links(path: str, text: str) -> Iterator[Link]:
    """The links of one Markdown page, in reading order, without those to the reader's machine."""
    for line, address in prose_addresses(text):
        if not _is_own_machine(address):
            yield Link(url=address, where=(LinkPlace(path, line),), role="prose")


def merged(links: Iterable[Link]) -> tuple[Link, ...]:
    """One link an address, letter by letter: the first one, with the places of all."""
    first: dict[str, Link] = {}
    places: dict[str, dict[LinkPlace, None]] = {}
    for link in links:
        first.setdefault(link.url, link)
        places.setdefault(link.url, {}).update(dict.fromkeys(link.where))
    return tuple(replace(link, where=tuple(places[url])) for url, link in first.items())


def _of_resource(resource: Resource, role: Literal["url", "archive"], where: AddressLines) -> Link:
    return Link(
        url=resource.url if role == "url" else resource.archive,
        where=(where.place(resource, role),),
        titles=tuple(dict.fromkeys(resource.title_languages().values())),
        authors=resource.authors,
        kind=resource.kind,
        language=resource.language,
        published=resource.published,
        resource=resource.id,
        role=role,
    )


def _in_pages(pages: Mapping[str, str]) -> Iterator[Link]:
    for path, text in pages.items():
        yield from page_links(path, text)


def _is_own_machine(address: str) -> bool:
    """Whether it is what a guide says one's own server can be seen at: nobody else has it."""
    with suppress(ValueError):
        host = (urlsplit(address).hostname or "").rstrip(".")
        return host == "localhost" or host.endswith(".localhost") or ip_address(host).is_loopback
    return False
