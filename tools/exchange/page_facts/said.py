"""Values that strangers wrote, as the catalog would write them, or nothing at all."""

import re
from math import ceil
from typing import Any

from tools.model.resource import base_language
from tools.model.text import LANGUAGE_TAG, is_date, visible

_LONGEST_TITLE, _LONGEST_NAME, _MOST_NAMES = 300, 100, 500
_NO_TEXT = re.compile("[\ud800-\udfff\ufffd\ufeff]")
_DATE = re.compile(
    r"([0-9]{4})(?:[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?)?(?:(?:T| +)[0-9]{1,2}:[0-9:.,Z+ -]*)?"
)
# What programs write where nobody set a clock.
_NO_DAYS = ("1970-01-01", "1900-01-01", "0001-01-01")
_DURATION = re.compile(
    r"P(?:(\d{1,3})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})(?:\.\d+)?S)?)?"
)
_NO_LANGUAGES = ("und", "mul", "zxx", "mis")
_NO_NAMES = ("admin", "administrator", "anonymous", "author", "root", "unknown", "user")
_TRADITIONAL = re.compile(r"zh-(?:hant|tw|hk|mo)\b.*", re.IGNORECASE)


def a_title(value: Any) -> str:
    """Text on one line; none where it is too long for a title or was not decoded rightly."""
    text = visible(value) if isinstance(value, str) else ""
    return "" if len(text) > _LONGEST_TITLE or _NO_TEXT.search(text) else text


def a_name(value: Any) -> str:
    """The name of a person or a group; no address, no account of a content system."""
    text = a_title(value).strip(",;，；、 ")
    wrong = "://" in text or "@" in text or not any(letter.isalpha() for letter in text)
    return "" if wrong or len(text) > _LONGEST_NAME or text.lower() in _NO_NAMES else text


def some_names(values: list[Any]) -> tuple[str, ...]:
    """The names in their order, each once; none at all where there are too many to be true."""
    names = dict.fromkeys(name for value in values if (name := a_name(value)))
    return tuple(names) if len(names) <= _MOST_NAMES else ()


def a_date(value: Any) -> str:
    """A year, month or day in ISO form; the day as it is written, in whichever zone that was.

    Only orders that begin with the year are read: 01/02/2017 are two days.
    """
    match = _DATE.fullmatch(visible(value)) if isinstance(value, str) else None
    if not match:
        return ""
    date = "-".join(part.zfill(2) for part in match.groups() if part)
    return date if is_date(date) and date not in _NO_DAYS else ""


def a_language(value: Any) -> str:
    """A language tag without the country: `en` for en-US, `zh` for zh_CN, `zh-Hant` for zh-TW."""
    tag = visible(value).replace("_", "-").split(".")[0] if isinstance(value, str) else ""
    if _TRADITIONAL.fullmatch(tag):
        return "zh-Hant"
    base = base_language(tag)
    fits = LANGUAGE_TAG.fullmatch(tag) and LANGUAGE_TAG.fullmatch(base)
    return base if fits and base not in _NO_LANGUAGES else ""


def minutes_of(value: Any) -> int | None:
    """Whole minutes, rounded up, of an ISO 8601 duration or of seconds."""
    seconds = _seconds(value)
    return ceil(seconds / 60) if 0 < seconds <= 100 * 3600 else None


def _seconds(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = value.strip().upper() if isinstance(value, str) else ""
    if re.fullmatch(r"[0-9]{1,7}", text):
        return int(text)
    match = _DURATION.fullmatch(text)
    days, hours, minutes, seconds = (
        (int(part or 0) for part in match.groups()) if match else [0] * 4
    )
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
