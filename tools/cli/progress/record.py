"""`catalog progress start`, `done`, `set`, `rate` and `note`: one event each."""

import sys
from pathlib import Path
from typing import Any

import click

from tools.cli.console import say
from tools.cli.opened import pass_folder, usable_catalog
from tools.cli.progress.opened import file_option, open_own
from tools.cli.progress.subjects import named_subject
from tools.cli.progress.wording import told
from tools.model.progress import STATUSES

NONE = "none"

_subject = click.argument("subject")
_spent = click.option(
    "--spent", type=int, metavar="MINUTES", help="The time it took; it is added up."
)


@click.command()
@_subject
@_spent
@file_option
@pass_folder
def start(folder: Path, subject: str, spent: int | None, file: Path | None) -> None:
    """Note that you are reading SUBJECT."""
    _record(folder, file, subject, {"status": "reading"}, spent)


@click.command()
@_subject
@_spent
@file_option
@pass_folder
def done(folder: Path, subject: str, spent: int | None, file: Path | None) -> None:
    """Note that you are done with SUBJECT."""
    _record(folder, file, subject, {"status": "done"}, spent)


@click.command("set")
@_subject
@click.argument("status", type=click.Choice([*STATUSES, NONE]))
@_spent
@file_option
@pass_folder
def set_status(
    folder: Path, subject: str, status: str, spent: int | None, file: Path | None
) -> None:
    """Give SUBJECT any status; none takes it back."""
    _record(folder, file, subject, {"status": None if status == NONE else status}, spent)


@click.command()
@_subject
@click.argument("rating", type=click.Choice([*"12345", NONE]))
@file_option
@pass_folder
def rate(folder: Path, subject: str, rating: str, file: Path | None) -> None:
    """Rate SUBJECT from 1 to 5; none takes the rating back."""
    _record(folder, file, subject, {"rating": None if rating == NONE else int(rating)})


@click.command()
@_subject
@click.argument("text", nargs=-1, required=True)
@file_option
@pass_folder
def note(folder: Path, subject: str, text: tuple[str, ...], file: Path | None) -> None:
    """Keep a note on SUBJECT in the place of the last one; - reads standard input.

    An empty TEXT takes the note back. Older notes stay in the file until `forget` strips them.
    """
    words = _standard_input() if text == ("-",) else " ".join(text)
    _record(folder, file, subject, {"note": words.strip() or None})


def _standard_input() -> str:
    """All of it, each line end as LF; what is no UTF-8 becomes U+FFFD."""
    given = sys.stdin.buffer.read().decode("utf-8-sig", errors="replace")
    return given.replace("\r\n", "\n")


def _record(
    folder: Path, file: Path | None, subject: str, said: dict[str, Any], spent: int | None = None
) -> None:
    catalog = usable_catalog(folder)
    own = open_own(folder, file)
    name = named_subject(subject, catalog, own.progress.events)
    said |= {} if spent is None else {"spent": spent}
    event = own.record(subject=name, **said)
    say(f"{name}: {told(event.fields)}")
