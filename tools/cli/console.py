"""What people see in the terminal: the only file that knows Rich."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tools.model.problem import Problem

_OUT = Console(highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """One line on standard output, letter by letter as given."""
    click.echo(text)  # Rich would turn tabs into spaces.


def complain(text: str) -> None:
    """One line on standard error."""
    click.echo(text, err=True)


def counted(n: int, noun: str) -> str:
    """`1 file`, `2 files`, `3 addresses`."""
    ending = "" if n == 1 else "es" if noun.endswith("s") else "s"
    return f"{n} {noun}{ending}"


def show_problems(problems: Iterable[Problem]) -> None:
    """Every problem on a line of its own, in the one form that editors can follow."""
    for problem in problems:
        complain(str(problem))


@contextmanager
def progress_bar(total: int) -> Iterator[Callable[[str], None]]:
    """A bar on standard error; each call is one step, with words on how it stands.

    Nothing is drawn where nobody watches.
    """
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=total)
        yield lambda words: bar.update(task, advance=1, description=escape(words))


def show_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Rows under headings; without a terminal, tab-separated lines for other programs."""
    if not _OUT.is_terminal:
        for row in rows:
            say("\t".join(row))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for n, heading in enumerate(headings):
        table.add_column(heading, no_wrap=n == 0, overflow="fold")
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    _OUT.print(table, soft_wrap=False)
