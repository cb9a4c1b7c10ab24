"""A resource file with what a note says of it now: every comment, key and order kept."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from tools.model.resource import Mention
from tools.storage.emit import plain, yaml_text
from tools.storage.pieces import Pieces, cut
from tools.storage.tidy import rank
from tools.storage.yaml import YamlError, read_yaml

_KEYS = tuple(field.name for field in fields(Mention))


def with_mentions(text: str, mentions: Sequence[Mention]) -> str:
    """The file's text with these mentions, the old ones in their places and new ones after them.

    Raises YamlError for text that is not the catalog's YAML, ValueError where a mention cannot be
    changed without losing a comment.
    """
    pieces = cut(text)
    wanted = [plain(mention) for mention in mentions]
    old = pieces.data.get("mentions") or []
    if wanted == old:
        return text
    if not old:
        pieces.by_key["mentions"] = _listed(wanted)
    else:
        pieces.by_key["mentions"] = _changed(pieces, old, wanted)
    changed = pieces.text(_in_place(list(pieces.by_key)))
    if read_yaml(changed) != {**pieces.data, "mentions": wanted}:
        raise ValueError("its mentions cannot be changed without losing something of the file")
    return changed


def _listed(mentions: Sequence[Mapping[str, Any]]) -> list[str]:
    return yaml_text({"mentions": list(mentions)}).splitlines()


def _in_place(keys: list[str]) -> list[str]:
    """The keys as they stand, with new mentions before the first key that comes after them."""
    if keys[-1] != "mentions":
        return keys
    others = keys[:-1]
    after = (n for n, key in enumerate(others) if rank(key) > rank("mentions"))
    at = next(after, len(others))
    return [*others[:at], "mentions", *others[at:]]


def _changed(pieces: Pieces, old: list[Any], wanted: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = pieces.by_key["mentions"]
    starts = [pieces.place("mentions", ("mentions", n)) for n in range(len(old))]
    if starts[0] == 0 or len(set(starts)) < len(starts):
        if any("#" in line for line in lines):
            raise ValueError("its mentions stand on one line with a comment")
        return _listed(wanted)
    result = lines[: starts[0]]
    for n, (start, end) in enumerate(zip(starts, [*starts[1:], len(lines)], strict=True)):
        result += _rewritten(lines[start:end], old[n], wanted[n])
    indent = " " * (len(lines[starts[0]]) - len(lines[starts[0]].lstrip()))
    for mention in wanted[len(old) :]:
        result += [indent + line[2:] for line in _listed([mention])[1:]]
    return result


def _rewritten(lines: list[str], old: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """The lines of one mention with what changed; only lines whose key changed are touched."""
    if old == wanted:
        return lines
    by_line = _line_by_line(lines, old, wanted)
    if _reads_as(by_line, wanted):
        return by_line
    if any("#" in line for line in lines):
        raise ValueError("one of its mentions has a comment and must be changed by hand")
    indent = " " * (len(lines[0]) - len(lines[0].lstrip()))
    return [indent + line[2:] for line in _listed([wanted])[1:]]


def _line_by_line(lines: list[str], old: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    lines = list(lines)
    inner = " " * (len(lines[0]) - len(lines[0].lstrip()) + 2)
    for key in _KEYS:
        if old.get(key) == wanted.get(key):
            continue
        at = _line_of(lines, key)
        if key not in wanted and at is not None:
            del lines[at]
        elif key in wanted:
            written = yaml_text({key: wanted[key]}).splitlines()
            if at is not None:
                start = lines[at][: lines[at].index(key)]
                lines[at] = start + written[0] + _comment(lines[at])
            else:
                lines[_after(lines, key) : _after(lines, key)] = [inner + line for line in written]
    return lines


def _line_of(lines: list[str], key: str) -> int | None:
    pattern = re.compile(rf"^ *(?:- +)?{key}:(?: |$)")
    return next((n for n, line in enumerate(lines) if pattern.match(line)), None)


def _after(lines: list[str], key: str) -> int:
    """Behind the last key that comes before this one in the order of the format."""
    known = [_line_of(lines, other) for other in _KEYS[: _KEYS.index(key)]]
    return max((at + 1 for at in known if at is not None), default=len(lines))


def _comment(line: str) -> str:
    """What a line says behind ` #`; if that was no comment, the reading back will tell."""
    _, sign, comment = line.rpartition(" #")
    return f"{sign}{comment}" if sign else ""


def _reads_as(lines: list[str], wanted: Mapping[str, Any]) -> bool:
    try:
        return bool(read_yaml("\n".join(lines)) == [wanted])
    except YamlError:
        return False
