"""A project folder to the pages of one language: storage and services wired for the surfaces."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.exchange.bibtex import bibtex
from tools.exchange.exporters import EXPORTERS
from tools.exchange.feed import FILE, atom
from tools.figures import FIGURES
from tools.model.catalog import Catalog
from tools.model.problem import Problem
from tools.model.progress import Progress
from tools.model.words import SITE_LANGUAGES, SiteLanguage
from tools.notebooks.downloads import downloads as of_snippet
from tools.pages.blocks import asked_for
from tools.pages.build import build, prose_problems
from tools.pages.page import File, Page
from tools.pages.progress_page import AUTHOR_FILE
from tools.pages.render import interface_words
from tools.pages.run_page import record_problems
from tools.storage.catalog import load_catalog
from tools.storage.progress_text import progress_text
from tools.storage.prose import read_prose
from tools.storage.records import read_records
from tools.storage.schema import SCHEMAS, schema_text


class SourceProblems(Exception):
    """Why the pages cannot be made: every problem of catalog and prose."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class LanguageSite:
    """The catalog and everything made from it for one language."""

    catalog: Catalog
    language: SiteLanguage
    parts: tuple[Page | File, ...]


def read_site(
    root: Path, language: SiteLanguage, catalog: Path | None = None, *, base: str = ""
) -> LanguageSite:
    """All pages and files of a language from `root/docs` and the catalog, else `root/catalog`.

    `base` is the address at which the language will stand, for files that are read elsewhere.
    Raises SourceProblems when anything in them is broken.
    """
    loaded = load_catalog(catalog or root / "catalog")
    prose, unreadable = _prose(root)
    asked = asked_for(loaded.catalog, FIGURES)
    records = read_records(root, (snippet.id for snippet in loaded.catalog.snippets))
    problems = [
        *loaded.problems,
        *unreadable,
        *prose_problems(prose, loaded.catalog.topics_by_id, "docs", asked),
        *record_problems(loaded.catalog, records, "snippets"),
    ]
    if problems:
        raise SourceProblems(tuple(problems))
    downloads = tuple(_downloads(loaded.catalog, language, base))
    parts = tuple(
        build(
            loaded.catalog,
            prose[language],
            language,
            downloads=downloads,
            cite=bibtex,
            records=records,
            codes={id: _codes(root, id) for id in records},
            figures=FIGURES,
        )
    )
    return LanguageSite(loaded.catalog, language, parts)


def _prose(root: Path) -> tuple[dict[SiteLanguage, dict[str, str]], list[Problem]]:
    prose: dict[SiteLanguage, dict[str, str]] = {}
    problems = []
    for language in SITE_LANGUAGES:
        prose[language], unread = read_prose(root / "docs" / language, f"docs/{language}")
        problems += unread
    return prose, problems


def _downloads(catalog: Catalog, language: SiteLanguage, base: str) -> Iterator[File]:
    for export in EXPORTERS.values():
        yield File(f"data/{export.file}", export.write(catalog, language).encode())
    title = f"{interface_words()['feed'].to(language)} · {catalog.site.name.to(language)}"
    yield File(FILE, atom(catalog, language, title=title, base=base).encode())
    if catalog.progress:
        yield File(AUTHOR_FILE, progress_text(Progress(catalog.progress)).encode())
    for name in SCHEMAS:
        yield File(f"data/{name}.schema.json", schema_text(name).encode())


def _codes(root: Path, id: str) -> tuple[File, ...]:
    return tuple(File(path, content) for path, content in of_snippet(root, id).items())
