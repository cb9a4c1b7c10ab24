"""A file's text cut at its top-level keys, so that one piece can change and no other does.

A piece takes along the comment lines right above its key; the comment that opens the file stays on
top, up to its first blank line if it has one.
"""

from dataclasses import dataclass
from itertools import pairwise

from tools.model.problem import Where
from tools.storage.yaml import Data, read_yaml


@dataclass(slots=True)
class Pieces:
    """The lines of a file: what stands on top, one piece a key, and the comment at the end."""

    head: list[str]
    by_key: dict[str, list[str]]
    tail: list[str]
    data: dict[str, Data]
    places: dict[Where, int]
    _starts: dict[str, int]

    def place(self, key: str, where: Where) -> int:
        """The position of a value's line inside the piece of its key."""
        return self.places[where] - 1 - self._starts[key]

    def text(self, order: list[str] | None = None) -> str:
        """The pieces put together again, in the given order of keys."""
        keys = list(self.by_key) if order is None else order
        lines = [*self.head, *(line for key in keys for line in self.by_key[key]), *self.tail]
        return "\n".join(lines).strip("\n") + "\n"


def cut(text: str) -> Pieces:
    """The text in pieces.

    Raises YamlError for text that is not the catalog's YAML, ValueError for text whose pieces
    cannot be told apart, such as a resource written as one flow mapping.
    """
    text = text.strip("\r\n")
    places: dict[Where, int] = {}
    data = read_yaml(text, places)
    lines = [line.rstrip(" \t") for line in text.splitlines()]
    starts = _starts(lines, places)
    tail = lines[_with_comments(lines, len(lines)) :]
    ends = [start for start, _ in starts[1:]] + [len(lines) - len(tail)]
    pieces = {key: lines[start:end] for (start, key), end in zip(starts, ends, strict=True)}
    begin = {key: start for start, key in starts}
    return Pieces(lines[: starts[0][0]], pieces, tail, data, places, begin)


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
