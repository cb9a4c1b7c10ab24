"""References: every id that one thing gives of another leads somewhere, and is given once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from tools.model.catalog import Catalog
from tools.model.problem import Fault, Where, found, listed
from tools.model.resource import Resource
from tools.model.text import repeated

_MOST_LISTED = 20
_Told = Iterator[tuple[Where, str]]
# The ids that a reference may give, by kind; None where their file is broken.
_Known = Mapping[str, frozenset[str] | None]


@dataclass(frozen=True, slots=True)
class Unread:
    """What exists but could not be read, so that a reference to it is no fault of its own.

    `resources` and `notes` are ids; `lists` are the names of files and folders.
    """

    resources: frozenset[str] = frozenset()
    notes: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()


NOTHING_UNREAD = Unread()


def reference_faults(catalog: Catalog, unread: Unread) -> Iterator[Fault]:
    """References to nothing, to the thing itself, or given twice."""
    known = _known(catalog, unread)
    for resource in catalog.resources.values():
        for where, message in _of_resource(resource, known):
            yield Fault(resource.file, where, message)
    for note in catalog.notes.values():
        for n, line in enumerate(note.addresses):
            at: Where = ("addresses", n)
            if line.line < 1:
                message = found(line.line, "a line number of 1 or more")
                yield Fault(note.file, (*at, "line"), message)
            if line.resource not in catalog.drafts:
                for where, message in _one("resource", line.resource, known, (*at, "resource")):
                    yield Fault(note.file, where, message)
    for file, told in (
        ("topics.yml", _of_topics(catalog, known)),
        ("questions.yml", _of_questions(catalog, known)),
        ("snippets.yml", _of_snippets(catalog, known)),
    ):
        yield from (Fault(file, where, message) for where, message in told)


def _known(catalog: Catalog, unread: Unread) -> _Known:
    def ids(file: str, values: Iterable[str]) -> frozenset[str] | None:
        return None if file in unread.lists else frozenset(values)

    site = catalog.site
    return {
        "topic": ids("topics", catalog.topics_by_id),
        "resource": ids("resources", {*catalog.resources, *unread.resources}),
        "note": ids("notes", {*catalog.notes, *unread.notes}),
        "question": ids("questions", (question.id for question in catalog.questions)),
        "snippet": ids("snippets", (snippet.id for snippet in catalog.snippets)),
        "era": ids("site", (era.id for era in site.eras)),
        "framework": ids("site", site.frameworks),
    }


def _one(kind: str, id: str, known: _Known, where: Where) -> _Told:
    ids = known[kind]
    if ids is None or id in ids:
        return
    if 0 < len(ids) <= _MOST_LISTED:
        yield where, found(id, f"a known {kind}: {listed(sorted(ids))}")
        return
    close = get_close_matches(id, ids, n=1)
    yield where, found(id, f"the id of a {kind}{f', such as {close[0]}' if close else ''}")


def _each(kind: str, ids: tuple[str, ...], known: _Known, where: Where) -> _Told:
    for n, id in enumerate(ids):
        yield from _one(kind, id, known, (*where, n))
    for n, id in repeated(ids):
        yield (*where, n), f"found {id!r} twice, expected it once"


def _of_resource(resource: Resource, known: _Known) -> _Told:
    yield from _each("topic", resource.topics, known, ("topics",))
    yield from _each("framework", resource.frameworks, known, ("frameworks",))
    yield from _each("question", resource.answers, known, ("answers",))
    for n, relation in enumerate(resource.relations):
        where: Where = ("relations", n, "resource")
        if relation.resource == resource.id:
            yield where, found(resource.id, "another resource")
        yield from _one("resource", relation.resource, known, where)
    for n, mention in enumerate(resource.mentions):
        yield from _one("note", mention.note, known, ("mentions", n, "note"))


def _of_topics(catalog: Catalog, known: _Known) -> _Told:
    for n, topic in enumerate(catalog.topics):
        yield from _one("era", topic.era, known, (n, "era"))
        yield from _each("topic", topic.requires, known, (n, "requires"))
        yield from _each("snippet", topic.snippets, known, (n, "snippets"))
        for m, reading in enumerate(topic.reading):
            yield from _one("resource", reading.resource, known, (n, "reading", m, "resource"))
        for m, id in repeated(reading.resource for reading in topic.reading):
            yield (n, "reading", m, "resource"), f"found {id!r} twice, expected it once"


def _of_questions(catalog: Catalog, known: _Known) -> _Told:
    for n, question in enumerate(catalog.questions):
        yield from _one("topic", question.topic, known, (n, "topic"))
        yield from _each("resource", question.resources, known, (n, "resources"))
        if question.snippet:
            yield from _one("snippet", question.snippet, known, (n, "snippet"))
        if question.note:
            yield from _one("note", question.note, known, (n, "note"))
            if question.line is None or question.line < 1:
                yield (n, "line"), found(question.line, "the line of the note that asks it")


def _of_snippets(catalog: Catalog, known: _Known) -> _Told:
    for n, snippet in enumerate(catalog.snippets):
        yield from _each("topic", snippet.topics, known, (n, "topics"))
        yield from _each("resource", snippet.papers, known, (n, "papers"))
