"""Markdown's inline tokens as passages: running text with the links that stand in it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

from markdown_it.token import Token

from tools.exchange.importers.parser import Addresses

_HTML_PARTS = re.compile(r"(<!--.*?-->|<[^>]*>|\n)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageLink:
    """An address in a passage; `bare` stands for itself, `left_out` why it is not read."""

    url: str
    line: int
    label: str = ""
    bold: bool = False
    bare: bool = False
    left_out: str = ""


@dataclass(slots=True)
class Passage:
    """A paragraph or a table cell: texts and links in the order they are read.

    It stands on the lines from `line` to `end`.
    """

    line: int
    end: int
    pieces: list[str | PassageLink] = field(default_factory=list)

    @property
    def links(self) -> list[PassageLink]:
        """The links alone."""
        return [piece for piece in self.pieces if isinstance(piece, PassageLink)]

    @property
    def text(self) -> str:
        """What is read, labels included."""
        return "".join(p if isinstance(p, str) else p.label or p.url for p in self.pieces)

    @property
    def said(self) -> str:
        """What is read, without addresses that stand for themselves."""
        return "".join(p if isinstance(p, str) else p.label for p in self.pieces)

    def text_before(self, n: int) -> str:
        """The text between the n-th piece and the link before it."""
        before = self.pieces[n - 1] if n else ""
        return before if isinstance(before, str) else ""

    def text_behind(self, n: int) -> str:
        """The text between the n-th piece and the next link."""
        behind = self.pieces[n + 1] if n + 1 < len(self.pieces) else ""
        return behind if isinstance(behind, str) else ""


@dataclass(slots=True)
class _Open:
    """A link whose label is still being read."""

    url: str
    line: int
    bare: bool
    label: str = ""
    all_bold: bool = True


def passage_of(inline: Token, line: int, linkify: Addresses) -> Passage:
    """The passage of one inline token that begins on that line of the note."""
    end = inline.map[1] if inline.map else line
    reading = _Reading(Passage(line, max(line, end)), line, linkify)
    for token in inline.children or ():
        reading.take(token)
    reading.close()
    reading.passage.pieces = _nested_links(reading.passage.pieces)
    return reading.passage


def html_passage(markup: str, line: int, linkify: Addresses) -> Passage:
    """A block of HTML as a passage: every tag in turn, with the text between them."""
    children = []
    for part in _HTML_PARTS.split(markup):
        kind = "softbreak" if part == "\n" else "html_inline" if part[:1] == "<" else "text"
        children.append(Token(kind, "", 0, content=part))
    lines = [line - 1, line + markup.count("\n")]
    inline = Token("inline", "", 0, map=lines, children=children)
    return passage_of(inline, line, linkify)


@dataclass(slots=True)
class _Reading:
    """One walk over the tokens of a passage."""

    passage: Passage
    line: int
    linkify: Addresses
    bold: int = 0
    open: _Open | None = None

    def take(self, token: Token) -> None:
        """Read one token."""
        match token.type:
            case "link_open":
                self.begin(
                    str(token.attrs.get("href", "")), bare=token.markup in ("linkify", "autolink")
                )
            case "link_close":
                self.close()
            case "strong_open":
                self.bold += 1
            case "strong_close":
                self.bold -= 1
            case "softbreak" | "hardbreak":
                self.say("\n")
                self.line += 1
            case "image":
                self.picture(token)
            case "code_inline":
                self.code(token.content)
            case "html_inline":
                self.html(token.content)
            case _:
                self.say(token.content)

    def say(self, text: str) -> None:
        """Add to the label of the link that is open, else to the running text."""
        pieces = self.passage.pieces
        if self.open:
            self.open.label += text
            self.open.all_bold &= self.bold > 0 or not text.strip()
        elif pieces and isinstance(pieces[-1], str):
            pieces[-1] += text
        else:
            pieces.append(text)

    def begin(self, url: str, bare: bool = False) -> None:
        """Open a link; one that is open still ends here."""
        self.close()
        self.open = _Open(url, self.line, bare)

    def close(self) -> None:
        """End the open link, if there is one."""
        if self.open is None:
            return
        link, self.open = self.open, None
        label = "" if link.bare else " ".join(link.label.split())
        bold = self.bold > 0 or (link.all_bold and bool(label))
        self.passage.pieces.append(
            PassageLink(url=link.url, line=link.line, label=label, bold=bold, bare=link.bare)
        )

    def picture(self, token: Token) -> None:
        """A picture's address is told; inside a link, its description is the label."""
        self.say(token.content)
        self.leave_out(str(token.attrs.get("src", "")), "a picture, nothing to read")

    def code(self, text: str) -> None:
        """Code is text; addresses in it are told."""
        self.say(text)
        for url in addresses_in(text, self.linkify):
            self.leave_out(url, "it stands in code")

    def html(self, markup: str) -> None:
        """The tags of links in HTML; all other markup is passed over."""
        tags = _Tags()
        tags.feed(markup)
        for tag, url in tags.found:
            if tag == "a" and url:
                self.begin(url)
            elif tag == "/a":
                self.close()
            elif url:
                self.leave_out(url, f"it stands in <{tag}>")
        if markup.startswith("<!--"):
            for url in addresses_in(markup, self.linkify):
                self.leave_out(url, "it stands in a comment")
        self.line += markup.count("\n")

    def leave_out(self, url: str, why: str) -> None:
        """Tell an address that is not read, without breaking the link it stands in."""
        self.passage.pieces.append(PassageLink(url=url, line=self.line, left_out=why))


class _Tags(HTMLParser):
    """The tags of a piece of HTML that carry an address."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.found.append((tag, values.get("href") or values.get("src") or ""))

    def handle_endtag(self, tag: str) -> None:
        self.found.append((f"/{tag}", ""))


def addresses_in(text: str, linkify: Addresses) -> Iterator[str]:
    """Every address that stands in a text as itself."""
    for match in linkify.match(text) or ():
        yield match.raw


def _nested_links(pieces: Sequence[str | PassageLink]) -> list[str | PassageLink]:
    """`[[label](inner)](outer)`: Markdown knows no such thing, so the outer one comes out torn.

    It gets the label back, and the brackets go.
    """
    result = list(pieces)
    for n in range(1, len(result) - 2):
        before, inner, between, outer = result[n - 1 : n + 3]
        if (
            isinstance(before, str)
            and before.endswith("[")
            and isinstance(inner, PassageLink)
            and between == "]("
            and isinstance(outer, PassageLink)
            and outer.bare
        ):
            result[n - 1] = before[:-1]
            result[n + 1] = ""
            result[n + 2] = replace(outer, label=inner.label, bold=inner.bold, bare=False)
            behind = result[n + 3] if n + 3 < len(result) else ""
            if isinstance(behind, str) and behind.startswith(")"):
                result[n + 3] = behind[1:]
    return result
