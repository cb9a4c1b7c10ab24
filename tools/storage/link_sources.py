"""What a link check reads beside the catalog: lines of addresses, and pages written by hand."""

from collections.abc import Iterable
from pathlib import Path

from tools.model.problem import Problem, Where
from tools.model.resource import Resource
from tools.model.words import SITE_LANGUAGES
from tools.storage.files import UnreadableFile, read_text
from tools.storage.prose import read_prose
from tools.storage.yaml import YamlError, read_yaml

_GUIDES = ("README.md", "CONTRIBUTING.md")


def address_lines(folder: Path, resources: Iterable[Resource]) -> dict[str, dict[str, int]]:
    """The line of every top-level key of each resource's file, by id."""
    return {resource.id: _lines(folder, resource.file) for resource in resources}


def linked_pages(root: Path) -> tuple[dict[str, str], list[Problem]]:
    """The hand-written pages of a project by path, and each one that cannot be read."""
    pages: dict[str, str] = {}
    problems: list[Problem] = []
    for language in SITE_LANGUAGES:
        shown = f"docs/{language}"
        texts, unread = read_prose(root / "docs" / language, shown)
        pages |= {f"{shown}/{name}": text for name, text in texts.items()}
        problems += unread
    for name in _GUIDES:
        if not (root / name).exists():
            continue
        try:
            pages[name] = read_text(root / name, root)
        except UnreadableFile as error:
            problems.append(Problem(name, 0, "", str(error)))
    return pages, problems


def _lines(folder: Path, file: str) -> dict[str, int]:
    places: dict[Where, int] = {}
    try:
        read_yaml(read_text(folder / file, folder), places)
    except (UnreadableFile, YamlError):  # A problem of the catalog, which is told elsewhere.
        return {}
    return {str(where[0]): line for where, line in places.items() if len(where) == 1}
