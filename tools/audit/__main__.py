"""`python -m tools.audit site/`: judge the built site."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console

from tools.audit.checks import CHECKS
from tools.audit.show import Outcome, as_json, findings, table
from tools.audit.site import Site, load
from tools.audit.tour import visit_sample
from tools.audit.verdicts import CannotRun

_COLUMNS = 110


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--only",
    "chosen",
    multiple=True,
    type=click.Choice(list(CHECKS)),
    help="Run this check only; may be given more than once.",
)
@click.option(
    "--json",
    "report",
    type=click.Path(path_type=Path),
    help="Also write everything to this file.",
)
@click.option("--base-path", default="/", show_default=True,
              help="The path the site is mounted at.")  # fmt: skip
def main(folder: Path, chosen: tuple[str, ...], report: Path | None, base_path: str) -> None:
    """Judge the built site in FOLDER: 0 clean, 1 findings, 2 could not run."""
    # Away from a terminal Rich would assume 80 columns, and the table would fold its names.
    console = Console(width=None if sys.stdout.isatty() else _COLUMNS)
    try:
        site = load(folder, base_path)
    except CannotRun as hindrance:
        click.echo(str(hindrance), err=True)
        sys.exit(2)
    outcomes = judge(site, chosen or tuple(CHECKS))
    console.print(table(outcomes))
    findings(console, outcomes)
    if report:
        report.write_text(as_json(outcomes), encoding="utf-8")
    sys.exit(exit_code(outcomes))


def judge(site: Site, names: Sequence[str]) -> list[Outcome]:
    """How each named check ends; pages are opened once, for all that need it."""
    hindrance = ""
    if any(CHECKS[name].visits for name in names):
        try:
            site = visit_sample(site, judge=any(CHECKS[name].axe for name in names))
        except CannotRun as error:
            hindrance = str(error)
    return [_outcome(site, name, hindrance if CHECKS[name].visits else "") for name in names]


def _outcome(site: Site, name: str, hindrance: str) -> Outcome:
    if hindrance:
        return Outcome(name, None, hindrance)
    try:
        return Outcome(name, CHECKS[name].judge(site))
    except CannotRun as error:
        return Outcome(name, None, str(error))


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """0 clean, 1 findings, 2 when a check could not run."""
    if any(outcome.judgement is None for outcome in outcomes):
        return 2
    return int(any(outcome.judgement and outcome.judgement.findings for outcome in outcomes))


if __name__ == "__main__":
    main()
