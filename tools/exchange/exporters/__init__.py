"""Every export format by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tools.exchange.exporters.bibtex import to_bibtex
from tools.exchange.exporters.bookmarks import to_bookmarks
from tools.exchange.exporters.csv import to_csv
from tools.exchange.exporters.json import to_json
from tools.exchange.exporters.markdown import to_markdown
from tools.exchange.exporters.opml import to_opml
from tools.model.catalog import Catalog
from tools.model.words import SiteLanguage

Write = Callable[[Catalog, SiteLanguage], str]


@dataclass(frozen=True, slots=True)
class Export:
    """One format: the name of a `file` of it, and what writes it for readers of a language.

    The same catalog always gives the same text, with a line end last.
    """

    file: str
    write: Write


def _for_all(write: Callable[[Catalog], str]) -> Write:
    """For formats that are the same for every reader, since they hold both languages or neither."""
    return lambda catalog, language: write(catalog)


EXPORTERS: Mapping[str, Export] = {
    "json": Export("catalog.json", _for_all(to_json)),
    "csv": Export("catalog.csv", _for_all(to_csv)),
    "bibtex": Export("catalog.bib", _for_all(to_bibtex)),
    "markdown": Export("catalog.md", to_markdown),
    "opml": Export("catalog.opml", to_opml),
    "bookmarks": Export("bookmarks.html", to_bookmarks),
}
