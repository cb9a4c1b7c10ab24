"""What searching, filtering and sorting know of a resource, and the order we would read all in."""

import unicodedata
from dataclasses import dataclass

from tools.model.catalog import Catalog
from tools.model.link import OUTCOMES
from tools.model.resource import Resource, base_language

# How the last check left the address of a resource, or that none has looked at it yet.
LINK_STATES = (*OUTCOMES, "unchecked")


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
    link: str = "unchecked"
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
            "link": (self.link,),
        }


def fold(text: str) -> str:
    """Text as searching compares it: one width, lower case, no accents."""
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).lower())
    bare = "".join(c for c in plain if unicodedata.category(c) != "Mn")
    return unicodedata.normalize("NFC", bare)


def facts_of(catalog: Catalog) -> tuple[Facts, ...]:
    """The facts of every resource, in the order we would read them."""
    order = enumerate(reading_order(catalog))
    return tuple(_facts(resource, _link(catalog, resource), n) for n, resource in order)


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


def _link(catalog: Catalog, resource: Resource) -> str:
    health = catalog.health(resource)
    return health.outcome if health else "unchecked"


def _facts(resource: Resource, link: str, order: int) -> Facts:
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
        link=link,
        minutes=resource.minutes,
        stars=resource.stars,
        marked=resource.highlighted,
        published=resource.published,
        added=resource.added,
        order=order,
    )
