"""The links of a passage with the marks that stand beside each of them, and of a row of a table.

Marks are never spread to a neighbour: a pointing hand belongs to the next link, stars and ticks
to the link before them, those of a row to its first link.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import get_args

from tools.exchange.importers import signs
from tools.exchange.importers.passages import Passage, PassageLink
from tools.exchange.importers.read_note import FoundLink, OddPiece
from tools.model.resource import Rating
from tools.model.text import is_web_address, visible

LONGEST_LABEL = 300
_LONGEST_ADDRESS = 2_000
_RATINGS: tuple[Rating, ...] = get_args(Rating)
_TORN_END = re.compile(r"^[^\s(\[]*[./][^\s(\[]*\)\S*$")


@dataclass(slots=True)
class Found:
    """What a piece of a note holds."""

    links: list[FoundLink] = field(default_factory=list)
    odd: list[OddPiece] = field(default_factory=list)


def in_passage(passage: Passage, section: str, lines: Sequence[str]) -> Found:
    """The links of a paragraph or a cell; `lines` are those of the whole note."""
    found = Found()
    for n, piece in enumerate(passage.pieces):
        if isinstance(piece, PassageLink):
            line = line_of(piece.url, lines, piece.line, passage.end)
            found.links.append(_link(passage, n, piece, line, section))
            found.odd += _oddities(passage, n, piece, line)
    if signs.task_state(passage.text) == "x" and found.links:
        found.links[0] = replace(found.links[0], read=True)
    found.odd += _torn(passage)
    return found


def in_row(
    columns: Sequence[str], cells: Sequence[Passage], section: str, lines: Sequence[str]
) -> Found:
    """The links of a row: its category files them all, its stars and tick are for the first."""
    line = cells[0].line if cells else 0
    if not any(cell.text.strip() for cell in cells):
        return Found(odd=[OddPiece(line, "found an empty row")])
    by_cell = [in_passage(cell, section, lines) for cell in cells]
    category = _category(columns, cells)
    found = Found(
        [replace(link, category=category) for cell in by_cell for link in cell.links],
        [piece for cell in by_cell for piece in cell.odd],
    )
    stars = max(signs.stars_of_cell(cell.text) for cell in cells)
    found.odd += _too_many(stars, line)
    ticked = any(signs.is_ticked(cell.text) and not cell.links for cell in cells)
    if stars or ticked:
        _mark_first(found, _rating(stars), ticked, line)
    return found


def _mark_first(found: Found, rating: Rating | None, ticked: bool, line: int) -> None:
    readable = [n for n, link in enumerate(found.links) if not link.left_out]
    if not readable:
        found.odd.append(OddPiece(line, "found stars or a tick without an address"))
        return
    first = found.links[readable[0]]
    found.links[readable[0]] = replace(
        first, rating=first.rating or rating, read=first.read or ticked
    )


def refusal(url: str) -> str:
    """Why an address is none that a catalog can keep; nothing where it can."""
    if len(url) > _LONGEST_ADDRESS:
        return f"it has {len(url):,} characters, expected at most {_LONGEST_ADDRESS:,}"
    return "" if is_web_address(url) else "expected an http or https address"


def line_of(url: str, lines: Sequence[str], line: int, end: int) -> int:
    """The first line from the counted one on that holds the address, else the counted one."""
    return next((n for n in range(line, end + 1) if url in "".join(lines[n - 1 : n])), line)


def _link(passage: Passage, n: int, link: PassageLink, line: int, section: str) -> FoundLink:
    before, behind = passage.text_before(n), passage.text_behind(n)
    first = not any(isinstance(piece, PassageLink) for piece in passage.pieces[:n])
    label = visible(link.label)[:LONGEST_LABEL]
    return FoundLink(
        line=line,
        url=link.url,
        label=label,
        title=_title(label, before, link.bare),
        section=section,
        rating=_rating(signs.stars_behind(behind)),
        highlight=link.bold or signs.is_pointed_at(before),
        read=signs.is_ticked(behind) or (first and signs.is_ticked(before)),
        left_out=link.left_out,
        refused="" if link.left_out else refusal(link.url),
    )


def _oddities(passage: Passage, n: int, link: PassageLink, line: int) -> list[OddPiece]:
    odd = _too_many(signs.stars_behind(passage.text_behind(n)), line)
    length = len(visible(link.label))
    if length > LONGEST_LABEL:
        odd.append(OddPiece(line, f"found a link text of {length:,} characters, cut it"))
    if not length and not link.bare and not link.left_out:
        odd.append(OddPiece(line, f"found no text on the link to {link.url[:80]!r}"))
    return odd


def _rating(stars: int) -> Rating | None:
    return _RATINGS[stars - 1] if 0 < stars <= len(_RATINGS) else None


def _too_many(stars: int, line: int) -> list[OddPiece]:
    if stars <= len(_RATINGS):
        return []
    return [OddPiece(line, f"found {stars} stars, expected one to five; none was taken")]


def _torn(passage: Passage) -> list[OddPiece]:
    """Say so where brackets show that a link or an address was torn."""
    texts = [piece for piece in passage.pieces if isinstance(piece, str)]
    if any("](" in text for text in texts):
        return [OddPiece(passage.line, "found the brackets of a link that does not end")]
    if not passage.links and any(_TORN_END.match(word) for word in passage.text.split()):
        shown = passage.text.strip()[:80]
        return [OddPiece(passage.line, f"found what looks torn off: {shown!r}")]
    return []


def _category(columns: Sequence[str], cells: Sequence[Passage]) -> str:
    named = zip(columns, cells, strict=False)
    found = (visible(cell.text) for column, cell in named if column in signs.CATEGORY_COLUMNS)
    return next(found, "")


def _title(label: str, before: str, bare: bool) -> str:
    """The label, or the words before a link that is only called `article` or not at all."""
    if label and not signs.is_plain_label(label):
        return label
    words = visible(before.split("\n")[-1])
    if bare and not words.endswith((":", "：")):
        return ""
    return words.rstrip("([（【:：- ").lstrip("-—,.;，。；、 ")[:LONGEST_LABEL] or label
