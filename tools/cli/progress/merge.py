"""`catalog progress merge`: what other devices wrote, made one with what stands here."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import click

from tools.cli.console import complain, counted, say, show_problems
from tools.cli.opened import FOUND_PROBLEMS, could_not_run, pass_folder
from tools.cli.progress.opened import file_option, progress_file, state_folder
from tools.cli.progress.wording import told_conflict
from tools.model.progress import Conflict, Progress, conflicts, merge
from tools.storage.progress import (
    ReadProgress,
    UnwritableProgress,
    read_progress,
    renew_progress,
)

_MOST_CONFLICTS = 20
_path = click.Path(path_type=Path, dir_okay=False)
_present = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command("merge")
@click.argument("sources", metavar="FILE...", nargs=-1, required=True, type=_present)
@click.option("--output", type=_path, help="Write here, and leave the progress file as it is.")
@click.option("--check", is_flag=True, help="Only say what would be added.")
@file_option
@pass_folder
def merge_files(
    folder: Path, sources: tuple[Path, ...], output: Path | None, check: bool, file: Path | None
) -> None:
    """Add all events of each FILE to the progress file, and say first what that adds.

    Nothing is lost but what was to be forgotten, and merging twice changes nothing. A value that
    is no event is reported with its line and kept as it is. An --output that exists is merged too.
    """
    own = progress_file(folder, file)
    parts = [read_progress(path) for path in sources]
    base = read_progress(own) if output or check else ReadProgress(Progress())
    problems = tuple(problem for part in (base, *parts) for problem in part.problems)
    show_problems(problems)
    union = _Union(tuple(sources), [part.progress for part in parts], base.progress)
    if check:
        union(read_progress(output).progress if output else Progress())
    else:
        target = output or own
        try:
            renew_progress(target, state_folder(), union)
        except UnwritableProgress as error:
            could_not_run(str(error))
        say(f"written: {target}")
    if problems:
        sys.exit(FOUND_PROBLEMS)


@dataclass(frozen=True, slots=True)
class _Union:
    """Makes what stands in a file one with `base` and the parts, and tells what the parts add."""

    sources: Sequence[Path]
    parts: Sequence[Progress]
    base: Progress

    def __call__(self, standing: Progress) -> Progress:
        mine = merge(standing, self.base) if self.base.events or self.base.foreign else standing
        union = merge(mine, *self.parts)
        for line in self._lines(mine, union):
            say(line)
        if others := len(mine.foreign):
            complain(f"{counted(others, 'value')} here that are no events are kept as they are")
        return union

    def _lines(self, mine: Progress, union: Progress) -> Iterator[str]:
        seen = set(mine.events)
        for source, part in zip(self.sources, self.parts, strict=True):
            new = set(part.events) - seen
            seen |= new
            known = len(part.events) - len(new)
            yield f"{source}: {counted(len(part.events), 'event')}, {known} of them known"
        here, after = set(mine.events), set(union.events)
        yield f"adds {counted(len(after) - len(here), 'event')}"
        if stripped := len(here - after):
            yield f"strips {counted(stripped, 'event')} that somebody wants forgotten"
        theirs = [event for part in self.parts for event in part.events]
        yield from _told_conflicts([*conflicts(mine.events, theirs)])


def _told_conflicts(found: Sequence[Conflict]) -> Iterator[str]:
    yield from map(told_conflict, islice(found, _MOST_CONFLICTS))
    if len(found) > _MOST_CONFLICTS:
        yield f"and {len(found) - _MOST_CONFLICTS:,} more conflicts"
