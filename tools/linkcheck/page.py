"""A page as a reader sees it: title, words, where it refreshes to, and the names of its parts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import islice
from urllib.parse import urldefrag, urljoin

from tools.linkcheck.answer import Answer
from tools.linkcheck.markup import (
    Markup,
    attributes_of,
    markup_of,
    tags_of,
    without_hidden,
    words_of,
)
from tools.model.charset import text_of
from tools.model.text import is_web_address, visible

_HTML = ("text/html", "application/xhtml+xml")
_TEXT = re.compile(r"text/.*|application/(?:[\w.-]+\+)?(?:json|xml|javascript|yaml)")
_UNTOLD = ("", "application/octet-stream", "application/x-unknown-content-type")
# Files that are no text; error pages are sent under their types too.
_FILES = re.compile(
    r"application/(?:pdf|postscript|zip|epub\+zip|gzip|msword|(?:x-|vnd\.)(?!.*(?:xml|json)).*)"
    r"|(?:audio|video|font|image)/(?!.*xml).*"
)
# First bytes of what is no page, whatever its server calls it.
_DOCUMENTS = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"RIFF")
_LIKE_HTML = re.compile(
    rb"\s*(?:<!--|<\?xml|<!doctype\s+html|<html|<head|<body|<meta|<title|<h1)", re.I
)
_HTML_START = re.compile(rb"\s*(?:<!doctype\s+html|<html)", re.I)
_HEADING = re.compile(r"<h1(?=[\s>])", re.IGNORECASE)
_HEADING_END = re.compile(r"</h1", re.IGNORECASE)
_VALUE = r"""\s*=\s*(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>]+))"""
_ID = re.compile(rf"\s[iI][dD]{_VALUE}")
_NAME = re.compile(rf"<a\s(?:[^<>]*?\s)??name{_VALUE}", re.IGNORECASE)
_REFRESH = re.compile(
    r"""\s*+([\d.]++)\s*+[;,]?\s*+(?:url\s*+=\s*+)?["']?\s*+([^"']*+)""", re.IGNORECASE
)
_LONGEST_WAIT = 10
# Where the frameworks of the web put a page that scripts make.
_EMPTY = re.compile(r"<(div|main|app-root)\b[^<>]*+>\s*+</\1", re.IGNORECASE)
_ROOT = re.compile(
    r"""<app-root|\bid\s*=\s*["']?"""
    r"""(?:root|app|__next|__nuxt|___gatsby|q-app|app-root|main-app|react-root)["'\s>]""",
    re.IGNORECASE,
)
_STATE = re.compile(r"__NEXT_DATA__|__NUXT__|__INITIAL_STATE__|__APOLLO_STATE__|ytInitialData")
_NEEDS_SCRIPTS = re.compile(
    r"(?:enable|requires?|needs?|without|activate|turn on)\W+(?:\w+\W+){0,3}javascript"
    r"|javascript\W+(?:\w+\W+){0,3}(?:enabled|required|disabled|not available)"
    r"|启用\s*javascript|开启\s*javascript|javascript.{0,8}(?:启用|开启|支持|禁用)",
    re.IGNORECASE,
)
_FRAMES = re.compile(r"<(?:frameset|frame|object|embed|canvas)(?=[\s>])", re.IGNORECASE)
_WIDE = re.compile("[\u2e80-\U0010ffff]+")
_RUN = re.compile(r">[^<>]{25,}")
# How many columns of words a page that scripts make shows at most (a Chinese character is two),
# and how many a sentence has at least.
_SHELL, _SHELL_WITH_STATE, _SHELL_WITHOUT_PROSE, _SHELL_THAT_SAYS_SO = 160, 1_000, 1_500, 3_000
_SENTENCE = 50
_LONGEST_TEXT, _LONGEST_TITLE, _LONGEST_NOSCRIPT = 100_000, 500, 5_000
_MOST_METAS, _MOST_IDS = 200, 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """What stood on a page; all texts unescaped, with single spaces.

    `titles` are all it calls itself (title, og:title, citation_title, first heading), in that
    order and without doubles; `text` is what is visible, in order; `ids` are the names that a
    fragment can lead to; `scripted` says that scripts make the page, so that what is missing from
    it proves nothing; `whole` that no bound cut it off.
    """

    titles: tuple[str, ...] = ()
    text: str = ""
    refresh: str = ""
    ids: frozenset[str] = frozenset()
    source: str = ""
    scripted: bool = False
    whole: bool = True

    @property
    def title(self) -> str:
        """What the page calls itself first; nothing where it has no name."""
        return self.titles[0] if self.titles else ""


def read_page(answer: Answer) -> PageView:
    """The page in an answer; an empty one where its body is no HTML or text. Never raises."""
    if is_html(answer):
        return _html(answer, text_of(answer.body, answer.charset))
    if _is_text(answer):
        source = text_of(answer.body, answer.charset)
        return PageView(text=visible(source[:_LONGEST_TEXT]), source=source, whole=not answer.cut)
    return PageView(whole=not answer.cut)


def is_html(answer: Answer) -> bool:
    """Whether the body is a page: as a browser would show it, or in place of a file."""
    if answer.body.startswith(_DOCUMENTS):
        return False
    if answer.media_type in _HTML:
        return True
    start = answer.body[:1_000]
    if answer.media_type in _UNTOLD:
        return _LIKE_HTML.match(start) is not None
    return bool(_FILES.fullmatch(answer.media_type)) and _HTML_START.match(start) is not None


def width(text: str) -> int:
    """How long a text is to a reader, in columns: a Chinese character has two."""
    return len(text) if text.isascii() else len(text) + sum(map(len, _WIDE.findall(text)))


def _is_text(answer: Answer) -> bool:
    if answer.body.startswith(_DOCUMENTS):
        return False
    if answer.media_type in _UNTOLD:
        return bool(answer.body) and b"\0" not in answer.body[:1_000]
    return _TEXT.fullmatch(answer.media_type) is not None


def _html(answer: Answer, source: str) -> PageView:
    markup = markup_of(source)
    tags = tags_of(markup.shown)
    metas = _metas(tags)
    seen = without_hidden(markup.shown)
    text = words_of(seen)[:_LONGEST_TEXT]
    ids = frozenset(islice(_ids("".join(tags)), _MOST_IDS))
    return PageView(
        titles=_titles(markup.title, metas, seen),
        text=text,
        refresh=_refresh(answer, tags, metas),
        ids=ids,
        source=source,
        scripted=_is_scripted(markup, seen, text, source),
        whole=not answer.cut and len(ids) < _MOST_IDS,
    )


def _metas(tags: Sequence[str]) -> list[Mapping[str, str]]:
    return [attributes_of(tag) for tag in islice(_named("meta", tags), _MOST_METAS)]


def _named(name: str, tags: Sequence[str]) -> Iterator[str]:
    """The tags of a name of four letters; to lower all of them takes longer than to find them."""
    first = name[0] + name[0].upper()
    return (tag for tag in tags if tag[1] in first and tag[1:5].lower() == name)


def _titles(title: str, metas: Sequence[Mapping[str, str]], seen: str) -> tuple[str, ...]:
    said = {
        (meta.get("property") or meta.get("name") or "").lower(): words_of(meta.get("content", ""))
        for meta in reversed(metas)
    }
    named = title, said.get("og:title"), said.get("citation_title"), _heading(seen)
    return tuple(dict.fromkeys(one[:_LONGEST_TITLE] for one in named if one))


def _heading(seen: str) -> str:
    """The first heading with words of those of first rank; a site's logo often is an empty one."""
    for start in islice(_HEADING.finditer(seen), 3):
        end = _HEADING_END.search(seen, start.end(), start.end() + 10 * _LONGEST_TITLE)
        if end and (words := words_of(seen[start.start() : end.start()])):
            return words
    return ""


def _ids(tags: str) -> Iterator[str]:
    for pattern in (_ID, _NAME):
        for match in pattern.finditer(tags):
            yield unescape(match[1] or match[2] or match[3] or "")


def _refresh(answer: Answer, tags: Sequence[str], metas: Sequence[Mapping[str, str]]) -> str:
    """Where the page sends its readers by itself, and soon; not where it only renews itself."""
    for meta in metas:
        match = _REFRESH.match(meta.get("content", ""))
        if meta.get("http-equiv", "").lower() != "refresh" or not match or not match[2]:
            continue
        base = next(_named("base", tags), "")
        try:
            start = urljoin(answer.address, attributes_of(base).get("href", "").strip())
            target: str = urljoin(start, match[2].strip())
            soon = float(match[1]) <= _LONGEST_WAIT
        except ValueError:
            continue
        other = urldefrag(target)[0] != urldefrag(answer.address)[0]
        if soon and other and is_web_address(target):
            return target
    return ""


def _is_scripted(markup: Markup, seen: str, text: str, source: str) -> bool:
    shown = width(text)
    framed = shown < _SHELL and (markup.frames > 0 or _FRAMES.search(seen) is not None)
    if not markup.scripts or framed:
        return framed
    if shown < _SHELL or (shown < _SHELL_WITH_STATE and _STATE.search(source)):
        return True
    if shown < _SHELL_WITHOUT_PROSE and not _has_prose(seen):
        return True
    if shown >= _SHELL_THAT_SAYS_SO:
        return False
    roots = (_ROOT.search(match[0]) for match in _EMPTY.finditer(seen))
    words = f"{words_of(markup.noscript[:_LONGEST_NOSCRIPT])} {text}"
    return any(roots) or _NEEDS_SCRIPTS.search(words) is not None


def _has_prose(seen: str) -> bool:
    """Whether a whole sentence stands there: bars of links and feet of pages have none."""
    runs = (" ".join(match[0].split()) for match in _RUN.finditer(seen))
    return any(width(run) >= _SENTENCE for run in runs)
