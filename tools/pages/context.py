"""What a block may know: the catalog, the language, and where its page stands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from tools.model.catalog import Catalog
from tools.model.record import SnippetRecord
from tools.model.topic import Topic
from tools.model.words import SiteLanguage
from tools.pages.page import File, Html
from tools.pages.render import render
from tools.pages.rows import Cite

Drawing = Callable[[SiteLanguage], Html]


@dataclass(frozen=True, slots=True)
class Context:
    """One page being made: `path` is its Markdown file below the language's root.

    `records` and `codes` are what machines found of the snippets and the files to take away, by
    snippet id; `figures` draw by name.
    """

    catalog: Catalog
    language: SiteLanguage
    path: str
    downloads: tuple[File, ...] = ()
    cite: Cite | None = None
    records: Mapping[str, SnippetRecord] = field(default_factory=dict)
    codes: Mapping[str, tuple[File, ...]] = field(default_factory=dict)
    figures: Mapping[str, Drawing] = field(default_factory=dict)

    @property
    def root(self) -> str:
        """The way from the page's address up to the language's root: `../../` for learn/lstm.md."""
        return "../" * address_of(self.path).count("/")

    @property
    def topic(self) -> Topic:
        """The topic the page is about; raises KeyError on any other page."""
        return self.catalog.topic(PurePosixPath(self.path).stem)

    def html(self, template: str, **values: Any) -> Html:
        """A template filled for this page."""
        return render(
            template, self.language, root=self.root, catalog=self.catalog, path=self.path, **values
        )


def address_of(path: str) -> str:
    """The address of a page below the language's root: `learn/lstm/` for learn/lstm.md."""
    page = PurePosixPath(path)
    folder = page.parent if page.stem == "index" else page.with_suffix("")
    return "" if str(folder) == "." else f"{folder}/"
