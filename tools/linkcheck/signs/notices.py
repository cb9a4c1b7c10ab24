"""Whether a line says that there is no such page, and says nothing else."""

import re
from collections.abc import Iterable, Iterator

from tools.linkcheck.signs.phrases import (
    BARE_NUMBER,
    BARE_WORDS,
    CONDITION,
    FILLERS,
    NOTICES,
)
from tools.linkcheck.titles import plain

# Where a title falls into the page's own name and those of its site and series.
_PARTS = re.compile(
    r"\s+[-–—:/]+\s+|\s*[|_»·•—–]+\s*|[:：]\s*|\s+-\s*|\s*-\s+|(?<=[\u4e00-\u9fff])-|-(?=[\u4e00-\u9fff])"
)
_SENTENCES = re.compile(
    r"[.!?;…](?=\s|$)|[。！？；!?|·\n\x22{}]|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])"
)
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
# What stands beside a notice in a line, of all its letters, at most.
_BESIDE = 0.2


def notice_in(called: str) -> str:
    """The part of a title or heading that says that there is no such page, or nothing."""
    return next((part for part in (called, *_PARTS.split(called)) if is_notice(part)), "")


def notice_among(lines: Iterable[str], text: str) -> str:
    """The first sentence of a page that says so, or nothing; a mere number has to be all of it."""
    sentences = (one for line in lines for one in (line, *_SENTENCES.split(line)))
    found = next((one for one in sentences if is_notice(one) and not _is_number(one)), "")
    return found.strip() or (text if is_notice(text) else "")


def hint_in(text: str) -> str:
    """What could be a notice in a text, whatever stands around it; plain, or nothing."""
    sentences = (_looked_at(one) for one in _SENTENCES.split(text))
    return next(
        (match[0] for one in sentences if not CONDITION.match(one) for match in _matches(one)), ""
    )


def is_notice(part: str) -> bool:
    """Whether a few words are a notice, and hardly anything beside it."""
    text = _looked_at(part)
    if BARE_WORDS.fullmatch(text) or _is_number(text):
        return True
    if CONDITION.match(text):
        return False
    return any(
        _letters(FILLERS.sub(" ", f"{text[: match.start()]} {text[match.end() :]}"))
        <= _BESIDE * _letters(text)
        for match in _matches(text)
    )


def _is_number(text: str) -> bool:
    return BARE_NUMBER.search(text) is not None and not _letters(FILLERS.sub(" ", plain(text)))


def _looked_at(text: str) -> str:
    return _EDGES.sub("", plain(text).replace("’", "'").replace("‘", "'"))


def _matches(text: str) -> Iterator[re.Match[str]]:
    return filter(None, (notice.search(text) for notice in NOTICES))


def _letters(text: str) -> int:
    return sum(one.isalnum() for one in text)
