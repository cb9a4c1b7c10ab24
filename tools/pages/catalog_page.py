"""The catalog page: its block of markup, and the files its scripts fetch."""

import json
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

from tools.model.catalog import Catalog
from tools.model.facts import Facts, facts_of
from tools.model.query import SORTS
from tools.model.words import SiteLanguage
from tools.pages.facets import facets_of, minute_steps
from tools.pages.page import File, Html
from tools.pages.records import Record, record_of
from tools.pages.render import interface_words, render
from tools.pages.rows import Cite, Row, Shelf

# As many rows as a page may hold as markup; above it the page shows one slice.
MOST_ROWS = 500
SLICE = 100
_FORMATS = {"bib": "BibTeX"}

# The phrases that scripts say, by their name there.
_SCRIPT_WORDS = (
    "say-count",
    "say-dropped",
    "say-unknown",
    "say-failed",
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

    `downloads` are the files that hold the same catalog; those called `catalog` are linked.
    """
    facts = facts_of(catalog)
    shelf = Shelf(catalog, language, root, cite)
    shown = facts if len(facts) <= MOST_ROWS else facts[:SLICE]
    return render(
        "catalog.html",
        language,
        root=root,
        rows=_rows(shelf, shown),
        total=len(facts),
        slice=SLICE,
        facets=facets_of(catalog, facts, language),
        steps=minute_steps(facts),
        most_stars=max((fact.stars or 0 for fact in facts), default=0),
        picked=sum(fact.marked for fact in facts),
        sorts=SORTS,
        downloads=[(_format(file), file.path) for file in downloads if _holds_catalog(file)],
        said={key: interface_words()[f"catalog-{key}"].to(language) for key in _SCRIPT_WORDS},
    )


def catalog_files(
    catalog: Catalog, language: SiteLanguage, *, cite: Cite | None = None
) -> Iterator[File]:
    """The facts that filtering needs and, for a large catalog, its rows in slices."""
    facts = facts_of(catalog)
    former = {id: resource.former_ids for id, resource in catalog.resources.items()}
    written = [compact(fact, former[fact.id]) for fact in facts]
    yield File("catalog/facets.json", _json(written))
    if len(facts) <= MOST_ROWS:
        return
    shelf = Shelf(catalog, language, "../", cite)
    for n, start in enumerate(range(0, len(facts), SLICE)):
        rows = _rows(shelf, facts[start : start + SLICE])
        html = render("rows.html", language, root=shelf.root, rows=rows)
        yield File(f"catalog/rows/{n}.html", html.encode())


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
        "minutes": fact.minutes,
        "stars": fact.stars,
        "marked": fact.marked,
        "published": fact.published,
        "added": fact.added,
    }
    return {key: value for key, value in written.items() if value}


def _rows(shelf: Shelf, facts: Sequence[Facts]) -> list[tuple[Row, Record]]:
    resources = [shelf.catalog.resources[fact.id] for fact in facts]
    return [(shelf.row(resource), record_of(shelf, resource)) for resource in resources]


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _format(file: File) -> str:
    suffix = PurePosixPath(file.path).suffix.removeprefix(".")
    return _FORMATS.get(suffix, suffix.upper())


def _holds_catalog(file: File) -> bool:
    return PurePosixPath(file.path).stem == "catalog"
