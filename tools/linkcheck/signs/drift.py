"""Pages that are there, but are other ones than the catalog knows.

The words of the known titles are looked for in what the page calls itself, then anywhere on it.
Curators shorten, translate and improve titles, so a page is another one only where nothing of a
title is left: calling a good page drifted costs more than missing one.
"""

from tools.linkcheck.page import width
from tools.linkcheck.seen import Seen
from tools.linkcheck.signs.phrases import BETWEEN
from tools.linkcheck.titles import (
    closeness,
    coverage,
    holds,
    is_chinese,
    is_shown,
    passage,
    plain,
    text_words,
    words_in,
)
from tools.model.link import Evidence, Judgement

# Of these the curator's title is close to the page's; programs, pictures and films have others.
_TITLED_LIKE_THEIR_PAGES = (
    "", "article", "tutorial", "paper", "book", "course", "documentation",
)  # fmt: skip
# What the title of another page has in common with the known one at most; how much of the known
# one's words occur in its text; how much of them stand together. Set on the catalog's own titles:
# see tests/linkcheck/signs/test_drift.py.
_ALIKE, _COVERED, _TOGETHER = 0.4, 0.5, 0.5
# Of a title that is a translation, hardly anything need be left.
_TRANSLATED_ALIKE, _TRANSLATED_COVERED = 0.2, 0.25
# What stands close together tells of long titles only, on pages that call themselves something.
_LONG_TITLE, _TELLING_TITLE = 4, 3
# A page in another language is another one only if it has room for a name and a term.
_ROOM = 300


def drift(seen: Seen) -> Judgement | None:
    """`drifted` where the page shows nothing of any title that the catalog knows."""
    page, link = seen.page, seen.link
    if link.kind not in _TITLED_LIKE_THEIR_PAGES or not link.titles or page.scripted:
        return None
    if not 200 <= (seen.answer.status or 0) < 300 or not page.titles or not page.text:
        return None
    if any(BETWEEN.search(plain(called)) for called in page.titles):
        return None
    if holds(page, link.titles) or _shows_author(seen) or not _is_other(seen):
        return None
    expected = Evidence(kind="expected", value=link.titles[0])
    return seen.judged("drifted", "title", page.title, expected)


def _is_other(seen: Seen) -> bool:
    page, titles = seen.page, seen.link.titles
    if any(is_shown(known, called) for known in titles for called in page.titles):
        return False
    words = text_words(page)
    chinese = is_chinese(" ".join([*page.titles, page.text]))
    alike = [title for title in titles if is_chinese(title) == chinese]
    if not alike:
        return _lacks_every_term(seen, words)
    if titles[0] in alike:
        return all(_is_absent(title, seen, words) for title in alike)
    return all(
        _closest(title, seen) < _TRANSLATED_ALIKE and coverage(title, words) < _TRANSLATED_COVERED
        for title in titles
    )


def _is_absent(title: str, seen: Seen, words: list[str]) -> bool:
    """Whether neither the page's titles nor its text have the words of a known title."""
    if _closest(title, seen) >= _ALIKE:
        return False
    if coverage(title, words) < _COVERED:
        return True
    known = set(words_in(title))
    telling = any(len(set(words_in(called))) >= _TELLING_TITLE for called in seen.page.titles)
    return len(known) >= _LONG_TITLE and telling and passage(title, words) < _TOGETHER


def _closest(title: str, seen: Seen) -> float:
    return max(closeness(title, called) for called in seen.page.titles)


def _lacks_every_term(seen: Seen, words: list[str]) -> bool:
    """Whether a page in a language of no known title has not even the terms that need no words."""
    terms = [
        word
        for title in seen.link.titles
        for word in words_in(title)
        if word.isascii() and len(word) > 2 and not word.isdigit()
    ]
    return len(terms) > 0 and width(seen.page.text) >= _ROOM and not set(terms) & set(words)


def _shows_author(seen: Seen) -> bool:
    text = plain(seen.page.text)
    return any(len(name) > 3 and plain(name) in text for name in seen.link.authors)
