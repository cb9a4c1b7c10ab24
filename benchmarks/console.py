"""What the measuring shows in the terminal: the only file here that knows Rich."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from benchmarks.figure import Figure

_OUT = Console(highlight=False, soft_wrap=True)
_ERR = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """One line on standard output."""
    _OUT.print(text, markup=False)


def complain(text: str) -> None:
    """One line on standard error."""
    _ERR.print(text, markup=False)


def show(title: str, figures: Iterable[Figure]) -> None:
    """A benchmark's figures, each with its aim and whether it is held."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    table.add_column("what")
    table.add_column("measured", justify="right", no_wrap=True)
    table.add_column("aim", justify="right", no_wrap=True)
    table.add_column("")
    for figure in figures:
        aim = "" if figure.aim is None else f"≤ {_amount(figure.aim, figure.unit)}"
        table.add_row(figure.name, _amount(figure.value, figure.unit), aim, _verdict(figure))
    _OUT.print(table, soft_wrap=False)


def _amount(value: float, unit: str) -> str:
    return f"{value:,.{0 if unit in ('ms', 'MB', 'letters') else 2}f} {unit}"


def _verdict(figure: Figure) -> str:
    if figure.aim is None:
        return ""
    return "[bold red]MISSED[/]" if figure.missed else "[green]ok[/]"
