"""Files named with `--input` to links, by the ending of their names."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from tools.linkcheck.collect import merged, page_links
from tools.model.link import Link
from tools.model.problem import Problem, found, listed
from tools.storage.files import UnreadableFile
from tools.storage.link_input import Listed, input_text, links_in_text, links_in_yaml


def read_inputs(paths: Iterable[Path]) -> tuple[tuple[Link, ...], list[Problem]]:
    """The links of all files, one an address, and everything in them that is none."""
    links: list[Link] = []
    problems: list[Problem] = []
    for path in paths:
        here, wrong = _read(path)
        links += here
        problems += wrong
    return merged(links), problems


def _in_markdown(shown: str, text: str) -> Listed:
    return [replace(link, role="input") for link in page_links(shown, text)], []


_BY_ENDING: Mapping[str, Callable[[str, str], Listed]] = {
    ".txt": links_in_text,
    ".yml": links_in_yaml,
    ".yaml": links_in_yaml,
    ".md": _in_markdown,
}


def _read(path: Path) -> Listed:
    shown = path.as_posix()
    read = _BY_ENDING.get(path.suffix.lower())
    if read is None:
        expected = f"a file name that ends in {listed(_BY_ENDING)}"
        return [], [Problem(shown, 0, "", found(path.name, expected))]
    try:
        return read(shown, input_text(path))
    except UnreadableFile as error:
        return [], [Problem(shown, 0, "", str(error))]
