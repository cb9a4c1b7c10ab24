"""`catalog run`: the demos of snippets in the terminal."""

from collections.abc import Iterator
from pathlib import Path

import click

from tools.cli.console import say
from tools.cli.opened import could_not_run, end_with, pass_folder, usable_catalog
from tools.cli.snippets import named_snippets
from tools.model.problem import Problem
from tools.model.run import Metric, Run
from tools.notebooks.notebook import pictures_of
from tools.notebooks.running import (
    Outcome,
    WorkerFailed,
    kept_notebook,
    kept_run,
    lacking_run,
    run_snippets,
)
from tools.storage.files import write_whole


@click.command("run")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--fresh", is_flag=True, help="Run again even what did not change.")
@click.option(
    "--picture",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the picture of the one snippet as SVG.",
)
@pass_folder
def run_demos(folder: Path, names: tuple[str, ...], fresh: bool, picture: Path | None) -> None:
    """Run snippets and show what their cells print, how well the demo does and how long it takes.

    NAME is a snippet such as recurrent/lstm; without one, all that were not run since they
    changed. The site shows these runs.
    """
    root = folder.resolve().parent
    catalog = usable_catalog(folder)
    if picture and len(names) != 1:
        raise click.UsageError("--picture goes with one NAME")
    ids = named_snippets(root, catalog, names) or tuple(s.id for s in catalog.snippets)
    problems = tuple(_shown(root, ids, fresh, keep_quiet=not names))
    if problems:
        end_with(problems)
    if picture:
        _write_picture(root, ids[0], picture)


def _shown(root: Path, ids: tuple[str, ...], fresh: bool, *, keep_quiet: bool) -> Iterator[Problem]:
    """Show every run, those at hand first; yields what is wrong."""
    wanted = ids if fresh else lacking_run(root, ids)
    if keep_quiet and not wanted:
        say("every snippet was run since it changed")
    for id in () if keep_quiet else [id for id in ids if id not in wanted]:
        kept = kept_run(root, id)
        if kept:
            _show(kept, "as it ran before")
    try:
        for outcome in run_snippets(root, wanted):
            yield from _told(outcome)
    except WorkerFailed as error:
        could_not_run(f"no snippet can be run here: {error}; `make site` installs what it takes")


def _told(outcome: Outcome) -> Iterator[Problem]:
    if outcome.run:
        _show(outcome.run, "")
    yield from outcome.problems


def _show(run: Run, remark: str) -> None:
    say(run.snippet)
    for cell in run.cells:
        for line in cell.printed.splitlines():
            say(f"  {line}")
    facts = [_measured(run.metric)] if run.metric else []
    facts += [f"{run.seconds:.1f} s", *([remark] if remark else [])]
    say(f"  {', '.join(facts)}")


def _measured(metric: Metric) -> str:
    side = "at most" if metric.chance > metric.bar else "at least"
    expected = f"expected {side} {metric.bar:.4g}, guessing gives {metric.chance:.4g}"
    return f"{metric.name} {metric.value:.4g} ({expected})"


def _write_picture(root: Path, id: str, file: Path) -> None:
    """That of the cell `picture`; an ablation may have another below it."""
    kept, notebook = kept_run(root, id), kept_notebook(root, id)
    names = [cell.name for cell in kept.cells] if kept else []
    pictures = pictures_of(notebook, names.index("picture")) if notebook else ()
    if not pictures:
        could_not_run(f"found no picture in the run of {id}, expected one")
    write_whole(file, pictures[0])
    say(f"  picture: {file}")
