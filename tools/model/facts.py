"""What searching, filtering and sorting know of a resource, and the order we would read all in."""

import unicodedata
from dataclasses import dataclass

from tools.model.catalog import Catalog
from tools.model.resource import Resource, base_language


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What filtering and sorting know of a resource; `text` and `title` are folded."""

    id: str
    text: str = ""
    title: str = ""
    topics: tuple[str, ...] = ()
    kind: str = ""
    language: str = ""
    level: str = ""
    frameworks: tuple[str, ...] = ()
    minutes: int | None = None
    stars: int | None = None
    marked: bool = False
    published: str = ""
    added: str = ""
    order: int = 0

    @property
    def values(self) -> dict[str, tuple[str, ...]]:
        """Its values of every facet, by the facet's name in an address."""
        return {
            "topic": self.topics,
            "kind": (self.kind,),
            "lang": (self.language,),
            "level": (self.level,),
            "with": self.frameworks,
        }


def fold(text: str) -> str:
    """Text as searching compares it: one width, lower case, no accents."""
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).lower())
    bare = "".join(c for c in plain if unicodedata.category(c) != "Mn")
    return unicodedata.normalize("NFC", bare)


def facts_of(catalog: Catalog) -> tuple[Facts, ...]:
    """The facts of every resource, in the order we would read them."""
    return tuple(_facts(resource, n) for n, resource in enumerate(reading_order(catalog)))


def reading_order(catalog: Catalog) -> list[Resource]:
    """Every resource once: topic by topic, its reading list first, then those mainly about it."""
    placed: dict[str, Resource] = {}
    for topic in catalog.topics:
        listed = {reading.resource for reading in topic.reading}
        for resource in catalog.resources_by_topic[topic.id]:
            if resource.id in listed or resource.topics[0] == topic.id:
                placed.setdefault(resource.id, resource)
    rest = sorted(catalog.resources.values(), key=lambda r: (fold(r.title), r.id))
    return list((placed | {r.id: r for r in rest if r.id not in placed}).values())


def _facts(resource: Resource, order: int) -> Facts:
    said = (resource.title, *resource.titles.values(), *resource.authors)
    return Facts(
        id=resource.id,
        text=fold("\n".join((*said, resource.summary.en, resource.summary.zh))),
        title=fold(resource.title),
        topics=resource.topics,
        kind=resource.kind,
        language=base_language(resource.language),
        level=resource.level,
        frameworks=resource.frameworks,
        minutes=resource.minutes,
        stars=resource.stars,
        marked=resource.highlighted,
        published=resource.published,
        added=resource.added,
        order=order,
    )
