"""`catalog validate`: every problem of the catalog, each with its place."""

from pathlib import Path

import click

from tools.cli.console import counted, say
from tools.cli.opened import end_with, open_catalog, pass_folder
from tools.model.catalog import Catalog


@click.command()
@pass_folder
def validate(folder: Path) -> None:
    """Check every file of the catalog and report all problems at once.

    Each problem stands on one line: path:line: field: what was found, what was expected.
    """
    loaded = open_catalog(folder)
    if loaded.problems:
        end_with(loaded.problems)
    say(f"{folder}: {_counted(loaded.catalog)}; no problem")


def _counted(catalog: Catalog) -> str:
    counts = {
        "resource": len(catalog.resources),
        "topic": len(catalog.topics),
        "note": len(catalog.notes),
        "question": len(catalog.questions),
        "snippet": len(catalog.snippets),
        "draft": len(catalog.drafts),
    }
    return ", ".join(counted(n, name) for name, n in counts.items())
