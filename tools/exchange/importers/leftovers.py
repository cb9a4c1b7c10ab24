"""Addresses that Markdown shows as no link: in unused definitions, surplus cells, endless lines."""

import re
from collections.abc import Iterable, Iterator, Sequence

from tools.exchange.importers.parser import Addresses, Definition
from tools.exchange.importers.passages import addresses_in
from tools.exchange.importers.read_note import FoundLink

_DEFINITION = re.compile(r"\s*\[[^\]]+\]:")
_LONGEST_PIECE = 2_000


def unused(definitions: Iterable[Definition], links: Sequence[FoundLink]) -> Iterator[Definition]:
    """The reference definitions that no text uses."""
    used = {link.url for link in links}
    return (definition for definition in definitions if definition.url not in used)


def unmet(
    lines: Sequence[str], links: Iterable[FoundLink], linkify: Addresses
) -> Iterator[tuple[int, str]]:
    """Every address of the raw lines that was met nowhere on its line, with the line."""
    by_line: dict[int, set[str]] = {}
    for link in links:
        by_line.setdefault(link.line, set()).add(link.url)
    everywhere = set().union(*by_line.values())
    for n, text in enumerate(lines, start=1):
        here = by_line.get(n, set())
        joined = "\n".join(here)
        for url in addresses_in(text, linkify) if "://" in text else ():
            defined = url in everywhere and _DEFINITION.match(text)
            if not defined and url not in joined and not _begins_with(url, here):
                yield n, url


def _begins_with(url: str, others: set[str]) -> bool:
    """Whether one of the others is how the address begins."""
    return any(url[:length] in others for length in range(min(len(url), _LONGEST_PIECE), 0, -1))
