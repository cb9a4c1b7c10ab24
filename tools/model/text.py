"""Small questions about text that several rules ask."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from urllib.parse import urlsplit

LANGUAGE_TAG = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Controls other than tab, LF and CR, line ends that only some programs know, and the marks that
# turn the direction of text around.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff]")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")


def is_id(text: str) -> bool:
    """Whether `text` can name a thing: lower-case letters, digits, single hyphens between them."""
    return _ID.fullmatch(text) is not None


def is_date(text: str, whole: bool = False) -> bool:
    """Whether `text` is a real year, month or day in ISO form; `whole` asks for a day."""
    match = _DATE.fullmatch(text)
    if not match or (whole and not match[3]):
        return False
    year, month, day = (int(part) if part else 1 for part in match.groups())
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def is_web_address(text: str) -> bool:
    """Whether `text` is a whole http or https address with a host and no space."""
    if re.search(r"\s", text) or "\\" in text:
        return False
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool((parts.hostname or "").strip("."))


def control_character(text: str) -> str:
    """The first character that no title or summary should hold, or nothing."""
    match = _CONTROL.search(text)
    return match[0] if match else ""


def visible(text: str) -> str:
    """The text on one line without the characters that no title should hold."""
    return " ".join(_CONTROL.sub("", text).split())


def repeated(texts: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The texts that stood there before, each with its position."""
    seen: set[str] = set()
    for n, text in enumerate(texts):
        if text in seen:
            yield n, text
        seen.add(text)
