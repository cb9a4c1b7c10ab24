"""`python -m benchmarks`: measure what large catalogs cost, and say which aims are missed."""

import os
import sys
from importlib import import_module
from pathlib import Path

import click

from benchmarks.console import complain, say, show
from benchmarks.figure import Benchmark, Figure
from benchmarks.workshop import Workshop, open_workshop
from tools.audit.verdicts import CannotRun
from tools.engine import BuildFailed

BENCHMARKS = (
    "loading", "importing", "links", "snippets", "progress", "marking", "building",
    "browsing",
)  # fmt: skip


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("which", type=click.Choice([*BENCHMARKS, "all"]), default="all")
@click.option("--record", is_flag=True, help="Keep the ratios of snippets for their pages.")
def main(which: str, record: bool) -> None:
    """Measure large catalogs, notes, the link checker, and snippets beside their torch.nn twins.

    Exit codes: 0 all aims are met, 1 some are missed, 2 could not run.
    """
    names = BENCHMARKS if which == "all" else (which,)
    try:
        with open_workshop(Path(), record) as workshop:
            missed = sum(_measure(name, workshop) for name in names)
    except (BuildFailed, CannotRun, ValueError) as reason:
        complain(str(reason))
        sys.exit(2)
    say(f"{missed} of the aims are missed" if missed else "Every aim is met")
    sys.exit(bool(missed))


def _measure(name: str, workshop: Workshop) -> int:
    """Show the figures of one benchmark; the number of aims it misses."""
    # Each comes with its own libraries, and loading is measured before a browser's are there.
    benchmark: Benchmark = getattr(import_module(f"benchmarks.{name}"), name)
    figures: list[Figure] = list(benchmark(workshop))
    show(f"{name}, {_machine()}", figures)
    return sum(figure.missed for figure in figures)


def _machine() -> str:
    """How busy the machine is: with more load than cores, seconds say little."""
    return f"on {os.cpu_count()} cores at a load of {os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    main()
