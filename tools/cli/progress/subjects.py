"""The subject that a progress command was asked for by name."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import NoReturn

from tools.cli.opened import could_not_run
from tools.model.catalog import Catalog
from tools.model.problem import found, listed
from tools.model.progress import ProgressEvent
from tools.model.reading_log import subjects


def named_subject(text: str, catalog: Catalog, events: Iterable[ProgressEvent] = ()) -> str:
    """The subject of today for a whole one, or for an id that one kind alone has.

    Ids that left the catalog will do where `events` speak of them. Ends the command at any other.
    """
    recorded = {event.subject for event in events if event.subject is not None}
    known = dict.fromkeys([*subjects(catalog), *catalog.renamed, *sorted(recorded)])
    if text in known:
        return catalog.renamed.get(text, text)
    meant = {catalog.renamed.get(one, one): None for one in known if _id(one) == text}
    if not meant:
        _unknown(text, [*known])
    if len(meant) > 1:
        could_not_run(found(text, listed(meant)))
    return next(iter(meant))


def today(catalog: Catalog, event: ProgressEvent) -> str | None:
    """What an event is about, by the id of today."""
    return event.subject and catalog.renamed.get(event.subject, event.subject)


def _unknown(text: str, known: list[str]) -> NoReturn:
    close = _close(text, known)
    hint = f"; did you mean {', '.join(close)}?" if close else ""
    could_not_run(f"{found(text, 'the id of a resource, topic or snippet')}{hint}")


def _close(text: str, known: list[str]) -> list[str]:
    """Those of the kind that was named, or of all, whose ids end so or are spelled much alike."""
    kind, _, id = text.partition("/")
    of_kind = [subject for subject in known if subject.startswith(f"{kind}/")]
    id, among = (id, of_kind) if of_kind else (text, known)
    inner = [subject for subject in among if subject.endswith(f"/{id}")]
    close = get_close_matches(id, dict.fromkeys(map(_id, among)))
    return inner or [subject for near in close for subject in among if _id(subject) == near]


def _id(subject: str) -> str:
    return subject.partition("/")[2]
