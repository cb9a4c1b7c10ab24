"""Ids: of the right form, used once, and never used again after they were retired."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from tools.model.catalog import Catalog
from tools.model.problem import Fault, Where, found
from tools.model.resource import Resource
from tools.model.snippet import Snippet
from tools.model.text import is_id, repeated
from tools.model.topic import Topic

_Retiring = tuple[str, Where, Resource | Topic | Snippet]


def id_faults(catalog: Catalog) -> Iterator[Fault]:
    """Ids that are malformed, told twice, or in use although they were retired."""
    site = catalog.site
    if not is_id(site.id):
        yield Fault("site.yml", ("id",), found(site.id, "an id of a-z, 0-9 and -"))
    yield from _listed("site.yml", ("eras",), [era.id for era in site.eras])
    yield from _listed("topics.yml", (), [topic.id for topic in catalog.topics])
    yield from _listed("questions.yml", (), [question.id for question in catalog.questions])
    yield from _snippet_ids([snippet.id for snippet in catalog.snippets])
    for note in catalog.notes.values():
        if not is_id(note.id):
            yield Fault(note.file, (), f"file name: {found(note.id, 'a-z, 0-9 and -')}")
    yield from _retired(_file_of_each(catalog.resources.values()))
    yield from _retired([("topics.yml", (n,), topic) for n, topic in enumerate(catalog.topics)])
    yield from _retired([("snippets.yml", (n,), one) for n, one in enumerate(catalog.snippets)])


def _listed(file: str, list_at: Where, ids: list[str]) -> Iterator[Fault]:
    for n, id in enumerate(ids):
        if not is_id(id):
            yield Fault(file, (*list_at, n, "id"), found(id, "an id of a-z, 0-9 and -"))
    yield from _once(file, list_at, ids)


def _snippet_ids(ids: list[str]) -> Iterator[Fault]:
    """A snippet is named by its file, `group/name`, where Python wants underscores."""
    for n, id in enumerate(ids):
        group, _, name = id.replace("_", "-").partition("/")
        if not (is_id(group) and is_id(name)):
            yield Fault("snippets.yml", (n, "id"), found(id, "group/name of a-z, 0-9 and _"))
    yield from _once("snippets.yml", (), ids)


def _once(file: str, list_at: Where, ids: list[str]) -> Iterator[Fault]:
    for n, id in repeated(ids):
        yield Fault(file, (*list_at, n, "id"), f"found {id!r} twice, expected every id once")


def _file_of_each(resources: Iterable[Resource]) -> list[_Retiring]:
    return [(resource.file, (), resource) for resource in resources]


def _retired(things: Sequence[_Retiring]) -> Iterator[Fault]:
    """An id that was once used stays retired: no second claim on it, and no life after it."""
    taken = {thing.id for _, _, thing in things}
    claims = Counter(id for _, _, thing in things for id in thing.former_ids)
    for file, where, thing in things:
        for n, id in enumerate(thing.former_ids):
            if id in taken or claims[id] > 1:
                message = f"found {id!r}, which is in use, expected a retired id"
                yield Fault(file, (*where, "former_ids", n), message)
