"""`catalog fmt`: keys of a resource in the order of the format, with every comment kept.

The text is cut at its top-level keys and the pieces are put in order, so nothing inside a piece
changes. A piece takes along the comment lines right above its key; the comment that opens the file
stays on top, up to its first blank line if it has one.
"""

from dataclasses import MISSING, fields
from itertools import pairwise

from tools.model.problem import Where
from tools.model.resource import Resource
from tools.storage.editing import read_for_editing
from tools.storage.yaml import Data, read_yaml

ORDER = tuple(field.name for field in fields(Resource) if field.name != "id")
_OPTIONAL = {
    field.name
    for field in fields(Resource)
    if field.default is not MISSING or field.default_factory is not MISSING
}


def tidy(text: str) -> str:
    """The same resource with its keys in order, empty keys gone and the ends of lines clean.

    Raises YamlError for text that is not the catalog's YAML, ValueError for text whose pieces
    cannot be told apart, such as a resource written as one flow mapping.
    """
    text = text.strip("\r\n")
    places: dict[Where, int] = {}
    data = read_yaml(text, places)
    lines = [line.rstrip(" \t") for line in text.splitlines()]
    starts = _starts(lines, places)
    head, tail = lines[: starts[0][0]], _tail(lines)
    ends = [start for start, _ in starts[1:]] + [len(lines) - len(tail)]
    pieces = {key: lines[start:end] for (start, key), end in zip(starts, ends, strict=True)}
    kept = {key: piece for key, piece in pieces.items() if not _goes(key, data[key], piece)}
    ordered = sorted(kept, key=_rank)
    result = "\n".join([*head, *(line for key in ordered for line in kept[key]), *tail])
    result = result.strip("\n") + "\n"
    return _checked(result, {key: data[key] for key in ordered})


def _starts(lines: list[str], places: dict[Where, int]) -> list[tuple[int, str]]:
    """The first line of every piece, counted from 0, with its key."""
    keys = sorted((line - 1, str(where[0])) for where, line in places.items() if len(where) == 1)
    if not keys or any(first[0] == second[0] for first, second in pairwise(keys)):
        raise ValueError("expected one key a line at the left edge")
    if any(not lines[line].lstrip("\"'").startswith(key) for line, key in keys):
        raise ValueError("expected one key a line at the left edge")
    (first, key), *others = keys
    return [
        (_below_header(lines, first), key),
        *((_with_comments(lines, line), key) for line, key in others),
    ]


def _below_header(lines: list[str], line: int) -> int:
    """Where the first piece begins: with the comments above it if a blank line sets them off."""
    above = line
    while above > 0 and lines[above - 1].startswith("#"):
        above -= 1
    return above if above > 0 and not lines[above - 1] else line


def _with_comments(lines: list[str], line: int) -> int:
    while line > 0 and (lines[line - 1].startswith("#") or not lines[line - 1]):
        line -= 1
    return line


def _tail(lines: list[str]) -> list[str]:
    """The comment lines that close the file."""
    return lines[_with_comments(lines, len(lines)) :]


def _goes(key: str, value: Data, piece: list[str]) -> bool:
    empty = value in (None, "", [], {})
    return empty and key in _OPTIONAL and not any("#" in line for line in piece)


def _rank(key: str) -> tuple[int, str]:
    return (ORDER.index(key) if key in ORDER else len(ORDER), "")


def _checked(text: str, expected: Data) -> str:
    """The text, if both YAML libraries read the expected data from it."""
    if read_yaml(text) != expected or read_for_editing(text) != expected:
        raise ValueError("the text in order would no longer say the same")
    return text
