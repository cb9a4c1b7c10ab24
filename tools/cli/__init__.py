"""The `catalog` command: one file a subcommand, listed here and nowhere else."""

from pathlib import Path

import click

from tools.cli.export import export
from tools.cli.fmt import fmt
from tools.cli.list import list_resources
from tools.cli.pages import pages
from tools.cli.schema import schema
from tools.cli.show import show
from tools.cli.validate import validate


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96})
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


for command in (validate, fmt, list_resources, show, export, schema, pages):
    main.add_command(command)
