"""A note's file with its ledger: title and marks stay as a person wrote them."""

import re
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from tools.model.note import LedgerLine, Note
from tools.storage.emit import plain, yaml_line, yaml_text
from tools.storage.pieces import Pieces, cut
from tools.storage.yaml import read_yaml

_ORDER = tuple(field.name for field in fields(Note) if field.name != "id")


def new_note_text(note: Note) -> str:
    """The file of a note that was not there before."""
    known = {key: plain(getattr(note, key)) for key in _ORDER if key != "addresses"}
    head = yaml_text({key: value for key, value in known.items() if value not in (None, {}, "")})
    return head + "\n".join(_listed(note.addresses)) + "\n"


def with_ledger(text: str, ledger: Sequence[LedgerLine]) -> str:
    """The note's file with this ledger; lines that stay keep their comments and their form.

    Raises YamlError for text that is not the catalog's YAML, ValueError where the old ledger stands
    on one line with a comment.
    """
    pieces = cut(text)
    wanted = [plain(line) for line in ledger]
    if wanted == (pieces.data.get("addresses") or []):
        return text
    pieces.by_key["addresses"] = _changed(pieces, ledger)
    changed = pieces.text()
    if read_yaml(changed) != {**pieces.data, "addresses": wanted}:
        raise ValueError("its ledger cannot be changed without losing something of the file")
    return changed


def _listed(ledger: Sequence[LedgerLine]) -> list[str]:
    if not ledger:
        return ["addresses: []"]
    return ["addresses:", *(f"  - {yaml_line(plain(line))}" for line in ledger)]


def _changed(pieces: Pieces, ledger: Sequence[LedgerLine]) -> list[str]:
    old: list[Any] = pieces.data.get("addresses") or []
    lines = pieces.by_key.get("addresses", [])
    if not old or not ledger:
        return [*_comments(lines), *_listed(ledger)]
    starts = [pieces.place("addresses", ("addresses", n)) for n in range(len(old))]
    if starts[0] == 0 or len(set(starts)) < len(starts):
        if any(re.search(r"(^|\s)#", line) for line in lines):
            raise ValueError("its ledger stands on one line with a comment")
        return _listed(ledger)
    ends = [*starts[1:], len(lines)]
    texts = [lines[start:end] for start, end in zip(starts, ends, strict=True)]
    indent = re.split(r"\S", lines[starts[0]])[0]
    return lines[: starts[0]] + _merged(old, texts, ledger, indent)


def _merged(
    old: list[Any], texts: list[list[str]], ledger: Sequence[LedgerLine], indent: str
) -> list[str]:
    """The new ledger's lines: the old text where a line stays, comments of gone lines kept."""
    wanted = [plain(line) for line in ledger]
    result: list[str] = []
    for line, data in zip(ledger, wanted, strict=True):
        while old and data != old[0] and old[0] not in wanted:
            result += _comments(texts.pop(0))
            old = old[1:]
        if old and data == old[0]:
            result += texts.pop(0)
            old = old[1:]
        else:
            result.append(f"{indent}- {yaml_line(plain(line))}")
    return [*result, *(comment for text in texts for comment in _comments(text))]


def _comments(lines: list[str]) -> list[str]:
    return [line for line in lines if line.lstrip().startswith("#")]
