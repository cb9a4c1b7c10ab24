"""The one spelling of an event, letter for letter the same in Python and in JavaScript.

Keys stand in the order of their code points, without spaces. Texts are in NFC; half a surrogate
pair becomes U+FFFD. A number is written as JavaScript writes it, so that 1.0 is 1; one that a
browser would not hold exactly, or write in another way, makes no event. What YAML cannot hold as
it is, such as U+2028, is escaped.
"""

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from tools.model.problem import Where, found

_DEEPEST = 16
_LARGEST = 2**53 - 1
_SMALLEST = 1e-4  # Below, Python writes an exponent.
_EXACT = f"a number between -{_LARGEST} and {_LARGEST} with few digits after the point"

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_HALF = re.compile("[\ud800-\udfff]")
_UNFIT = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_STRING_OR_SPACE = re.compile(r'("[^"\\]*+(?:\\.[^"\\]*+)*+")|[ \t\r\n]+')


def spelled(fields: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The fields as both languages hold them, and their one spelling."""
    text = _encode(fields)
    if not _is_settled(text):
        fields = _settled(fields)
        text = _encode(fields)
    return fields, _fit(text)


def one_line(text: str) -> str:
    """A JSON text on one line that YAML can hold, its numbers and the order of its keys kept."""
    return _fit(_STRING_OR_SPACE.sub(lambda match: match[1] or "", text))


def is_whole(value: Any, least: int, most: int) -> bool:
    """Whether a value is a whole number between two; 1.0 is as whole as 1, and True is none."""
    if isinstance(value, float):
        return value.is_integer() and least <= value <= most
    return type(value) is int and least <= value <= most


def spelling_faults(value: Any, where: Where = ()) -> Iterator[tuple[Where, str]]:
    """What in a dict or a list has no spelling that both languages share."""
    if len(where) == _DEEPEST:
        yield where, f"found more than {_DEEPEST} levels of nesting, expected fewer"
        return
    for step, part in value.items() if type(value) is dict else enumerate(value):
        kind = type(part)
        if kind is dict or kind is list:
            yield from spelling_faults(part, (*where, step))
        elif (kind is int or kind is float) and not _is_exact(part):
            yield (*where, step), found(part, _EXACT)


def _is_exact(number: float) -> bool:
    size = abs(number)
    return size <= _LARGEST and (size >= _SMALLEST or size == 0)


def _is_settled(text: str) -> bool:
    """Whether a spelling holds neither another form of a text nor, it may be, 1.0 for 1."""
    if ".0" in text:
        return False
    return text.isascii() or (not _HALF.search(text) and unicodedata.is_normalized("NFC", text))


def _settled(value: Any) -> Any:
    kind = type(value)
    if kind is str:
        # Not the whole text at once: a mark at the head of a line would join the n of its \n.
        return unicodedata.normalize("NFC", _HALF.sub("\ufffd", value))
    if kind is dict:
        return {_settled(key): _settled(part) for key, part in value.items()}
    if kind is list:
        return [_settled(part) for part in value]
    return int(value) if kind is float and value.is_integer() else value


def _fit(text: str) -> str:
    return text if text.isascii() and "\x7f" not in text else _UNFIT.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
