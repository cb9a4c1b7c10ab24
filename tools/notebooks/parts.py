"""A snippet's text to its cells: py:percent, with sections for pages to ask by.

Cells keep the number of their first line, so that a traceback names the line of the file.
"""

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from tools.model.problem import Problem

NEEDED = ("model", "demo", "picture")  # The sections that every page asks for.
_ALLOWED = {*sys.stdlib_module_names, "torch", "matplotlib"}
_CELL = re.compile(r"# ?%%(?P<rest>\s.*)?")
_WORDS = re.compile(r"\s*\[(?:markdown|md)\]")
_MARKER = re.compile(r"\s*# --8<-- \[(?P<edge>start|end):(?P<name>[a-z][a-z0-9_-]*)\]\s*")


@dataclass(frozen=True, slots=True)
class Part:
    """One cell of a snippet: `text` as it stands in the file from `line` on, `source` to show.

    `name` is the first section that begins in it.
    """

    kind: Literal["words", "code"]
    line: int
    text: str
    source: str
    name: str = ""


def parts_of(text: str) -> tuple[Part, ...]:
    """The cells of a snippet in order, without empty ones; its docstring is the first."""
    return tuple(part for part in _parts(_lines(text)) if part.source)


def without_markers(text: str) -> str:
    """The snippet as people download it."""
    kept = [line for line in _lines(text) if not _MARKER.fullmatch(line)]
    return "\n".join(kept).rstrip("\n") + "\n"


def problems_of(text: str, file: str) -> tuple[Problem, ...]:
    """What stops a snippet from being read, run alone or shown, each with its line."""
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        return (Problem(file, error.lineno or 1, "", f"SyntaxError: {error.msg}"),)
    found = sorted([*_section_faults(_lines(text)), *_import_faults(tree)])
    return tuple(Problem(file, line, "", message) for line, message in found)


def _lines(text: str) -> list[str]:
    """The lines as Python counts them; `splitlines` would cut at more than line ends."""
    return text.replace("\r\n", "\n").split("\n")


def _parts(lines: list[str]) -> Iterator[Part]:
    starts = [n for n, line in enumerate(lines) if _CELL.fullmatch(line)]
    edges = [*starts, len(lines)]
    yield from _head(lines[: edges[0]])
    for start, end in pairwise(edges):
        head = _CELL.fullmatch(lines[start])
        assert head is not None
        body = lines[start + 1 : end]
        yield (
            _words(body, start + 2) if _WORDS.match(head["rest"] or "") else _code(body, start + 2)
        )


def _head(lines: list[str]) -> Iterator[Part]:
    """What stands above the first mark: the module's docstring as words, then code."""
    try:
        tree = ast.parse("\n".join(lines))
    except SyntaxError:
        tree = ast.Module([], [])
    docstring = ast.get_docstring(tree)
    end = tree.body[0].end_lineno or 0 if docstring else 0
    if docstring:
        yield Part("words", 1, "\n".join(lines[:end]), inspect.cleandoc(docstring))
    yield _code(lines[end:], end + 1)


def _words(lines: list[str], line: int) -> Part:
    said = [re.sub(r"^# ?", "", text) for text in lines if not _MARKER.fullmatch(text)]
    return Part("words", line, "\n".join(lines), "\n".join(said).strip("\n"), _name(lines))


def _code(lines: list[str], line: int) -> Part:
    shown = [text for text in lines if not _MARKER.fullmatch(text)]
    source = "\n".join(shown).strip("\n")
    return Part("code", line, "\n".join(lines), source.rstrip(), _name(lines))


def _name(lines: list[str]) -> str:
    markers = (_MARKER.fullmatch(line) for line in lines)
    return next((mark["name"] for mark in markers if mark and mark["edge"] == "start"), "")


def _section_faults(lines: list[str]) -> Iterator[tuple[int, str]]:
    opened: dict[str, int] = {}
    known: set[str] = set()
    for line, text in enumerate(lines, start=1):
        mark = _MARKER.fullmatch(text)
        if mark is None:
            if "8<--" in text:
                form = "`# --8<-- [start:name]` or `# --8<-- [end:name]`"
                yield line, f"found {text.strip()!r}, expected {form}"
            continue
        name = mark["name"]
        if mark["edge"] == "start":
            if name in known:
                yield line, f"found a second section {name!r}, expected another name"
            known.add(name)
            opened[name] = line
        elif opened.pop(name, None) is None:
            yield line, f"found the end of {name!r}, expected its start before"
    for name, line in opened.items():
        yield line, f"found no end of the section {name!r}, expected `# --8<-- [end:{name}]`"
    for name in NEEDED:
        if name not in known:
            yield 1, f"found no section {name!r}, expected {', '.join(NEEDED)} in every snippet"


def _import_faults(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """A snippet is read and run alone, so it may lean on torch and matplotlib only."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [(node.module or "") if not node.level else "." * node.level]
        else:
            continue
        for name in names:
            if name.split(".")[0] not in _ALLOWED:
                yield node.lineno, f"found the import of {name}, expected only torch and matplotlib"
