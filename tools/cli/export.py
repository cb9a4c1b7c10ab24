"""`catalog export`: the catalog for other programs."""

from pathlib import Path

import click

from tools.cli.console import say
from tools.cli.opened import pass_folder, sound_catalog
from tools.exchange.exporters import EXPORTERS
from tools.storage.files import write_whole


@click.command()
@click.option(
    "--format", "name", type=click.Choice(sorted(EXPORTERS)), default="json", show_default=True
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file instead of the terminal.",
)
@pass_folder
def export(folder: Path, name: str, output: Path | None) -> None:
    """Export all resources as records that other programs read."""
    text = EXPORTERS[name](sound_catalog(folder))
    if output is None:
        say(text.rstrip("\n"))
        return
    write_whole(output, text)
    say(f"written: {output}")
