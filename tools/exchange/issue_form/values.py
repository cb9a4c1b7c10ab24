"""One answer's text to the value that the catalog has for it."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, get_args

from tools.exchange.page_facts.said import a_date, a_language, a_name, a_title
from tools.model.problem import found, listed
from tools.model.resource import KINDS, LEVELS, Access
from tools.model.text import is_web_address, visible
from tools.model.words import Words

# What a reader cannot make anything of is a ValueError with what was found and what would do.
Reader = Callable[[str], Any]

ACCESS: tuple[Access, ...] = get_args(Access)
# How people write the two languages that most resources are in.
_LANGUAGES = {
    "english": "en",
    "英文": "en",
    "英语": "en",
    "chinese": "zh",
    "中文": "zh",
    "汉语": "zh",
}
_BOX = re.compile(r"^\s*[-*+]\s+\[( |x|X)\]\s+(.*)$")
_LIST_MARK = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
_MINUTES = re.compile(r"(\d{1,4})\s*(?:min(?:ute)?s?|分钟?)?\.?", re.IGNORECASE)


def lines(text: str) -> list[str]:
    """The lines that say something, without the marks of a list."""
    said = (visible(_LIST_MARK.sub("", line)) for line in text.split("\n"))
    return [line for line in said if line]


def chosen(text: str) -> Iterator[str]:
    """The options that were chosen: ticked boxes, or what stands between commas or on lines."""
    for line in text.split("\n"):
        box = _BOX.match(line)
        if box and box[1] == " ":
            continue
        for part in re.split(r"[,，、]", box[2] if box else _LIST_MARK.sub("", line)):
            if word := visible(part).lower():
                yield word


def caveats(en: list[str], zh: list[str]) -> tuple[Words, ...]:
    """The caveats line by line, if both languages have as many."""
    return tuple(map(Words, en, zh)) if len(en) == len(zh) else ()


def _address(text: str) -> str:
    address = text.strip().strip("<>")
    return address if is_web_address(address) else ""


def _language(text: str) -> str:
    return _LANGUAGES.get(text.strip().lower()) or a_language(text)


def _minutes(text: str) -> int:
    match = _MINUTES.fullmatch(text.strip())
    return int(match[1]) if match else 0


def _authors(text: str) -> tuple[str, ...]:
    """One name a line; on a single line also between commas, if all parts are whole names."""
    parts = [part for line in lines(text) for part in re.split(r"[;；、，]", line) if part.strip()]
    if len(parts) == 1:
        names = parts[0].split(",")
        if all(" " in name.strip() or not name.isascii() for name in names):
            parts = names
    names = [a_name(part) for part in parts]
    return tuple(dict.fromkeys(names)) if all(names) else ()


def _one_of(words: tuple[str, ...]) -> Reader:
    def read(text: str) -> str:
        said = [*chosen(text)]
        return said[0] if len(said) == 1 and said[0] in words else ""

    return _needed(read, listed(words))


def _needed(read: Callable[[str], Any], expected: str) -> Reader:
    """A reader that says what it expected where it gets nothing."""

    def needed(text: str) -> Any:
        value = read(text)
        if not value:
            raise ValueError(found(visible(text), expected))
        return value

    return needed


READERS: Mapping[str, Reader] = {
    "address": _needed(_address, "an http or https address"),
    "title": _needed(a_title, "a title on one line"),
    "kind": _one_of(KINDS),
    "language": _needed(_language, "a language tag such as en or zh"),
    "authors": _needed(_authors, "one name a line"),
    "published": _needed(a_date, "a year, a month or a day: 2018-06-27"),
    "level": _one_of(LEVELS),
    "minutes": _needed(_minutes, "a whole number of minutes"),
    "access": _one_of(ACCESS),
}
