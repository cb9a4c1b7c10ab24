"""Titles in other spellings: initials, two words as one, beginnings of words, course numbers.

`RNN` stands for `Recurrent Neural Networks`, `CS 224N` for `cs224n`, `seq2seq` for `Sequence to
Sequence`. Pages and curators write both, so that neither is another title.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from tools.linkcheck.titles import SMALL_WORDS, plain, stem_of, words_in

_LATIN = re.compile(r"[a-z0-9]+")
_TOKEN = re.compile(r"[A-Za-z]{2,7}")
_LONGEST_INITIALS = 6
_SHORTEST_BEGINNING = 4
_BETWEEN_TWO = re.compile(r"([a-z]{3,})[24]([a-z]{3,})")
# `CS 182`, `CS W182`, `cs224n`, `11-785`: a department in capitals, where a curator writes it, and
# a number that is no year.
_NUMBER = re.compile(
    r"\b([A-Z]{2,5})[ .-]?[A-Z]?(?!(?:19|20)\d\d)(\d{2,4})[A-Za-z]{0,2}(?![A-Za-z0-9])"
)


def likeness(known: str, shown: str) -> float:
    """The share of words in common of the shorter title, in any spelling, from 0 to 1."""
    shorter = min(len(set(words_in(known))), len(set(words_in(shown))))
    if not shorter:
        return 0.0
    common = max(len(_told(known, shown)), len(_told(shown, known)))
    return min(1.0, common / shorter)


def told(known: str, text: str) -> float:
    """The share of a title's words that a text has, in any spelling; initials of two are chance."""
    words = set(words_in(known))
    return len(_in_text(known, text, 3) & words) / len(words) if words else 0.0


def shows_number(known: str, text: str) -> bool:
    """Whether a title names a course by its number, and the text does too."""
    numbers = {match.groups() for match in _NUMBER.finditer(known)}
    return bool(numbers) and any(
        match.groups() in numbers for match in _NUMBER.finditer(text.upper())
    )


def _told(one: str, other: str) -> set[str]:
    """The words of one title that stand in another one, begun or cut short too."""
    words, theirs = set(words_in(one)), set(words_in(other))
    return _in_text(one, other, 2) | {word for word in words if _is_begun(word, theirs)}


def _in_text(known: str, text: str, fewest: int) -> set[str]:
    """The words of a title that occur in a text: as they are, two as one, or as initials."""
    ours, theirs = _latin(known), _latin(text)
    words, there = set(words_in(known)), set(words_in(text))
    found = words & (there | {stem_of(one + other) for one, other in pairwise(theirs)})
    for one, other in pairwise(ours):
        if stem_of(one + other) in there:
            found |= {stem_of(one), stem_of(other)}
    short = {letters for letters in _capitals(known) if len(letters) >= fewest}
    if short:
        found |= short & {letters for letters, _ in _initials(theirs)}
    short = {letters for letters in _capitals(text) if len(letters) >= fewest}
    for letters, run in _initials(ours):
        if letters in short:
            found.update(map(stem_of, run))
    return found & words


def _latin(text: str) -> list[str]:
    return _LATIN.findall(plain(text))


def _initials(words: list[str]) -> Iterator[tuple[str, list[str]]]:
    """The first letters of some words in a row, all of them or only those that count."""
    for row in (words, [word for word in words if word not in SMALL_WORDS]):
        for size in range(2, _LONGEST_INITIALS + 1):
            for start in range(len(row) - size + 1):
                run = row[start : start + size]
                yield "".join(word[0] for word in run), run


def _capitals(title: str) -> set[str]:
    """The words of a title that may be initials: at least two of their letters are capitals."""
    tokens = (token for token in _TOKEN.findall(title) if sum(map(str.isupper, token)) > 1)
    return {stem_of(plain(token)) for token in tokens}


def _is_begun(word: str, theirs: set[str]) -> bool:
    """Whether a word begins or ends another one, or the other way round: `intro`, `bilstm`."""
    if match := _BETWEEN_TWO.fullmatch(word):
        return all(any(one.startswith(part) for one in theirs) for part in match.groups())
    return any(
        min(len(one), len(word)) >= _SHORTEST_BEGINNING
        and (one.startswith(word) or word.startswith(one) or word.endswith(one))
        for one in theirs
    )
