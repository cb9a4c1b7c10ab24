"""The facts of one HTML page that the checks ask for, read in a single pass."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

# The addresses a browser fetches, or prepares to fetch, without being asked by the reader.
_FETCHED = {
    ("script", "src"), ("img", "src"), ("img", "srcset"), ("source", "src"), ("source", "srcset"),
    ("iframe", "src"), ("embed", "src"), ("object", "data"), ("video", "src"), ("video", "poster"),
    ("audio", "src"), ("track", "src"), ("input", "src"), ("image", "href"), ("use", "href"),
    ("image", "xlink:href"), ("use", "xlink:href"), ("style", "url"),
}  # fmt: skip
_FOLLOWED = {
    ("a", "href"),
    ("a", "xlink:href"),
    ("area", "href"),
    ("link", "href"),
    ("form", "action"),
}
_FETCHING_RELS = {
    "stylesheet", "icon", "apple-touch-icon", "mask-icon", "manifest", "preload", "modulepreload",
    "prefetch", "prerender", "preconnect", "dns-prefetch",
}  # fmt: skip
_CARDS = {"og:image", "twitter:image"}
_CSS_ADDRESS = re.compile(
    r"""@import\s+["']([^"']+)["']|url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"'\s]+))\s*\)""",
    re.IGNORECASE,
)
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Reference:
    """One address written on a page, and how it is written."""

    tag: str
    attribute: str
    address: str
    line: int
    rel: frozenset[str] = frozenset()
    hreflang: str = ""

    @property
    def fetched(self) -> bool:
        """Whether a browser asks for the address by itself."""
        return (self.tag, self.attribute) in _FETCHED or bool(self.rel & _FETCHING_RELS)

    @property
    def place(self) -> str:
        """The reference as a maintainer would look for it."""
        return f'line {self.line}: <{self.tag} {self.attribute}="{self.address}">'


@dataclass(frozen=True, slots=True)
class Facts:
    """What one page says about itself and whom it refers to."""

    lang: str
    title: str
    description: str
    headings: int
    names: frozenset[str]
    references: tuple[Reference, ...]


def read(text: str) -> Facts:
    """The facts of a page."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.facts()


def css_addresses(css: str) -> tuple[str, ...]:
    """The addresses a stylesheet imports or draws with, `data:` left out."""
    hits = _CSS_ADDRESS.findall(_CSS_COMMENT.sub("", css))
    found = ("".join(parts) for parts in hits)
    return tuple(address for address in found if not address.startswith("data:"))


@dataclass
class _Reader(HTMLParser):
    """Collects the facts while the parser walks the page."""

    lang: str = ""
    title: str = ""
    description: str = ""
    headings: int = 0
    names: set[str] = field(default_factory=set)
    references: list[Reference] = field(default_factory=list)
    inside: str = ""
    drawings: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def facts(self) -> Facts:
        return Facts(
            self.lang, self.title.strip(), self.description.strip(), self.headings,
            frozenset(self.names), tuple(self.references),
        )  # fmt: skip

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._note_names(tag, given)
        self._note_words(tag, given)
        for name, value in given.items():
            self._note_address(tag, name, value, given)
        if tag == "svg":
            self.drawings += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""
        if tag == "svg":
            self.drawings -= 1

    def handle_data(self, data: str) -> None:
        if self.inside == "title":
            self.title += data
        elif self.inside == "style":
            self._note_css(data)

    def _note_names(self, tag: str, given: dict[str, str]) -> None:
        if "id" in given:
            self.names.add(given["id"])
        if tag == "a" and "name" in given:
            self.names.add(given["name"])

    def _note_words(self, tag: str, given: dict[str, str]) -> None:
        if tag == "html":
            self.lang = given.get("lang", "")
        elif tag == "meta" and given.get("name", "").lower() == "description":
            self.description = given.get("content", "")
        elif tag == "meta" and {given.get("property"), given.get("name")} & _CARDS:
            content = given.get("content", "")
            self.references.append(Reference(tag, "content", content, self.getpos()[0]))
        elif tag == "h1":
            self.headings += 1
        # A drawing has a <title> of its own; the page's is the one outside.
        elif tag == "style" or (tag == "title" and not self.drawings):
            self.inside = tag

    def _note_address(self, tag: str, name: str, value: str, given: dict[str, str]) -> None:
        if name == "style":
            self._note_css(value)
        elif (tag, name) in _FETCHED | _FOLLOWED:
            rel = frozenset(given.get("rel", "").lower().split()) if tag == "link" else frozenset()
            line, hreflang = self.getpos()[0], given.get("hreflang", "")
            self.references += (
                Reference(tag, name, address, line, rel, hreflang)
                for address in (_candidates(value) if name == "srcset" else (value.strip(),))
            )

    def _note_css(self, css: str) -> None:
        line = self.getpos()[0]
        self.references += (Reference("style", "url", each, line) for each in css_addresses(css))


def _candidates(srcset: str) -> tuple[str, ...]:
    """The addresses of a `srcset`, without their widths."""
    return tuple(part.split()[0] for part in srcset.split(",") if part.strip())
