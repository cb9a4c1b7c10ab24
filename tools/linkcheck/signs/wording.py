"""Phrases as one pattern each: how the tables of the signs are asked."""

import re
from collections.abc import Iterable

# Between a title and its site: `Denied | Example`, `安全验证-知乎`; but not `re-captcha`.
_DASH = r"(?:\s*[|–—_·•:：]\s*|\s+-\s+|(?<=[^\x00-\x7f])-|-(?=[^\x00-\x7f]))"

_LONGEST_TITLE = 200


def anywhere(phrases: str) -> re.Pattern[str]:
    """Finds any of these patterns, one a line, in a text; in any case."""
    return re.compile(_either(phrases), re.IGNORECASE)


def whole_title(phrases: str) -> re.Pattern[str]:
    """Fits a title that is one of these patterns, with the name of a site around it at most."""
    return re.compile(
        rf"(?:.{{0,40}}?{_DASH})?(?:{_either(phrases)})[\s.!。！…?？]*(?:{_DASH}.{{0,60}})?",
        re.IGNORECASE,
    )


def first_title(pattern: re.Pattern[str], titles: Iterable[str]) -> str:
    """The first title that is one of a pattern's, or nothing."""
    short = (title for title in titles if len(title) <= _LONGEST_TITLE)
    return next((title for title in short if pattern.fullmatch(plain(title))), "")


def first_marker(markers: Iterable[str], source: str) -> str:
    """The first marker, given in lower case, that stands in a source, or nothing.

    Plain search: patterns of many words are a hundred times slower, and sources are long.
    """
    lower = source.lower()
    return next((marker for marker in markers if marker in lower), "")


def found_in(pattern: re.Pattern[str], text: str) -> str:
    """The phrase of a pattern that stands in a text, as it stands there, or nothing."""
    match = pattern.search(plain(text))
    return match[0] if match else ""


def plain(text: str) -> str:
    """The same text with straight apostrophes."""
    return text.replace("’", "'").replace("\xa0", " ")


def _either(phrases: str) -> str:
    return "|".join(line.strip() for line in phrases.splitlines() if line.strip())
