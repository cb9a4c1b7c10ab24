"""`catalog import`: Markdown notes into the catalog, with an account of every address."""

import re
import sys
from datetime import date
from pathlib import Path

import click

from tools.cli.console import complain, counted, say, show_problems, show_table
from tools.cli.opened import (
    FOUND_PROBLEMS,
    could_not_run,
    end_with,
    open_catalog,
    pass_folder,
    usable_catalog,
)
from tools.exchange.importers.read_note import ReadNote
from tools.exchange.importers.reconcile import counted_outcomes
from tools.intake import Intake, read_note, take_in
from tools.model.catalog import Catalog
from tools.model.problem import Problem, found
from tools.model.text import is_id
from tools.storage.files import UnreadableFile, write_whole
from tools.storage.places import shown_path


@click.command("import")
@click.argument("notes", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--note",
    "ids",
    multiple=True,
    help="The note's id, once for each NOTE in their order; else made of the file's name.",
)
@click.option("--write", is_flag=True, help="Write drafts, mentions and ledgers.")
@pass_folder
def import_notes(folder: Path, notes: tuple[Path, ...], ids: tuple[str, ...], write: bool) -> None:
    """Read Markdown notes and account for every address in them.

    Each address is new, the same as a resource or draft that is here, or not readable, with
    the reason. Without --write nothing is written. With it, a new address becomes a draft in
    the catalog's folder `drafts`, a known one gains what the note says of it, and the note's
    ledger in `notes` is brought up to date.
    """
    catalog = _sound_or_new(folder) if write else usable_catalog(folder)
    read = _read(notes, _ids(notes, ids))
    problems: list[Problem] = []
    for intake in take_in(folder, catalog, read, today=date.today().isoformat()):
        problems += _tell(intake)
        for change in intake.changes:
            if write:
                write_whole(folder / change.file, change.text)
            say(f"{'written' if write else 'would write'}: {folder / change.file}")
    if problems:
        complain(counted(len(problems), "problem"))
        sys.exit(FOUND_PROBLEMS)


def _sound_or_new(folder: Path) -> Catalog:
    """A catalog without problems, except that it may have no resource yet."""
    loaded = open_catalog(folder)
    empty = shown_path(folder, "resources")
    if problems := tuple(problem for problem in loaded.problems if problem.path != empty):
        end_with(problems)
    return loaded.catalog


def _ids(notes: tuple[Path, ...], ids: tuple[str, ...]) -> list[str]:
    """One id a note, given or made of its file's name without leading numbers."""
    if ids and len(ids) != len(notes):
        could_not_run(f"found {counted(len(ids), '--note')}, expected one for each of {len(notes)}")
    made = [re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-") for path in notes]
    chosen = list(ids) or [re.sub(r"^\d+-", "", id) for id in made]
    for id, path in zip(chosen, notes, strict=True):
        if not is_id(id):
            could_not_run(f"{path}: --note: {found(id, 'an id of a-z, 0-9 and single -')}")
    if len(set(chosen)) < len(chosen):
        could_not_run("found one --note twice, expected an id of its own for each note")
    return chosen


def _read(notes: tuple[Path, ...], ids: list[str]) -> dict[str, tuple[Path, ReadNote]]:
    """Every note that can be read; ends the command with what is wrong with the others."""
    read, problems = {}, []
    for id, path in zip(ids, notes, strict=True):
        try:
            read[id] = path, read_note(path)
        except UnreadableFile as error:
            problems.append(Problem(str(path), 0, "", str(error)))
    if problems:
        end_with(tuple(problems))
    return read


def _tell(intake: Intake) -> list[Problem]:
    """Show what became of every address of a note; the problems among them."""
    path, plan = str(intake.path), intake.plan
    counts = ", ".join(f"{n} {became}" for became, n in counted_outcomes(plan.outcomes))
    say(f"{path}: {counted(len(plan.outcomes), 'address')}: {counts}")
    show_table(
        ("line", "became", "resource", "address"),
        ((str(o.line), o.became, o.id or o.why, o.url) for o in plan.outcomes),
    )
    for piece in plan.odd:
        complain(str(Problem(path, piece.line, "", piece.message)))
    for id, mention in plan.gone:
        complain(f"{path}: no longer holds line {mention.line} of {id}; its mention was kept")
    refused = [
        Problem(path, outcome.line, "", f"found {outcome.url[:80]!r}: {outcome.why}")
        for outcome in plan.outcomes
        if outcome.wrong
    ]
    problems = [*refused, *intake.problems]
    show_problems(problems)
    return problems
