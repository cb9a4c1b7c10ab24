"""`catalog progress show`: how far somebody is, with everything or with one subject."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

import click

from tools.cli.console import complain, say, show_problems
from tools.cli.opened import FOUND_PROBLEMS, pass_folder, usable_catalog
from tools.cli.progress.opened import file_option, progress_file
from tools.cli.progress.subjects import named_subject, today
from tools.cli.progress.wording import told, told_key, told_total, told_value
from tools.model.catalog import Catalog
from tools.model.progress import Key, ProgressEvent, SubjectState, live, state
from tools.model.reading_log import Logged, reading_log, subjects
from tools.model.text import visible
from tools.storage.progress import read_progress


@click.command()
@click.argument("subject", required=False)
@file_option
@pass_folder
def show(folder: Path, subject: str | None, file: Path | None) -> None:
    """Show what you have read by status and topic, or one SUBJECT with its events."""
    catalog = usable_catalog(folder)
    path = progress_file(folder, file)
    read = read_progress(path)
    events = read.progress.events
    for line in _of_one(catalog, events, subject) if subject else _of_all(catalog, events):
        say(line)
    if not events:
        complain(f"{path}: nothing recorded yet; `catalog progress start ID` begins")
    show_problems(read.problems)
    if read.problems:
        sys.exit(FOUND_PROBLEMS)


def _of_all(catalog: Catalog, events: Iterable[ProgressEvent]) -> Iterator[str]:
    log = reading_log(catalog, events)
    for status, of_status in groupby(log, key=lambda one: one.state.status):
        here = [*of_status]
        yield f"{status or 'no status'}: {_total(here)}"
        for topic, of_topic in groupby(here, key=_topic_name):
            there = [*of_topic]
            yield f"  {topic}: {_total(there)}"
            for one in there:
                yield f"    {_named(one)}"
                yield from (f"      {fact}" for fact in _facts(one.state, one.day))
    if log:
        yield f"all: {_total(log)}"


def _total(log: Sequence[Logged]) -> str:
    return told_total(len(log), (one.state.spent for one in log))


def _topic_name(one: Logged) -> str:
    if one.thing is None:
        return "not in the catalog"
    return one.topic.title.en if one.topic else "without a topic"


def _named(one: Logged) -> str:
    name = visible(one.subject)
    return name if one.thing is None else f"{name}  {one.title('en')}"


def _facts(state: SubjectState, day: str) -> Iterator[str]:
    facts = [f"since {day}"] if day else []
    facts += [told({"spent": state.spent})] if state.spent else []
    facts += [told_value("rating", state.rating)] if state.rating else []
    if facts:
        yield ", ".join(facts)
    if state.note:
        yield told_value("note", state.note)


def _of_one(catalog: Catalog, events: Sequence[ProgressEvent], text: str) -> Iterator[str]:
    subject = named_subject(text, catalog, events)
    one = Logged(
        subject,
        state(events, catalog.renamed).get(subject, SubjectState()),
        subjects(catalog).get(subject),
    )
    yield _named(one) if one.thing else f"{_named(one)}  not in the catalog"
    yield f"  {one.state.status or 'no status'}"
    yield from (f"  {fact}" for fact in _facts(one.state, one.day))
    counting = set(live(events))
    for event in _about(catalog, events, subject):
        mark = "" if event in counting else " (no longer counts)"
        yield f"    {told_key(event)}: {told(event.fields)}{mark}"


def _about(
    catalog: Catalog, events: Iterable[ProgressEvent], subject: str
) -> Iterator[ProgressEvent]:
    """The events on a subject, and what takes those back."""
    keys: set[Key | None] = set()
    for event in events:
        if today(catalog, event) == subject or event.target("undo") in keys:
            keys.add(event.key)
            yield event
