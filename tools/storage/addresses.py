"""An address changed in a file: that line changes, and every other byte stays as it is.

Where in a line a value stands is guessed from its text, and a guess counts only if the file, read
again, says what it should.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tools.model.problem import Where
from tools.storage.yaml import YamlError, read_yaml

_NO_RESOURCE = "it is no resource file with an address"
# An address in prose ends at a bracket, a quote, a blank or a Chinese sign; full stops and the like
# end it only where a blank follows. Within a longer address, as an archive's, it does not begin.
_BEGIN = r"(?<![A-Za-z0-9_/=?&:%.~-])"
_END = r"""(?=[)\]<>"'`|*，。；：！？、）】》」]|[.,;:!?]*(?:\s|$))"""
# What YAML reads as text without quotes, inside a list on one line too.
_PLAIN = re.compile(r"(?:[\w./~%+#=&-]|:(?=/))+")
_BREAKING = frozenset("()[]<>\"'`|*\\")


def with_address(text: str, old: str, new: str) -> str:
    """A resource file that leads to `new`, its address until now the last of its `aliases`.

    Raises YamlError for text that is not the catalog's YAML, ValueError where `old` is not its
    address (any more) or a person has to change it.
    """
    data, places = _read(text)
    if data["url"] != old:
        raise ValueError("its address is another one by now")
    if new in (old, *(data.get("aliases") or ())):
        raise ValueError("it has that address already")
    lines = text.split("\n")
    at = places[("url",)] - 1
    moved = _said(
        {**data, "url": new},
        (_joined(lines, at, line) for line in _replaced(lines[at], old, new)),
    )
    return _with_alias(moved, old)


def with_archive(text: str, archive: str) -> str:
    """A resource file with the key `archive`, below its address and aliases; raises as above."""
    data, places = _read(text)
    if "archive" in data:
        raise ValueError("it has a key `archive` already")
    above = "aliases" if "aliases" in data else "url"
    lines = text.split("\n")
    first = _below(lines, max(line for where, line in places.items() if where[0] == above))
    written = f"archive: {_scalar(archive)}"
    # A list may close some lines after its last value.
    candidates = (_inserted(lines, at, written) for at in range(first, len(lines) + 1))
    return _said({**data, "archive": archive}, candidates)


def with_link(text: str, line: int, old: str, new: str) -> str:
    """A Markdown page whose link on `line` (from 1) leads to `new`.

    Raises ValueError where the address does not stand there as it is, or could not stand there.
    """
    lines = text.split("\n")
    if (set(new) - set(old)) & _BREAKING:
        raise ValueError("the new address holds signs that Markdown reads")
    if not 0 < line <= len(lines):
        raise ValueError("the page has no such line")
    pattern = f"{_BEGIN}{re.escape(old)}{_END}"
    changed = re.sub(pattern, lambda _: new, lines[line - 1])
    if changed == lines[line - 1]:
        raise ValueError("the address does not stand on that line as it is")
    return _joined(lines, line - 1, changed)


def _read(text: str) -> tuple[dict[str, Any], Mapping[Where, int]]:
    places: dict[Where, int] = {}
    data = read_yaml(text, places)
    if not isinstance(data, dict) or not isinstance(data.get("url"), str):
        raise ValueError(_NO_RESOURCE)
    return data, places


def _said(expected: dict[str, Any], candidates: Iterator[str]) -> str:
    """The first text that reads as expected."""
    for text in candidates:
        try:
            if read_yaml(text) == expected:
                return text
        except YamlError:
            continue
    raise ValueError("its text has a form that only a person can change")


def _with_alias(text: str, alias: str) -> str:
    data, places = _read(text)
    aliases = data.get("aliases", [])
    lines = text.split("\n")
    if "aliases" not in data:
        written = f"aliases: [{_scalar(alias)}]"
        candidates = iter([_inserted(lines, _below(lines, places[("url",)]), written)])
    elif not isinstance(aliases, list):
        raise ValueError("its aliases are no list")
    else:
        candidates = _appended(lines, places, aliases, alias)
    return _said({**data, "aliases": [*aliases, alias]}, candidates)


def _appended(
    lines: list[str], places: Mapping[Where, int], aliases: list[str], alias: str
) -> Iterator[str]:
    """The text with one alias more: before every bracket that may close them, or on a new line."""
    scalar = _scalar(alias)
    start = places[("aliases",)] - 1
    last = places[("aliases", len(aliases) - 1)] - 1 if aliases else start
    if dash := re.match(r"\s*- +", lines[last]):
        yield _inserted(lines, _below(lines, last + 1), f"{dash[0]}{scalar}")
    comma = ", " if aliases else ""
    for at in range(last, len(lines)):
        for bracket in re.finditer(r"\]", lines[at]):
            before, after = lines[at][: bracket.start()], lines[at][bracket.start() :]
            yield _joined(lines, at, f"{before}{comma}{scalar}{after}")


def _scalar(address: str) -> str:
    return address if _PLAIN.fullmatch(address) else json.dumps(address, ensure_ascii=False)


def _replaced(line: str, old: str, new: str) -> Iterator[str]:
    """The line with the new address, in the old quotes or, where it needs others, in its own."""
    for found in re.finditer(re.escape(old), line):
        yield line[: found.start()] + new + line[found.end() :]
    whole = f"url: {_scalar(new)}"
    for comment in re.finditer(r"\s+#|\s*$", line):
        yield whole + line[comment.start() :]


def _joined(lines: list[str], at: int, line: str) -> str:
    return "\n".join([*lines[:at], line, *lines[at + 1 :]])


def _inserted(lines: list[str], at: int, line: str) -> str:
    """A new line above the line `at`, with the ends of lines that the file has."""
    end = "\r" if lines[0].endswith("\r") else ""
    return "\n".join([*lines[:at], line + end, *lines[at:]])


def _below(lines: list[str], at: int) -> int:
    """The line `at`, or the one below the indented comments there: they belong to what is above."""
    while at < len(lines) and re.match(r"\s+#", lines[at]):
        at += 1
    return at
