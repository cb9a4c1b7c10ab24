"""What a person proposes: an address alone, or the answers of an issue form."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.cli.opened import could_not_run
from tools.model.catalog import Catalog
from tools.model.problem import Problem
from tools.storage.files import UnreadableFile, read_text
from tools.storage.yaml import LARGEST


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a person gave: values of a draft, lines for people, and what was wrong with the rest."""

    values: dict[str, Any]
    remarks: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def from_form(path: Path, catalog: Catalog) -> Proposal:
    """The answers of a filled form; ends the command where there is no text to read."""
    # Markdown and HTML parsers are loaded for those who need them: every other command starts
    # without.
    from tools.exchange.issue_form.read import Vocabulary, read_form

    vocabulary = Vocabulary(tuple(catalog.topics_by_id), catalog.site.frameworks)
    form = read_form(_form_text(path), vocabulary)
    problems = (Problem(str(path), *fault) for fault in form.faults)
    return Proposal(dict(form.values), form.remarks, tuple(problems))


def _form_text(path: Path) -> str:
    try:
        if str(path) != "-":
            return read_text(path, path.parent)
        content = sys.stdin.buffer.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise UnreadableFile(f"found more than {LARGEST:,} bytes, expected at most that")
        return content.decode("utf-8-sig")
    except UnreadableFile as error:
        could_not_run(f"{path}: {error}")
    except UnicodeDecodeError as error:
        could_not_run(f"{path}: found the byte 0x{error.object[error.start]:02x}, expected UTF-8")
