"""`catalog progress undo` and `forget`: what was recorded, taken back or stripped."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from tools.cli.console import complain, counted, say
from tools.cli.opened import could_not_run, pass_folder, usable_catalog
from tools.cli.progress.opened import Own, file_option, open_own
from tools.cli.progress.subjects import named_subject, today
from tools.cli.progress.wording import told, told_key
from tools.model.catalog import Catalog
from tools.model.problem import found
from tools.model.progress import ProgressEvent, SubjectState, event_faults, live, state, undoable
from tools.model.text import visible
from tools.storage.progress import read_progress


@click.command()
@click.argument("key", nargs=-1, metavar="[DEVICE N]")
@file_option
@pass_folder
def undo(folder: Path, key: tuple[str, ...], file: Path | None) -> None:
    """Take back the last thing recorded here, or the event N of a DEVICE.

    Again, it goes one step further back. An undo is taken back by its own DEVICE and N, which it
    tells; `show SUBJECT` lists those of all events.
    """
    own = open_own(folder, file)
    target = _named(own, key) if key else undoable(own.progress.events, own.device.device)
    if target is None:
        could_not_run(f"{own.path}: found nothing recorded here that still counts")
    event = own.record(undo=list(target.key))
    about = f"{visible(target.subject)}: " if target.subject else ""
    say(f"undone: {about}{told(target.fields)}")
    complain(f"`catalog progress undo {event.device} {event.n}` takes that back")


def _named(own: Own, key: tuple[str, ...]) -> ProgressEvent:
    named = [event for event in live(own.progress.events) if (event.device, str(event.n)) == key]
    if not named:
        could_not_run(found(" ".join(key), "the device and number of an event that still counts"))
    return named[-1]


@click.command()
@click.argument("subject")
@file_option
@pass_folder
def forget(folder: Path, subject: str, file: Path | None) -> None:
    """Strip all notes on SUBJECT, old and new, here and wherever this file is merged.

    That cannot be taken back. Status, rating and minutes stay.
    """
    catalog = usable_catalog(folder)
    own = open_own(folder, file)
    name = named_subject(subject, catalog, own.progress.events)
    noted = [*_noted(own, catalog, name)]
    for said in _besides(own, catalog, name, noted):
        own.record(subject=name, **said)
    for event in noted:
        own.record(forget=list(event.key))
        say(f"forgotten: {told_key(event)}")
    if not noted:
        complain(f"{name}: no note to forget")
    if left := sum(name in text for text in read_progress(own.path).progress.foreign):
        complain(f"{own.path}: {counted(left, 'broken event')} on {name} may still hold a note")


def _noted(own: Own, catalog: Catalog, subject: str) -> Iterator[ProgressEvent]:
    """The events that hold a note on a subject, undone ones too, and the keys of malformed ones."""
    for event in own.progress.events:
        if event.fields.get("note") and today(catalog, event) == subject:
            yield event
    for text in own.progress.foreign:
        key = _key_of_note(text, subject)
        if key and not any(event_faults(key)):
            yield ProgressEvent(key)


def _key_of_note(text: str, subject: str) -> dict[str, Any]:
    """The key in the text of a malformed event that may hold a note on the subject."""
    try:
        data = json.loads(text) if subject in text else None
    except (ValueError, RecursionError):
        return {}
    if not isinstance(data, dict) or not data.get("note"):
        return {}
    return {name: data.get(name) for name in ("device", "n")}


def _besides(
    own: Own, catalog: Catalog, subject: str, noted: list[ProgressEvent]
) -> Iterator[dict[str, Any]]:
    """What those events say besides their notes and what still counts, to be said again."""
    current = state(own.progress.events, catalog.renamed).get(subject, SubjectState())
    for event in (event for event in live(own.progress.events) if event in noted):
        names = [name for name in ("status", "rating") if current.set_by.get(name) == event.key]
        names += ["spent"] if event.fields.get("spent") else []
        if names:
            yield {name: event.fields[name] for name in ("at", *names) if name in event.fields}
