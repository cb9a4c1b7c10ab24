"""The tags of a page that speak of the page: title, meta, canonical address, JSON-LD."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from bs4 import BeautifulSoup, Tag
from bs4.exceptions import ParserRejectedMarkup

# Only whole tags of these few kinds reach the HTML parser, and not too many: Python's own takes
# more than seven seconds for 35 kB of `<a <a <a`.
_START = re.compile(
    r"<!--|<(html|meta|link|title|script|style|textarea|svg)(?=[\s/>])", re.IGNORECASE
)
_REST = re.compile(r"""(?:"[^"]*"|'[^']*'|[^'"<>])*>""")
_LONGEST_TAG, _LONGEST_TITLE, _LONGEST_SCRIPT, _MOST_TAGS = 8_000, 2_000, 300_000, 2_000
_DATA = re.compile(r"""type\s*=\s*["']?\s*application/ld\+json""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Head:
    """What stood in the tags, unescaped; names of meta tags in lower case."""

    language: str = ""
    title: str = ""
    canonical: str = ""
    metas: tuple[tuple[str, str], ...] = ()
    scripts: tuple[str, ...] = ()

    def all(self, *names: str) -> list[str]:
        """The contents of all meta tags of these names, in their order."""
        return [content for name, content in self.metas if name in names and content.strip()]

    def first(self, *names: str) -> str:
        """The content of the first of these names that has any."""
        return next((said for name in names for said in self.all(name)), "")


def head_of(text: str) -> Head:
    """The tags of a whole page; those in comments, scripts and pictures are not the page's."""
    tags: list[str] = []
    scripts: list[str] = []
    title: str | None = None
    for name, tag, content in _tags(text):
        if name == "script" and _DATA.search(tag):
            scripts.append(content)
        elif name == "title" and title is None:
            title = unescape(content)
        elif name in ("html", "meta", "link"):
            tags.append(tag)
    return _parsed("".join(tags), title or "", tuple(scripts))


def _parsed(tags: str, title: str, scripts: tuple[str, ...]) -> Head:
    try:
        soup = BeautifulSoup(tags, "html.parser")
    except (ParserRejectedMarkup, AssertionError):
        return Head(title=title, scripts=scripts)
    pages, canonical = soup.find_all("html"), ""
    for link in soup.find_all("link"):
        if "canonical" in _value(link, "rel").lower().split():
            canonical = canonical or _value(link, "href")
    metas = (
        ((_value(meta, "property") or _value(meta, "name")).lower(), _value(meta, "content"))
        for meta in soup.find_all("meta")
    )
    language = next((said for page in pages if (said := _value(page, "lang"))), "")
    return Head(language, title, canonical, tuple(meta for meta in metas if meta[0]), scripts)


def _value(tag: Tag, name: str) -> str:
    value = tag.get(name) or ""
    return value if isinstance(value, str) else " ".join(value)


def _tags(text: str) -> Iterator[tuple[str, str, str]]:
    """The name, the tag itself and, of those that have one, the content; in one pass."""
    at = 0
    for _ in range(_MOST_TAGS):
        match = _START.search(text, at)
        if not match:
            return
        name = (match[1] or "").lower()
        if not name:
            at = _after(text, "-->", match.end())
            continue
        rest = _REST.match(text, match.end(), match.end() + _LONGEST_TAG)
        if not rest:
            at = match.end()
            continue
        at = rest.end()
        tag, content = text[match.start() : at], ""
        if name in ("title", "script", "style", "textarea", "svg"):
            end = _end(text, name, at)
            longest = _LONGEST_TITLE if name == "title" else _LONGEST_SCRIPT
            content = text[at:end] if end - at <= longest else ""
            at = end
        yield name, tag, content


def _end(text: str, name: str, start: int) -> int:
    """Where a tag's content ends: at its end tag, or with the page."""
    match = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(text, start)
    return match.start() if match else len(text)


def _after(text: str, mark: str, start: int) -> int:
    found = text.find(mark, start)
    return found + len(mark) if found >= 0 else len(text)
