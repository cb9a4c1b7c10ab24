"""Opening the catalog a command was pointed at, and ending with the house's exit codes."""

import sys
from pathlib import Path
from typing import NoReturn

import click

from tools.cli.console import complain, counted, show_problems
from tools.model.catalog import Catalog
from tools.model.problem import Problem
from tools.storage.catalog import LoadedCatalog, load_catalog

CLEAN, FOUND_PROBLEMS, COULD_NOT_RUN = 0, 1, 2

pass_folder = click.pass_obj


def open_catalog(folder: Path) -> LoadedCatalog:
    """The catalog with its problems; ends the command when the folder is none."""
    need_folder(folder)
    return load_catalog(folder)


def need_folder(folder: Path) -> None:
    """End the command when there is no folder to read a catalog from."""
    if not folder.is_dir():
        could_not_run(f"{folder}: found no folder here, expected a catalog (see --catalog)")


def sound_catalog(folder: Path) -> Catalog:
    """A catalog without problems; ends the command with them otherwise."""
    loaded = open_catalog(folder)
    if loaded.problems:
        end_with(loaded.problems)
    return loaded.catalog


def usable_catalog(folder: Path) -> Catalog:
    """What could be read of the catalog; its problems are told, and the command goes on."""
    loaded = open_catalog(folder)
    if loaded.problems:
        complain(f"{counted(len(loaded.problems), 'problem')}; see `catalog validate`")
    return loaded.catalog


def end_with(problems: tuple[Problem, ...]) -> NoReturn:
    """Show the problems and end with the exit code that says so."""
    show_problems(problems)
    complain(counted(len(problems), "problem"))
    sys.exit(FOUND_PROBLEMS)


def could_not_run(reason: str) -> NoReturn:
    """End because the command could not do its work at all."""
    complain(reason)
    sys.exit(COULD_NOT_RUN)
