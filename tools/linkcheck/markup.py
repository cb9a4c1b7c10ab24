"""HTML cut into what is shown and what is not, in time linear in its length whatever it holds.

No parser of the standard library is safe here: its own takes seven seconds for 35 kB of
`<a <a <a`. Every pattern below gives a character back at most once: nothing outside quotes runs
over a `<`, quantifiers are possessive, and what was not found once is not looked for again.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import unescape

from tools.model.text import visible

_REST = r"""(?:[^<>=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+)*+>"""
_TAG = re.compile(rf"<[a-zA-Z/!?]{_REST}")
_TAG_REST = re.compile(_REST)
# Of these only the letters show: nothing parts a word where they stand. (In capitals, as pages of
# the last century have them, they part words; a pattern for both takes three times as long.)
_LETTERS = re.compile(
    rf"</?(?:b|i|em|strong|u|s|mark|font|small|sub|sup|wbr|code)(?=[\s/>]){_REST}"
)
_WITHIN = re.compile(rf"</?(?:a|span)(?=[\s/>]){_REST}")
_ASIDE = re.compile(
    r"<!--|<(script|style|title|textarea|xmp|template|noscript|svg|iframe)(?=[\s/>])",
    re.IGNORECASE,
)
# What these hold is no markup: without an end they hold the rest of the page.
_TO_THE_END = ("script", "style", "title", "textarea", "xmp")
_MARKED_HIDDEN = re.compile(
    r"<(div|p|section|span|li|h[1-6])\s[^<>]*?"
    r"""(?:display\s*:\s*none|(?<=\s)hidden(?=>|=["'](?:hidden|true)?["']))"""
    rf"{_REST}",
    re.IGNORECASE,
)
_LONGEST_HIDDEN = 2_000
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)\s*=\s*(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>]+))""")
_UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")


@dataclass(frozen=True, slots=True)
class Markup:
    """A page in parts: the markup that makes what is seen, its title, and what stands aside.

    `scripts` and `frames` count; `noscript` is what browsers without scripts would show.
    """

    shown: str
    title: str
    noscript: str
    scripts: int
    frames: int


def markup_of(source: str) -> Markup:
    """The parts of a page; a title in a picture is not the page's."""
    shown: list[str] = []
    asides: dict[str, list[str]] = {}
    for name, content in _pieces(source):
        if name:
            asides.setdefault(name, []).append(content)
            shown.append(" ")
        else:
            shown.append(content)
    title = next((said for text in asides.get("title", []) if (said := words_of(text))), "")
    noscript = " ".join(asides.get("noscript", []))
    scripts, frames = len(asides.get("script", [])), len(asides.get("iframe", []))
    return Markup("".join(shown), title, noscript, scripts, frames)


def tags_of(markup: str) -> list[str]:
    """All tags, comments gone before; as they are written."""
    return _TAG.findall(markup)


def attributes_of(tag: str) -> Mapping[str, str]:
    """The attributes of one tag that have a value, unescaped, their names in lower case."""
    found = _ATTRIBUTE.findall(tag)
    return {name.lower(): unescape(a or b or c) for name, a, b, c in reversed(found)}


def words_of(markup: str) -> str:
    """What a reader sees of markup, on one line."""
    text = _TAG.sub(" ", _LETTERS.sub("", markup))
    return visible(_UNSEEN.sub("", unescape(text)))


def lines_of(source: str) -> list[str]:
    """The lines that a reader of a page or text sees: what no tag parts but those of letters."""
    markup = without_hidden(markup_of(source).shown)
    broken = _TAG.sub("\n", _WITHIN.sub(" ", _LETTERS.sub("", markup)))
    return [line for part in broken.split("\n") if (line := words_of(part))]


def without_hidden(markup: str) -> str:
    """The same markup without the small parts that wait, hidden, for a script to show them."""
    if "hidden" not in markup and "display" not in markup:
        return markup
    kept: list[str] = []
    at = 0
    while match := _MARKED_HIDDEN.search(markup, at):
        close = _close_of(match[1]).search(markup, match.end(), match.end() + _LONGEST_HIDDEN)
        kept.append(markup[at : match.start()])
        if not close:
            kept.append(match[0])
        at = close.start() if close else match.end()
    return "".join([*kept, markup[at:]])


@cache
def _close_of(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)


def _pieces(source: str) -> Iterator[tuple[str, str]]:
    """Stretches of markup, nameless, and between them what stands aside under its tag's name."""
    at = 0
    endless: set[str] = set()
    while match := _ASIDE.search(source, at):
        name = (match[1] or "").lower()
        yield "", source[at : match.start()]
        if not name:
            end = source.find("-->", match.start() + 2)
            at = end + 3 if end >= 0 else len(source)
            continue
        start = _TAG_REST.match(source, match.end())
        begin = start.end() if start else match.end()
        closed = start is not None and source[begin - 2] == "/" and name not in ("script", "style")
        end = begin if closed else _end(source, name, begin, endless)
        yield name, source[begin:end]
        at = end
    yield "", source[at:]


def _end(source: str, name: str, begin: int, endless: set[str]) -> int:
    """Where the content of a tag ends; right there where it never does but may."""
    if name not in endless:
        match = _close_of(name).search(source, begin)
        if match:
            return match.start()
        endless.add(name)
    return len(source) if name in _TO_THE_END else begin
