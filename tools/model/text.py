"""Small questions about text that several rules ask."""

import re
from datetime import date
from urllib.parse import urlsplit

LANGUAGE_TAG = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Controls other than tab and line ends, and the marks that turn the direction of text around.
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


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
    return parts.scheme.lower() in ("http", "https") and bool(parts.hostname)


def control_character(text: str) -> str:
    """The first character that no title or summary should hold, or nothing."""
    match = _CONTROL.search(text)
    return match[0] if match else ""
