"""The catalog as the bookmark file that browsers import, after Netscape's."""

import html
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jinja2
from markupsafe import Markup

from tools.exchange.text import midnight, one_line
from tools.model.catalog import Catalog
from tools.model.resource import Resource
from tools.model.words import SiteLanguage

_TEMPLATES = Path(__file__).parents[1] / "templates"


@dataclass(frozen=True, slots=True)
class _Bookmark:
    url: str
    seconds: int
    tags: str
    title: str
    summary: str


def to_bookmarks(catalog: Catalog, language: SiteLanguage) -> str:
    """One folder with a folder for every topic; a resource stands once, in that of its main one."""
    folders = [
        (topic.title.to(language), bookmarks)
        for topic in catalog.topics
        if (bookmarks := list(_bookmarks(catalog, topic.id, language)))
    ]
    return _template().render(name=catalog.site.name.to(language), folders=folders)


def _bookmarks(catalog: Catalog, topic: str, language: SiteLanguage) -> Iterator[_Bookmark]:
    for resource in catalog.resources_by_topic[topic]:
        if resource.topics[0] == topic:
            yield _bookmark(resource, language)


def _bookmark(resource: Resource, language: SiteLanguage) -> _Bookmark:
    return _Bookmark(
        url=resource.url,
        seconds=int(midnight(resource.added).timestamp()),
        tags=",".join(resource.topics),
        title=resource.title,
        summary=resource.summary.to(language),
    )


def _for_browsers(value: object) -> Markup:
    """A value on one line, with the few references that Chromium's importer knows: not `&#34;`."""
    return Markup(html.escape(one_line(str(value)), quote=False).replace('"', "&quot;"))


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        finalize=_for_browsers,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("bookmarks.html")
