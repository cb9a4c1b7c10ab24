"""A small catalog of another subject for the tests of rows, the catalog page and reading lists."""

from collections.abc import Sequence
from typing import Any

from tools.model.catalog import Catalog
from tools.model.note import Mark, Note
from tools.model.question import Question
from tools.model.resource import Resource
from tools.model.site import Site
from tools.model.topic import Reading, Topic
from tools.model.words import Words


def words(text: str) -> Words:
    return Words(en=f"{text} in English", zh=f"{text}的中文")


def topic(id: str, *reading: str) -> Topic:
    listed = tuple(Reading(resource=one, why=words(f"why {one}")) for one in reading)
    return Topic(id=id, era="all", title=words(id), summary=words(id), reading=listed)


def resource(id: str, **changed: Any) -> Resource:
    valid: dict[str, Any] = {
        "id": id,
        "title": f"Title of {id}",
        "url": f"https://example.org/{id}",
        "kind": "article",
        "language": "en",
        "topics": ("bread",),
        "level": "beginner",
        "summary": words(f"summary {id}"),
        "added": "2026-01-01",
    }
    return Resource(**valid | changed)


TABLE = Note(
    id="table",
    title=Words(en="The long table", zh="长表"),
    short=Words(en="Table", zh="表"),
    language="zh",
    marks={"*": Mark(means=words("stars")), "✅": Mark(means=words("ticks"))},
)
LIST = Note(
    id="list",
    title=Words(en="The short list", zh="短单"),
    language="en",
    marks={"👉": Mark(means=words("hand"))},
)


def catalog(
    *resources: Resource, topics: Sequence[Topic] = (), questions: Sequence[Question] = ()
) -> Catalog:
    name = Words(en="Baking", zh="烘焙")
    return Catalog(
        site=Site(id="baking", name=name, tagline=name, eras=(), frameworks=("oven",)),
        topics=tuple(topics) or (topic("bread"), topic("cake")),
        resources={one.id: one for one in resources},
        notes={note.id: note for note in (TABLE, LIST)},
        questions=tuple(questions),
    )
