"""The catalog page: its block of markup, and the files its scripts fetch."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

from tools.model.catalog import Catalog
from tools.model.facts import Facts, facts_of
from tools.model.progress import STATUSES
from tools.model.query import SORTS
from tools.model.words import SiteLanguage
from tools.pages.facets import facets_of, minute_steps
from tools.pages.page import File, Html
from tools.pages.records import Record, record_of
from tools.pages.render import interface_words, render
from tools.pages.rows import Cite, Row, Shelf
from tools.pages.slices import slice_order

# As many rows as a page may hold as markup; a page of more holds the first ones, as a script draws
# them at once, and the rest is fetched: all closed rows in few files, the records one needs.
MOST_ROWS = 500
FIRST_ROWS = 20
ROWS_EACH = 1000
RECORDS_EACH = 20
# What the header of the page offers; the Data page has more.
_FORMATS = {"json": "JSON", "csv": "CSV", "bib": "BibTeX"}

# The phrases that scripts say, by their name there.
_SCRIPT_WORDS = (
    "say-count",
    "say-dropped",
    "say-unknown",
    "say-failed",
    "say-no-record",
    "any",
    "chip-max",
    "chip-stars",
)


def catalog_block(
    catalog: Catalog,
    language: SiteLanguage,
    root: str,
    *,
    cite: Cite | None = None,
    downloads: Sequence[File] = (),
) -> Html:
    """The whole page below its header: search, facets, rows with their records.

    `downloads` are the files that hold the same catalog; the best known are linked.
    """
    facts = facts_of(catalog)
    shelf = Shelf(catalog, language, root, cite)
    shown = facts if len(facts) <= MOST_ROWS else facts[:FIRST_ROWS]
    return render(
        "catalog.html",
        language,
        root=root,
        rows=_with_records(shelf, (shelf.row(catalog.resources[fact.id]) for fact in shown)),
        total=len(facts),
        rows_each=ROWS_EACH,
        records_each=RECORDS_EACH,
        facets=facets_of(catalog, facts, language),
        steps=minute_steps(facts),
        most_stars=max((fact.stars or 0 for fact in facts), default=0),
        picked=sum(fact.marked for fact in facts),
        sorts=SORTS,
        statuses=("not-yet", *STATUSES),
        downloads=[(_format(file), file.path) for file in downloads if _holds_catalog(file)],
        said={key: interface_words()[f"catalog-{key}"].to(language) for key in _SCRIPT_WORDS},
    )


def catalog_files(
    catalog: Catalog, language: SiteLanguage, *, cite: Cite | None = None
) -> Iterator[File]:
    """The facts that filtering needs and, for a large catalog, its rows and records in slices."""
    facts = facts_of(catalog)
    former = {id: resource.former_ids for id, resource in catalog.resources.items()}
    written = [compact(fact, former[fact.id]) for fact in facts]
    if len(facts) <= MOST_ROWS:
        yield File("catalog/facets.json", _json(written))
        return
    order = [fact.id for fact in slice_order(facts, FIRST_ROWS)]
    places = {id: place for place, id in enumerate(order)}
    yield File(
        "catalog/facets.json", _json([fact | {"at": places[fact["id"]]} for fact in written])
    )
    shelf = Shelf(catalog, language, "../", cite)
    rows = [shelf.row(catalog.resources[id]) for id in order]
    for n, part in enumerate(_slices(rows, ROWS_EACH)):
        html = render("rows.html", language, rows=part)
        yield File(f"catalog/rows/{n}.html", html.encode())
    for n, part in enumerate(_slices(rows, RECORDS_EACH)):
        html = render("records.html", language, root=shelf.root, rows=_with_records(shelf, part))
        yield File(f"catalog/records/{n}.html", html.encode())


def compact(fact: Facts, former_ids: tuple[str, ...] = ()) -> dict[str, Any]:
    """A resource's facts as scripts read them; the place in the list is the reading order."""
    written = {
        "id": fact.id,
        "was": former_ids,
        "text": fact.text,
        "title": fact.title,
        "topic": fact.topics,
        "kind": fact.kind,
        "lang": fact.language,
        "level": fact.level,
        "with": fact.frameworks,
        "link": fact.link,
        "minutes": fact.minutes,
        "stars": fact.stars,
        "marked": fact.marked,
        "published": fact.published,
        "added": fact.added,
    }
    return {key: value for key, value in written.items() if value}


def _with_records(shelf: Shelf, rows: Iterable[Row]) -> list[tuple[Row, Record]]:
    return [(row, record_of(shelf, row.resource)) for row in rows]


def _slices(rows: Sequence[Row], each: int) -> Iterator[Sequence[Row]]:
    return (rows[start : start + each] for start in range(0, len(rows), each))


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _format(file: File) -> str:
    return _FORMATS[PurePosixPath(file.path).suffix.removeprefix(".")]


def _holds_catalog(file: File) -> bool:
    path = PurePosixPath(file.path)
    return path.stem == "catalog" and path.suffix.removeprefix(".") in _FORMATS
