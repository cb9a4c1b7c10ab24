"""`catalog schema`: the JSON Schema of each kind of file."""

from pathlib import Path

import click

from tools.cli.console import say
from tools.cli.opened import pass_folder
from tools.storage.schema import SCHEMAS, schema_text, write_schemas


@click.command()
@click.argument("name", type=click.Choice(SCHEMAS), default="resource")
@click.option("--write", is_flag=True, help="Write all schemas into the catalog's schema folder.")
@pass_folder
def schema(folder: Path, name: str, write: bool) -> None:
    """Print the JSON Schema of one kind of catalog file, made from the model."""
    if not write:
        say(schema_text(name).rstrip())
        return
    written = write_schemas(folder)
    say(
        "\n".join(f"written: {path}" for path in written) or "all schemas are as the model has them"
    )
