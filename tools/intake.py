"""What an import writes: the plan of a note as whole new texts of catalog files."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tools.exchange.importers.markdown import read_markdown
from tools.exchange.importers.read_note import ReadNote
from tools.exchange.importers.reconcile import Known, NotePlan, reconcile
from tools.model.catalog import Catalog
from tools.model.draft import Draft
from tools.model.note import Note
from tools.model.problem import Problem
from tools.model.words import Words
from tools.storage.drafts import draft_text, read_drafts
from tools.storage.files import UnreadableFile, read_text
from tools.storage.ledger import new_note_text, with_ledger
from tools.storage.mentions import with_mentions
from tools.storage.places import shown_path
from tools.storage.yaml import LARGEST, YamlError

LARGEST_NOTE = 10_000_000
_Maker = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Change:
    """A catalog file as it shall be."""

    file: str
    text: str


@dataclass(frozen=True, slots=True)
class Intake:
    """One note: the plan for its addresses, the files it changes and what kept some from it."""

    path: Path
    plan: NotePlan
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]


def read_note(path: Path) -> ReadNote:
    """The note in a Markdown file; raises UnreadableFile for a file that is no such text."""
    text = read_text(path, path.parent, LARGEST_NOTE)
    if "\0" in text:
        raise UnreadableFile("found a binary file, expected a Markdown note")
    if not text.strip():
        raise UnreadableFile("found an empty file, expected a Markdown note")
    return read_markdown(text)


def take_in(
    folder: Path, catalog: Catalog, notes: Mapping[str, tuple[Path, ReadNote]], *, today: str
) -> Iterator[Intake]:
    """What every note asks of the catalog, one after the other; nothing is written."""
    known = Known.of(catalog, read_drafts(folder))
    texts: dict[str, str] = {}
    for id, (path, read) in notes.items():
        plan = reconcile(id, read, known, today=today)
        changes, problems = _changes(folder, plan, read, known, texts)
        texts |= {change.file: change.text for change in changes}
        known.learn(plan)
        yield Intake(path, plan, tuple(changes), tuple(problems))


def _changes(
    folder: Path, plan: NotePlan, read: ReadNote, known: Known, texts: Mapping[str, str]
) -> tuple[list[Change], list[Problem]]:
    """Every file the plan changes, on top of what the notes before have made of it."""
    changes, problems = [], []
    for file, make in _makers(plan, read, known):
        try:
            old = texts.get(file) or _old_text(folder, file)
            text = _bounded(make(old))
        except (UnreadableFile, YamlError, ValueError) as error:
            problems.append(Problem(shown_path(folder, file), 0, "", f"left as it is: {error}"))
            continue
        if text != old:
            changes.append(Change(file, text))
    return changes, problems


def _bounded(text: str) -> str:
    """The text, if the catalog would read it again."""
    size = len(text.encode())
    if size > LARGEST:
        raise ValueError(f"it would have {size:,} bytes, expected at most {LARGEST:,}")
    return text


def _makers(plan: NotePlan, read: ReadNote, known: Known) -> Iterator[tuple[str, _Maker]]:
    """Every file with what makes its new text of the old one."""
    for draft in plan.drafts:
        yield draft.file, partial(_draft_text, draft)
    for id, mentions in plan.changed.items():
        yield known.things[id].file, partial(with_mentions, mentions=mentions)
    yield f"notes/{plan.note}.yml", partial(_note_text, plan, read)


def _draft_text(draft: Draft, old: str) -> str:
    if old:
        raise ValueError("there is another draft of that name")
    return draft_text(draft)


def _old_text(folder: Path, file: str) -> str:
    return read_text(folder / file, folder) if (folder / file).exists() else ""


def _note_text(plan: NotePlan, read: ReadNote, old: str) -> str:
    if old:
        return with_ledger(old, plan.ledger)
    title = read.title or plan.note
    note = Note(
        id=plan.note, title=Words(title, title), language=read.language, addresses=plan.ledger
    )
    return new_note_text(note)
