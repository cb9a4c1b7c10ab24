"""Where a fault stands: the line of the value it is about."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.model.problem import Fault, Problem, Where, field_name
from tools.storage.files import UnreadableFile, read_text
from tools.storage.yaml import YamlError, read_yaml


def place_faults(folder: Path, faults: Iterable[Fault]) -> Iterator[Problem]:
    """The faults as problems: each file is read once more, now with the line of every value."""
    lines: dict[str, dict[Where, int]] = {}
    for fault in faults:
        if fault.file not in lines:
            lines[fault.file] = _lines(folder, fault.file)
        line = _nearest(lines[fault.file], fault.where)
        yield Problem(shown_path(folder, fault.file), line, field_name(fault.where), fault.message)


def shown_path(folder: Path, file: str) -> str:
    """The path people see: the catalog folder's name, then the file."""
    return f"{folder.name or folder}/{file}"


def _lines(folder: Path, file: str) -> dict[Where, int]:
    places: dict[Where, int] = {}
    try:
        read_yaml(read_text(folder / file, folder), places)
    except (UnreadableFile, YamlError):
        return {}
    return places


def _nearest(places: dict[Where, int], where: Where) -> int:
    """The line of the value, or of the innermost thing around it that has one."""
    for length in range(len(where), 0, -1):
        if where[:length] in places:
            return places[where[:length]]
    return min(places.values(), default=0)
