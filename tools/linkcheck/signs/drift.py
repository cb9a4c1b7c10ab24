"""Pages that are there, but are other ones than the catalog knows.

The words of the known titles are looked for in what the page calls itself, then anywhere on it.
Curators shorten, translate and improve titles, so a page is another one only where nothing of a
title is left: calling a good page drifted costs more than missing one.
"""

import re
from collections.abc import Sequence

from tools.linkcheck.page import width
from tools.linkcheck.places import segments, stem
from tools.linkcheck.seen import Seen
from tools.linkcheck.signs.phrases import ASKING, BETWEEN, NAMELESS, PASSWORD
from tools.linkcheck.spellings import likeness, shows_number, told
from tools.linkcheck.titles import (
    coverage,
    has_characters,
    holds,
    is_chinese,
    is_shown,
    passage,
    plain,
    text_words,
    words_in,
)
from tools.model.link import Evidence, Judgement

# Of these the curator's title is close to the page's; programs, pictures and films have others, and
# of these a page of some length is another one only if not one word is the same.
_TITLED_LIKE_THEIR_PAGES = (
    "", "article", "tutorial", "paper", "book", "course", "documentation",
)  # fmt: skip
_SHOWN_ON_PAGES = ("video", "interactive")
_WITH_CHARACTERS = ("zh", "ja")
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
# A page that asks for a code, a password or consent has hardly anything else; one that shows no
# word of a title proves something only if it has many words. In columns, as all lengths here.
_BRIEF, _FORM, _MUCH = 500, 1_500, 800
_SOURCE_WITHIN = 300_000
# How many words the name in an address has that tells what its page is: `/visual-attention`.
_TELLING_NAME = 2
_NUMBER_WITHIN, _SPELLED_WITHIN = 5_000, 20_000


def drift(seen: Seen) -> Judgement | None:
    """`drifted` where the page shows nothing of any title that the catalog knows."""
    page, link = seen.page, seen.link
    if not link.titles or not page.titles or not page.text or page.scripted:
        return None
    if not 200 <= (seen.answer.status or 0) < 300 or _stands_between(seen):
        return None
    if holds(page, link.titles) or _shows_more(seen) or not _is_other(seen):
        return None
    expected = Evidence(kind="expected", value=link.titles[0])
    return seen.judged("drifted", "title", page.title, expected)


def _stands_between(seen: Seen) -> bool:
    """Whether the page only asks for something first, or has no name to judge by."""
    titles = [plain(called) for called in seen.page.titles]
    if any(BETWEEN.search(called) for called in titles) or all(map(NAMELESS.fullmatch, titles)):
        return True
    length = width(seen.page.text)
    if length <= _FORM and PASSWORD.search(seen.page.source[:_SOURCE_WITHIN]):
        return True
    return length <= _BRIEF and ASKING.search(plain(seen.page.text)) is not None


def _shows_more(seen: Seen) -> bool:
    """Whether an author, the course's number or the words of the address say that it is the one."""
    page, link = seen.page, seen.link
    text = plain(page.text)
    if any(len(name) > 3 and plain(name) in text for name in link.authors):
        return True
    shown = " ".join([*page.titles, page.text[:_NUMBER_WITHIN]])
    if any(shows_number(title, shown) for title in link.titles):
        return True
    name = " ".join(re.findall(r"[^\W\d_]+", stem((segments(link.url) or ("",))[-1])))
    telling = len(set(words_in(name))) >= _TELLING_NAME
    return telling and any(is_shown(name, called) for called in page.titles)


def _is_other(seen: Seen) -> bool:
    page, link = seen.page, seen.link
    if any(is_shown(known, called) for known in link.titles for called in page.titles):
        return False
    chinese = is_chinese(" ".join([*page.titles, page.text]))
    alike = [title for title in link.titles if has_characters(title) == chinese]
    words = text_words(page)
    if link.kind not in _TITLED_LIKE_THEIR_PAGES:
        return link.kind in _SHOWN_ON_PAGES and _has_nothing(seen, alike, words)
    if not alike:
        return _contradicts(link.language, chinese) and _lacks_every_term(seen, words)
    if link.titles[0] in alike:
        return all(_is_absent(title, seen, words) for title in alike)
    return all(
        _closest(title, seen) < _TRANSLATED_ALIKE
        and _covered(title, seen, words) < _TRANSLATED_COVERED
        for title in link.titles
    )


def _contradicts(language: str, chinese: bool) -> bool:
    """Whether a page is written in another language than the catalog says, as far as one sees.

    Curators translate titles: where the language is the right one, no word need be left.
    """
    return bool(language) and (language[:2].lower() in _WITH_CHARACTERS) != chinese


def _has_nothing(seen: Seen, alike: Sequence[str], words: list[str]) -> bool:
    """Whether a page with much to read has not one word of a title, in any spelling."""
    long = [title for title in alike if len(set(words_in(title))) >= _TELLING_TITLE]
    return (
        width(seen.page.text) >= _MUCH
        and seen.link.titles[0] in long
        and not any(_covered(title, seen, words) for title in seen.link.titles)
    )


def _is_absent(title: str, seen: Seen, words: list[str]) -> bool:
    """Whether neither the page's titles nor its text have the words of a known title."""
    known = set(words_in(title))
    if len(known) < 2 and width(seen.page.text) < _MUCH:
        return False
    if _closest(title, seen) >= _ALIKE:
        return False
    if _covered(title, seen, words) < _COVERED:
        return True
    telling = any(len(set(words_in(called))) >= _TELLING_TITLE for called in seen.page.titles)
    return len(known) >= _LONG_TITLE and telling and passage(title, words) < _TOGETHER


def _closest(title: str, seen: Seen) -> float:
    return max(likeness(title, called) for called in seen.page.titles)


def _covered(title: str, seen: Seen, words: list[str]) -> float:
    """How much of a title stands in the text; other spellings are looked for where it is little."""
    share = coverage(title, words)
    text = " ".join([*seen.page.titles, seen.page.text[:_SPELLED_WITHIN]])
    return share if share >= _COVERED else max(share, told(title, text))


def _lacks_every_term(seen: Seen, words: list[str]) -> bool:
    """Whether a page in a language of no known title has not even the terms that need no words."""
    terms = [
        word
        for title in seen.link.titles
        for word in words_in(title)
        if word.isascii() and len(word) > 2 and not word.isdigit()
    ]
    return len(terms) > 0 and width(seen.page.text) >= _ROOM and not set(terms) & set(words)
