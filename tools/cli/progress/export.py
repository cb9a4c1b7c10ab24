"""`catalog progress export`: the events, or what they add up to, for other programs."""

from pathlib import Path

import click

from tools.cli.console import say, show_problems
from tools.cli.opened import end_with, pass_folder, usable_catalog
from tools.cli.progress.opened import file_option, progress_file
from tools.exchange.progress import LOGS
from tools.model.progress import Progress
from tools.model.reading_log import reading_log
from tools.model.words import SITE_LANGUAGES, SiteLanguage
from tools.storage.files import write_whole
from tools.storage.progress import read_progress
from tools.storage.progress_text import progress_json, progress_text

_EVENTS = {"json": progress_json, "yaml": progress_text}


@click.command()
@click.option(
    "--format", "name", type=click.Choice([*_EVENTS, *LOGS]), default="json", show_default=True
)
@click.option(
    "--language",
    type=click.Choice(SITE_LANGUAGES),
    default="en",
    show_default=True,
    help="The language of titles and words in csv and markdown.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file instead of the terminal.",
)
@file_option
@pass_folder
def export(
    folder: Path, name: str, language: SiteLanguage, output: Path | None, file: Path | None
) -> None:
    """Export your progress in a form that other programs read.

    json and yaml hold every event, and both this command and the site read them again. csv is a
    row a subject as it stands now, markdown a reading log to keep or share.
    """
    read = read_progress(progress_file(folder, file))
    if read.broken:
        end_with(read.problems)
    show_problems(read.strange)
    text = _text(folder, read.progress, name, language)
    if output is None:
        say(text.removesuffix("\n"))
        return
    write_whole(output, text)
    say(f"written: {output}")


def _text(folder: Path, progress: Progress, name: str, language: SiteLanguage) -> str:
    if name in _EVENTS:
        return _EVENTS[name](progress)
    return LOGS[name](reading_log(usable_catalog(folder), progress.events), language)
