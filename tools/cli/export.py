"""`catalog export`: the catalog for other programs."""

from pathlib import Path

import click

from tools.cli.console import say
from tools.cli.opened import pass_folder, sound_catalog
from tools.exchange.exporters import EXPORTERS
from tools.model.words import SITE_LANGUAGES, SiteLanguage
from tools.storage.files import write_whole


@click.command()
@click.option(
    "--format", "name", type=click.Choice(list(EXPORTERS)), default="json", show_default=True
)
@click.option(
    "--language",
    type=click.Choice(SITE_LANGUAGES),
    default="en",
    show_default=True,
    help="The language of titles and sentences in markdown, opml and bookmarks.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file instead of the terminal.",
)
@pass_folder
def export(folder: Path, name: str, language: SiteLanguage, output: Path | None) -> None:
    """Export all resources in a form that other programs read.

    json and csv hold a record of each, in both languages; bibtex is for citing, markdown a note to
    keep, opml an outline, bookmarks a file that browsers import.
    """
    text = EXPORTERS[name].write(sound_catalog(folder), language)
    if output is None:
        say(text.removesuffix("\n"))
        return
    write_whole(output, text)
    say(f"written: {output}")
