"""The rules that concern the whole catalog: ids, references, order, one resource an address."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tools.model.address import address_key
from tools.model.catalog import Catalog
from tools.model.problem import Fault, Where, found, listed
from tools.model.resource import Resource, resource_faults
from tools.model.text import is_id


@dataclass(frozen=True, slots=True)
class Unread:
    """Ids whose files are broken: they exist, so a reference to them is no fault of its own."""

    resources: frozenset[str] = frozenset()
    notes: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()


def catalog_faults(catalog: Catalog, unread: Unread = Unread()) -> Iterator[Fault]:
    """Every broken rule of a catalog whose files could be read."""
    known = _Known.of(catalog, unread)
    for resource in catalog.resources.values():
        for where, message in resource_faults(resource):
            yield Fault(resource.file, where, message)
        for where, message in _resource_references(resource, known):
            yield Fault(resource.file, where, message)
    yield from _shared_addresses(catalog)
    yield from _topic_faults(catalog, known)
    yield from _cycles(catalog)
    yield from _question_faults(catalog, known)
    yield from _note_faults(catalog, known)
    yield from _snippet_faults(catalog, known)
    yield from _former_ids(catalog)


@dataclass(frozen=True, slots=True)
class _Known:
    """The ids a reference may name, by kind; None where their file is broken."""

    topics: frozenset[str] | None
    resources: frozenset[str]
    notes: frozenset[str]
    questions: frozenset[str] | None
    snippets: frozenset[str] | None
    eras: frozenset[str] | None
    frameworks: frozenset[str] | None

    @classmethod
    def of(cls, catalog: Catalog, unread: Unread) -> "_Known":
        def ids(file: str, values: Iterable[str]) -> frozenset[str] | None:
            return None if file in unread.lists else frozenset(values)

        site = catalog.site
        return cls(
            topics=ids("topics", catalog.topics_by_id),
            resources=frozenset(catalog.resources) | unread.resources,
            notes=frozenset(catalog.notes) | unread.notes,
            questions=ids("questions", (question.id for question in catalog.questions)),
            snippets=ids("snippets", (snippet.id for snippet in catalog.snippets)),
            eras=ids("site", (era.id for era in site.eras)),
            frameworks=ids("site", site.frameworks),
        )


def _unknown(
    id: str, kind: str, known: frozenset[str] | None, where: Where
) -> Iterator[tuple[Where, str]]:
    if known is None or id in known:
        return
    few = listed(sorted(known)) if 0 < len(known) <= 20 else f"the id of a {kind}"
    yield where, found(id, f"a known {kind}: {few}" if 0 < len(known) <= 20 else few)


def _resource_references(resource: Resource, known: _Known) -> Iterator[tuple[Where, str]]:
    for n, topic in enumerate(resource.topics):
        yield from _unknown(topic, "topic", known.topics, ("topics", n))
    for n, framework in enumerate(resource.frameworks):
        yield from _unknown(framework, "framework", known.frameworks, ("frameworks", n))
    for n, relation in enumerate(resource.relations):
        if relation.resource == resource.id:
            yield ("relations", n, "resource"), found(resource.id, "another resource")
        yield from _unknown(
            relation.resource, "resource", known.resources, ("relations", n, "resource")
        )
    for n, answer in enumerate(resource.answers):
        yield from _unknown(answer, "question", known.questions, ("answers", n))
    for n, mention in enumerate(resource.mentions):
        yield from _unknown(mention.note, "note", known.notes, ("mentions", n, "note"))


def _shared_addresses(catalog: Catalog) -> Iterator[Fault]:
    owner: dict[str, Resource] = {}
    for resource in catalog.resources.values():
        for n, address in _repeated(resource.addresses):
            message = f"found {address!r} twice, expected every address once"
            yield Fault(resource.file, ("aliases", n - 1), message)
        for n, address in enumerate(resource.addresses):
            first = owner.setdefault(_key(address, catalog) or resource.id, resource)
            if first.id != resource.id:
                where: Where = ("aliases", n - 1) if n else ("url",)
                message = (
                    f"found {address!r}, which is {first.id}, expected one resource an address"
                )
                yield Fault(resource.file, where, message)


def _key(address: str, catalog: Catalog) -> str:
    try:
        return address_key(address, catalog.address_rules)
    except ValueError:
        return ""  # Not an address at all, which `resource_faults` says.


def _repeated(ids: Iterable[str]) -> Iterator[tuple[int, str]]:
    seen: set[str] = set()
    for n, id in enumerate(ids):
        if id in seen:
            yield n, id
        seen.add(id)


def _list_ids(file: str, ids: list[str]) -> Iterator[Fault]:
    for n, id in _repeated(ids):
        yield Fault(file, (n, "id"), f"found {id!r} twice, expected every id once")
    for n, id in enumerate(ids):
        if not all(is_id(part.replace("_", "-")) for part in id.split("/")):
            yield Fault(file, (n, "id"), found(id, "an id of a-z, 0-9 and -"))


def _topic_faults(catalog: Catalog, known: _Known) -> Iterator[Fault]:
    yield from _list_ids("topics.yml", [topic.id for topic in catalog.topics])
    for n, topic in enumerate(catalog.topics):
        faults = [*_unknown(topic.era, "era", known.eras, (n, "era"))]
        for m, required in enumerate(topic.requires):
            faults += _unknown(required, "topic", known.topics, (n, "requires", m))
        for m, snippet in enumerate(topic.snippets):
            faults += _unknown(snippet, "snippet", known.snippets, (n, "snippets", m))
        for m, reading in enumerate(topic.reading):
            faults += _unknown(
                reading.resource, "resource", known.resources, (n, "reading", m, "resource")
            )
        for m, id in _repeated(reading.resource for reading in topic.reading):
            faults.append(((n, "reading", m, "resource"), f"found {id!r} twice, expected it once"))
        yield from (Fault("topics.yml", where, message) for where, message in faults)


def _cycles(catalog: Catalog) -> Iterator[Fault]:
    """A topic that needs itself, through others or at once; said once for each ring."""
    requires = {topic.id: topic.requires for topic in catalog.topics}
    done: set[str] = set()
    for n, topic in enumerate(catalog.topics):
        ring = _ring_from(topic.id, requires, done)
        if ring:
            chain = " → ".join(ring)
            yield Fault(
                "topics.yml", (n, "requires"), f"found the cycle {chain}, expected an order"
            )


def _ring_from(start: str, requires: Mapping[str, tuple[str, ...]], done: set[str]) -> list[str]:
    trail: list[str] = []
    waiting: list[tuple[str, bool]] = [(start, True)]
    while waiting:
        id, entering = waiting.pop()
        if not entering:
            done.add(trail.pop())
        elif id in trail:
            done.update(trail)
            return [*trail[trail.index(id) :], id]
        elif id not in done:
            trail.append(id)
            waiting.append((id, False))
            waiting += [(required, True) for required in requires.get(id, ())]
    return []


def _question_faults(catalog: Catalog, known: _Known) -> Iterator[Fault]:
    yield from _list_ids("questions.yml", [question.id for question in catalog.questions])
    for n, question in enumerate(catalog.questions):
        faults = [*_unknown(question.topic, "topic", known.topics, (n, "topic"))]
        if question.note:
            faults += _unknown(question.note, "note", known.notes, (n, "note"))
        if question.snippet:
            faults += _unknown(question.snippet, "snippet", known.snippets, (n, "snippet"))
        for m, id in enumerate(question.resources):
            faults += _unknown(id, "resource", known.resources, (n, "resources", m))
        yield from (Fault("questions.yml", where, message) for where, message in faults)


def _note_faults(catalog: Catalog, known: _Known) -> Iterator[Fault]:
    for note in catalog.notes.values():
        for n, line in enumerate(note.addresses):
            for where, message in _unknown(
                line.resource, "resource", known.resources, ("addresses", n, "resource")
            ):
                yield Fault(note.file, where, message)


def _snippet_faults(catalog: Catalog, known: _Known) -> Iterator[Fault]:
    yield from _list_ids("snippets.yml", [snippet.id for snippet in catalog.snippets])
    for n, snippet in enumerate(catalog.snippets):
        faults: list[tuple[Where, str]] = []
        for m, id in enumerate(snippet.topics):
            faults += _unknown(id, "topic", known.topics, (n, "topics", m))
        for m, id in enumerate(snippet.papers):
            faults += _unknown(id, "resource", known.resources, (n, "papers", m))
        yield from (Fault("snippets.yml", where, message) for where, message in faults)


def _former_ids(catalog: Catalog) -> Iterator[Fault]:
    """An id that was once used stays retired: no second claim on it, and no life after it."""
    claims = Counter(id for resource in catalog.resources.values() for id in resource.former_ids)
    for resource in catalog.resources.values():
        for n, id in enumerate(resource.former_ids):
            if id in catalog.resources or claims[id] > 1:
                yield Fault(
                    resource.file,
                    ("former_ids", n),
                    f"found {id!r}, which is in use, expected a retired id",
                )
