"""The web addresses that a Markdown page links to, each with its line.

Addresses in code are examples and lead nobody anywhere, so they do not count.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from linkify_it import LinkifyIt
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin

_WEB = re.compile(r"https?://", re.IGNORECASE)
# Chinese has no space behind an address; linkify takes its punctuation for letters of a path.
_PUNCTUATION = re.compile("[，。；：、！？…（）《》〈〉「」『』【】〔〕“”‘’\u3000]")
# It finds no address right behind a letter either.
_BEFORE_SCHEME = re.compile(r"[^\x00-\x7f](?=https?://)", re.IGNORECASE)


def is_web(address: str) -> bool:
    """Whether an address goes out over http or https, however malformed the rest of it is."""
    return _WEB.match(address) is not None


def prose_addresses(text: str) -> Iterator[tuple[int, str]]:
    """Every web address that a page links to as `(line, address)`, in reading order.

    The address is letter by letter what stands there. One that is defined as a reference has the
    line of its definition.
    """
    lines = re.split(r"\r\n|\r|\n", text)
    env: dict[str, Any] = {}
    tokens = _parser().parse(text, env)
    defined = {
        str(found["href"]): found["map"][0] + 1 for found in env.get("references", {}).values()
    }
    for token in tokens:
        if token.map and token.type in ("inline", "html_block"):
            first, end = token.map
            block = _Block("\n".join(lines[first:end]), first + 1, defined)
            found = _in_inline(token) if token.type == "inline" else _in_html(token.content)
            yield from block.placed(found)


class _Verbatim(MarkdownIt):
    """Markdown whose addresses are neither escaped nor judged."""

    def normalizeLink(self, url: str) -> str:
        return url

    def validateLink(self, url: str) -> bool:
        return True


def _parser() -> MarkdownIt:
    return _Verbatim("commonmark").enable("table").use(front_matter_plugin)


@dataclass(slots=True)
class _Block:
    """The raw lines of a paragraph, read once from their start to their end."""

    text: str
    line: int
    defined: Mapping[str, int]
    at: int = 0

    def placed(self, found: Iterator[tuple[str, bool]]) -> Iterator[tuple[int, str]]:
        """The addresses among what was found, with their lines; the rest is only passed by."""
        for piece, is_link in found:
            elsewhere = self.defined.get(piece) if is_link else None
            if not elsewhere:
                self.pass_by(piece)
            if is_link and is_web(piece):
                yield elsewhere or self.line, piece

    def pass_by(self, piece: str) -> None:
        """Go on behind a piece, which holds no line end; stay if it is written in another way."""
        if (found := self.text.find(piece, self.at)) >= 0:
            self.line += self.text.count("\n", self.at, found)
            self.at = found + len(piece)


def _in_inline(token: Token) -> Iterator[tuple[str, bool]]:
    """The pieces of a paragraph that tell how far it was read, and which of them are links."""
    linked = 0
    for child in token.children or ():
        match child.type:
            case "link_open":
                linked += 1
                yield str(child.attrs.get("href", "")), True
            case "link_close":
                linked -= 1
            case "image":
                yield str(child.attrs.get("src", "")), True
            case "html_inline":
                yield from _in_html(child.content)
            case "text" if not linked:
                yield from ((address, True) for address in _bare_addresses(child.content))
            case "code_inline":
                yield child.content, False


def _bare_addresses(text: str) -> Iterator[str]:
    if not _WEB.search(text):
        return
    for found in _LINKIFY.match(_BEFORE_SCHEME.sub(" ", _PUNCTUATION.sub(" ", text))) or ():
        yield found.raw


def _in_html(markup: str) -> Iterator[tuple[str, bool]]:
    tags = _Tags()
    tags.feed(markup)
    return ((address, True) for address in tags.found)


class _Tags(HTMLParser):
    """The addresses in the tags of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("href", "src") and value]


# Nothing without a scheme: README.md is no host.
_LINKIFY = LinkifyIt(
    {"mailto:": None, "//": None},
    {"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False},
)
