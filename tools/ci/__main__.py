"""`python -m tools.ci`: three small commands for the workflows, each behind a make target."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from tools.ci.issue import ask, broken_links, calls_for, find_issue
from tools.ci.memory import keep_memory
from tools.ci.programs import ProgramFailed
from tools.ci.progress import changed_since, progress_notice
from tools.cli.console import counted, say, show_problems
from tools.cli.opened import COULD_NOT_RUN, could_not_run
from tools.storage.link_state import read_link_state

_CATALOG = Path("catalog")


@click.group()
def ci() -> None:
    """Do what the workflows need beside the `catalog` command.

    Exit codes: 0 done, 2 could not be done.
    """


@ci.command()
@click.argument("revision")
def progress(revision: str) -> None:
    """Print a notice where personal progress changed since REVISION."""
    with _failures_told():
        notice = progress_notice(changed_since(revision))
    if notice:
        say(notice)


@ci.command()
def keep() -> None:
    """Commit and push what the link check remembers, if it changed."""
    with _failures_told():
        kept = keep_memory()
    say("the memory of the links was pushed" if kept else "the memory of the links did not change")


@ci.command()
@click.argument("report", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--fail-after", "runs", type=click.IntRange(1), default=1, show_default=True)
@click.option("--over", "days", type=click.IntRange(0), default=0, show_default=True)
def tell(report: Path, runs: int, days: int) -> None:
    """Open, renew or close the rolling issue with a Markdown REPORT.

    It is open while the memory holds a link that failed in --fail-after runs over --over days.
    """
    memory, problems = read_link_state(_CATALOG)
    if problems:
        show_problems(problems)
        raise SystemExit(COULD_NOT_RUN)
    broken = broken_links(memory, runs, days)
    say(f"{counted(broken, 'link')} to mend")
    with _failures_told():
        for call in calls_for(find_issue(), broken, str(report)):
            say(ask(*call).strip() or f"gh {' '.join(call[:2])}")


@contextmanager
def _failures_told() -> Iterator[None]:
    try:
        yield
    except ProgramFailed as error:
        could_not_run(str(error))


if __name__ == "__main__":
    ci()
