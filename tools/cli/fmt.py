"""`catalog fmt`: resource files with their keys in the order of the format."""

import sys
from pathlib import Path

import click

from tools.cli.console import complain, counted, say
from tools.cli.opened import FOUND_PROBLEMS, could_not_run, pass_folder
from tools.storage.files import UnreadableFile, read_text, write_whole
from tools.storage.tidy import tidy
from tools.storage.yaml import YamlError


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--check", is_flag=True, help="Only say which files are out of order.")
@pass_folder
def fmt(folder: Path, files: tuple[Path, ...], check: bool) -> None:
    """Put the keys of resource files in order, drop empty ones, keep every comment.

    Without FILES, all resources of the catalog.
    """
    paths = files or _resource_files(folder)
    if not paths:
        could_not_run(f"{folder}/resources: found no .yml file, expected resources")
    changed, refused = 0, 0
    for path in paths:
        try:
            text = read_text(path, path.parent)
            ordered = tidy(text)
        except (UnreadableFile, YamlError, ValueError) as error:
            refused += 1
            complain(f"{path}: left as it is: {_reason(error)}")
            continue
        if ordered != text:
            changed += 1
            say(f"{'out of order' if check else 'put in order'}: {path}")
            if not check:
                write_whole(path, ordered)
    say(f"{counted(len(paths), 'file')}, {changed} {'to put' if check else 'put'} in order")
    if refused or (check and changed):
        sys.exit(FOUND_PROBLEMS)


def _resource_files(folder: Path) -> list[Path]:
    found = sorted((folder / "resources").glob("*.yml"))
    return [path for path in found if not path.name.startswith(".")]


def _reason(error: Exception) -> str:
    if isinstance(error, YamlError):
        return "; ".join(f"line {line}: {message}" for line, message in error.faults)
    return str(error)
