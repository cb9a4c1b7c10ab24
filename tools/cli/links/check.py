"""`catalog links check`: what every link answers today."""

import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from time import monotonic

import click

from tools.checking import Run, broken
from tools.cli.console import complain, counted, progress_bar, say
from tools.cli.links.options import Choices, checking_options
from tools.cli.links.output import Output
from tools.cli.opened import FOUND_PROBLEMS, could_not_run, pass_folder
from tools.linkcheck.report import REPORTS
from tools.linkcheck.report.words import remarks, summary
from tools.model.link import OUTCOMES, CheckReport
from tools.model.words import SITE_LANGUAGES, SiteLanguage
from tools.storage.link_state import UnwritableMemory
from tools.storage.locks import LockedOut

# How often the report of a long run is written before the run is over, in seconds.
_INTERVAL = 10.0


@click.command()
@checking_options
@click.option("--format", "form", type=click.Choice([*REPORTS]), default="text", show_default=True)
@click.option("--language", type=click.Choice(SITE_LANGUAGES), default="en", show_default=True,
              help="The language of the Markdown report.")  # fmt: skip
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write the report to this file; JSON also while the run goes on.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Only say which links would be asked.")
@pass_folder
def check(
    folder: Path,
    choices: Choices,
    form: str,
    language: SiteLanguage,
    output: Path | None,
    dry_run: bool,
) -> None:
    """Ask every link of the catalog and of the hand-written pages what it answers today.

    Exit codes: 0 nothing is broken, 1 links are broken for certain, 2 could not run. What refuses
    programs, asks for a login or cannot be told from here never makes the exit code 1.
    """
    chosen = choices.chosen(folder)
    run = chosen.run
    if dry_run:
        _say_what_would_be(run)
        return
    report = _checked(run, Output(form, language, output))
    try:
        run.remember(whole=chosen.whole)
    except (UnwritableMemory, LockedOut, OSError) as error:
        could_not_run(f"nothing was remembered: {error}")
    _end(report, shown=form == "text" and output is None)
    if broken(report) or chosen.problems:
        sys.exit(FOUND_PROBLEMS)


def _say_what_would_be(run: Run) -> None:
    asked = [link for link in run.links if link.url not in run.kept]
    for link in asked:
        say(link.url)
    complain(f"{counted(len(asked), 'link')} to ask, {len(run.kept)} checked not long ago")


def _checked(run: Run, output: Output) -> CheckReport:
    """Let the run go on to its end, or until someone interrupts it."""
    counts: Counter[str] = Counter()
    written = monotonic()
    with closing(run.found()) as found, progress_bar(len(run.links)) as step:
        try:
            for one in found:
                counts[one.outcome] += 1
                step(_standing(counts))
                output.take(one)
                if monotonic() - written > _INTERVAL:
                    output.write(run.report, last=False)
                    written = monotonic()
        except KeyboardInterrupt:
            complain("interrupted: the report holds what was found so far")
    report = run.report
    output.write(report, last=True)
    return report


def _standing(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{counts.get(outcome, 0)} {_SAID[outcome]}" for outcome in OUTCOMES)


_SAID = {"alive": "alive", "look": "to look at", "fix": "to fix"}


def _end(report: CheckReport, shown: bool) -> None:
    """The sentences that end a run, unless they were shown already."""
    if not shown:
        for sentence in (*remarks(report, "en"), summary(report, "en")):
            complain(sentence)
    if not report.complete:
        could_not_run("the run did not come to its end")
