"""A Markdown note as people write them, read to its last address.

Lists, tables, links in prose, several on a line, nested, bare and in HTML. What the parser does not
see as a link is looked for in the raw lines, so that no address is lost.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it.token import Token

from tools.exchange.importers.found import (
    LONGEST_LABEL,
    Found,
    in_passage,
    in_row,
    line_of,
    refusal,
)
from tools.exchange.importers.leftovers import unmet, unused
from tools.exchange.importers.parser import (
    LONGEST_LINE,
    Addresses,
    Definition,
    note_parser,
    parsed,
)
from tools.exchange.importers.passages import Passage, addresses_in, html_passage, passage_of
from tools.exchange.importers.read_note import FoundLink, OddPiece, ReadNote
from tools.model.text import visible

_RAW = "its addresses were read without their marks"
_CHINESE = re.compile("[\u4e00-\u9fff]")
_LETTER = re.compile(r"[^\W\d_]")
_TITLE_KEY = re.compile(r"^title:[ \t]*(.*)$", re.MULTILINE)


def read_markdown(text: str) -> ReadNote:
    """Everything a note says of its addresses, in the order of its lines, each exactly once."""
    lines = re.split(r"\r\n|\r|\n", text)
    parser = note_parser()
    tokens, definitions = parsed(parser, "\n".join(lines))
    reading = _Reading(lines, Addresses())
    reading.walk(tokens)
    reading.elsewhere(definitions)
    return ReadNote(
        title=visible(reading.title)[:LONGEST_LABEL],
        language="zh" if _is_chinese("".join(reading.said)) else "en",
        links=tuple(sorted(reading.found.links, key=lambda link: link.line)),
        odd=tuple(sorted(set(reading.found.odd))),
    )


def _is_chinese(text: str) -> bool:
    """Whether people who read no Chinese could not follow it: a tenth of its letters is enough."""
    return len(_CHINESE.findall(text)) * 10 > len(_LETTER.findall(text))


@dataclass(frozen=True, slots=True)
class _Heading:
    line: int
    level: int
    text: str


@dataclass(slots=True)
class _Reading:
    """One walk over the tokens of a note; `bare` is the heading under which nothing stood yet."""

    lines: list[str]
    linkify: Addresses
    found: Found = field(default_factory=Found)
    title: str = ""
    section: str = ""
    said: list[str] = field(default_factory=list)
    bare: _Heading | None = None

    def walk(self, tokens: list[Token]) -> None:
        """Take every block of the note."""
        blocks = iter(tokens)
        for token in blocks:
            if token.type == "heading_open":
                self.heading(token, next(blocks))
            elif token.type == "table_open":
                self.bare = None
                self.table(blocks)
            else:
                self.block(token)
        self.close_section(0)

    def heading(self, token: Token, inline: Token) -> None:
        """Begin a section; the first heading names the note, unless its front matter does."""
        passage = passage_of(inline, _first_line(token), self.linkify)
        heading = _Heading(_first_line(token), int(token.tag[1]), visible(passage.text))
        self.close_section(heading.level)
        self.section = heading.text
        self.title = self.title or heading.text
        self.passage(passage)
        self.bare = heading

    def close_section(self, next_level: int) -> None:
        """Say of the section that ends here that it was empty, unless its parts come below it."""
        if self.bare and next_level <= self.bare.level:
            self.say(self.bare.line, f"found nothing under the heading {self.bare.text!r}")
        self.bare = None

    def block(self, token: Token) -> None:
        """Take a paragraph, code, HTML or the front matter."""
        line = _first_line(token)
        if token.type == "front_matter":
            match = _TITLE_KEY.search(token.content)
            self.title = match[1].strip().strip("\"'") if match else self.title
            self.leave_out(token.content, line, "it stands in the front matter")
        elif token.type == "inline":
            if length := token.meta.get("left_out"):
                self.say(line, f"found an endless passage of {length:,} characters; {_RAW}")
            self.passage(passage_of(token, line, self.linkify))
        elif token.type in ("fence", "code_block"):
            self.bare = None
            self.leave_out(token.content, line, "it stands in code")
        elif token.type == "html_block":
            self.passage(html_passage(token.content, line, self.linkify))

    def passage(self, passage: Passage) -> None:
        """Take a paragraph with its links."""
        self.bare = None
        self.said.append(passage.said)
        self.take(in_passage(passage, self.section, self.lines))

    def table(self, blocks: Iterator[Token]) -> None:
        """Take the rows of a table; its first one names the columns."""
        columns: list[str] = []
        row: list[Passage] = []
        for token in blocks:
            match token.type:
                case "table_close":
                    return
                case "tr_open":
                    row, line = [], _first_line(token)
                case "inline":
                    row.append(passage_of(token, line, self.linkify))
                    self.said.append(row[-1].said)
                case "tr_close":
                    self.take(in_row(columns, row, self.section, self.lines))
                    columns = columns or [cell.text.strip().casefold() for cell in row]

    def leave_out(self, text: str, line: int, why: str) -> None:
        """Account for the addresses of a text that nobody is meant to read as links."""
        for n, part in enumerate(text.split("\n"), start=line):
            for url in addresses_in(part, self.linkify):
                at = line_of(url, self.lines, n, n + 1)
                link = FoundLink(line=at, url=url, section=self.section, left_out=why)
                self.found.links.append(link)

    def elsewhere(self, definitions: list[Definition]) -> None:
        """Take what the parser shows as no link, so that no address is lost."""
        for n, text in enumerate(self.lines, start=1):
            if len(text) > LONGEST_LINE:
                self.say(n, f"found a line of {len(text):,} characters; {_RAW}")
        for definition in unused(definitions, self.found.links):
            label = visible(definition.label)[:LONGEST_LABEL]
            self.unmarked(definition.line, definition.url, label)
        for line, url in list(unmet(self.lines, self.found.links, self.linkify)):
            self.say(line, f"found {url[:80]!r} where Markdown shows no link; {_RAW}")
            self.unmarked(line, url)

    def unmarked(self, line: int, url: str, label: str = "") -> None:
        """Take an address of which nothing else is known."""
        self.found.links.append(
            FoundLink(line=line, url=url, label=label, title=label, refused=refusal(url))
        )

    def take(self, found: Found) -> None:
        """Add what a piece of the note holds."""
        self.found.links += found.links
        self.found.odd += found.odd

    def say(self, line: int, message: str) -> None:
        """Add an odd piece."""
        self.found.odd.append(OddPiece(line, message))


def _first_line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 0
