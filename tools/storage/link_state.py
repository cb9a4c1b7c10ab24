"""What link checks left in `state/`: `links.jsonl` by address, `run.json` of the last run."""

import json
from pathlib import Path
from typing import Any

from tools.model.link import LinkHealth, LinkMemory, LinkRun
from tools.model.problem import Problem, field_name
from tools.storage.files import UnreadableFile, read_text
from tools.storage.places import shown_path
from tools.storage.shapes import ShapeError, reader_of

_LARGEST = 64_000_000


def read_link_state(folder: Path) -> tuple[LinkMemory, list[Problem]]:
    """The memory of a catalog's link checks, and every line of it that cannot be understood."""
    problems: list[Problem] = []
    links = _lines(folder, "state/links.jsonl", LinkHealth, problems)
    runs = _lines(folder, "state/run.json", LinkRun, problems)
    return LinkMemory({link.url: link for link in links}, runs[-1] if runs else None), problems


def _lines(folder: Path, file: str, shape: Any, problems: list[Problem]) -> list[Any]:
    if not (folder / file).exists():
        return []
    path = shown_path(folder, file)
    try:
        text = read_text(folder / file, folder, _LARGEST)
    except UnreadableFile as error:
        problems.append(Problem(path, 0, "", str(error)))
        return []
    read = []
    for line, content in enumerate(text.splitlines(), start=1):
        try:
            read.append(reader_of(shape).read(json.loads(content)))
        except ValueError as error:
            problems.append(Problem(path, line, "", f"not JSON: {error}"))
        except ShapeError as error:
            found = [Problem(path, line, field_name(at), text) for at, text in error.faults]
            problems.extend(found)
    return read
