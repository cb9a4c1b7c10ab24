"""The Markdown parser for notes: CommonMark with tables, front matter and bare addresses.

Addresses stay letter by letter as they stand in the note, also those no page could open.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from linkify_it import LinkifyIt
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin

# More than any writer needs; beyond, Markdown parsers take the square of a length.
LONGEST_LINE = 20_000
_LONGEST_PASSAGE = 50_000
_MOST_UNCLOSED = 100
_BRACKETS = (("[", "]"), ("(", ")"), ("<", ">"), ("<!--", "-->"))
_PUNCTUATION = re.compile("[，。；：、！？…（）《》〈〉「」『』【】〔〕“”‘’\u3000]")
_BEFORE_SCHEME = re.compile(r"[^\x00-\x7f](?=(?:https?|ftp)://)", re.IGNORECASE)
# A link text that holds the sign between two cells: only such tables are looked at twice.
_BAR_IN_LABEL = re.compile(r"\[[^\]\n]*\|[^\]\n]*\]\(")


def note_parser() -> MarkdownIt:
    """A parser that keeps every address as it is written."""
    parser = _Verbatim("commonmark", {"linkify": True})
    parser.enable(["table", "linkify", "strikethrough"]).use(front_matter_plugin)
    parser.linkify = Addresses()
    parser.core.ruler.before("inline", "passages", _without_hostile_passages)
    return parser


def _without_hostile_passages(state: StateCore) -> None:
    """Leave out passages that would take the square of their length: no writer leaves such.

    Their length is kept in the token's `meta`; their addresses are found in the raw lines.
    """
    for token in state.tokens:
        if token.type == "inline" and _is_hostile(token.content):
            token.meta["left_out"] = len(token.content)
            token.content = ""


def _is_hostile(text: str) -> bool:
    unclosed = (text.count(opening) - text.count(closing) for opening, closing in _BRACKETS)
    return len(text) > _LONGEST_PASSAGE or max(unclosed) > _MOST_UNCLOSED


class _Verbatim(MarkdownIt):
    """Markdown whose addresses are neither escaped nor judged."""

    def normalizeLink(self, url: str) -> str:
        return url

    def normalizeLinkText(self, link: str) -> str:
        return link

    def validateLink(self, url: str) -> bool:
        return True


class Addresses(LinkifyIt):  # type: ignore[misc]
    """Finds the whole addresses of running text, without what has no scheme: README.md is no host.

    Chinese is written without spaces: its punctuation ends an address and its letters may stand
    right before one, both of which the library takes for parts of a word.
    """

    def __init__(self) -> None:
        super().__init__(
            {"mailto:": None, "//": None},
            {"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False},
        )

    def match(self, text: str) -> Any:
        """All addresses of a text, or None."""
        return super().match(_BEFORE_SCHEME.sub(" ", _PUNCTUATION.sub(" ", text)))

    def match_at_start(self, text: str) -> Any:
        """The address a text begins with, or None."""
        return super().match_at_start(_PUNCTUATION.sub(" ", text))


@dataclass(frozen=True, slots=True)
class Definition:
    """A reference definition, `[label]: url "title"`."""

    line: int
    label: str
    url: str


def parsed(parser: MarkdownIt, text: str) -> tuple[list[Token], list[Definition]]:
    """The tokens of a note and its reference definitions.

    In tables a bar inside a link text is read as part of the text, as its writer meant it. Lines
    longer than `LONGEST_LINE` are passed over.
    """
    lines = text.split("\n")
    text = "\n".join(line if len(line) <= LONGEST_LINE else "" for line in lines)
    env: dict[str, Any] = {}
    tokens = parser.parse(text, env)
    if _BAR_IN_LABEL.search(text):
        mended = _with_bars_escaped(parser, text, tokens)
        if mended != text:
            env = {}
            tokens = parser.parse(mended, env)
    return tokens, list(_definitions(env.get("references", {})))


def _definitions(references: Mapping[str, Any]) -> Iterator[Definition]:
    for name, found in references.items():
        label = str(found.get("title") or name.lower())
        yield Definition(found["map"][0] + 1, label, str(found["href"]))


def _with_bars_escaped(parser: MarkdownIt, text: str, tokens: list[Token]) -> str:
    lines = text.split("\n")
    for token in tokens:
        if token.type == "table_open" and token.map:
            for n in range(*token.map):
                if _BAR_IN_LABEL.search(lines[n]):
                    lines[n] = _escaped(parser, lines[n])
    return "\n".join(lines)


def _escaped(parser: MarkdownIt, line: str) -> str:
    for label in _labels(parser.parseInline(line)):
        if "|" in label:
            line = line.replace(f"[{label}](", f"[{label.replace('|', chr(92) + '|')}](")
    return line


def _labels(tokens: list[Token]) -> Iterator[str]:
    """The texts of the links in a line."""
    label: str | None = None
    for token in (child for inline in tokens for child in inline.children or ()):
        if token.type == "link_open":
            label = ""
        elif token.type == "link_close" and label is not None:
            yield label
            label = None
        elif label is not None:
            label += token.content
