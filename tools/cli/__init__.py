"""The `catalog` command: one file a subcommand, listed here and nowhere else."""

from pathlib import Path
from typing import Any

import click

from tools.cli.add import add
from tools.cli.export import export
from tools.cli.fmt import fmt
from tools.cli.import_notes import import_notes
from tools.cli.links import links
from tools.cli.list import list_resources
from tools.cli.opened import could_not_run
from tools.cli.pages import pages
from tools.cli.progress import progress
from tools.cli.prove import prove_snippets
from tools.cli.run import run_demos
from tools.cli.schema import schema
from tools.cli.show import show
from tools.cli.validate import validate


class _Command(click.Group):
    """Ends with a sentence where a file or folder cannot be written."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except OSError as error:
            if error.filename is None:
                raise
            could_not_run(f"{error.filename}: cannot be written: {error.strerror}")


@click.group(
    cls=_Command, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96}
)
@click.option(
    "--catalog",
    "folder",
    type=click.Path(path_type=Path, file_okay=True),
    default="catalog",
    show_default=True,
    envvar="CATALOG",
    help="The catalog's folder; also $CATALOG.",
)
@click.version_option(package_name="unrolled", prog_name="catalog")
@click.pass_context
def main(context: click.Context, folder: Path) -> None:
    """Keep a catalog of learning resources and make its site.

    Exit codes: 0 clean, 1 ran and found problems, 2 could not run.
    """
    context.obj = folder


for command in (
    validate, fmt, add, import_notes, list_resources, show, links, progress, export, schema, pages,
    run_demos, prove_snippets,
):  # fmt: skip
    main.add_command(command)
