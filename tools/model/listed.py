"""The reading lists as planning sees them: by topic, what each resource asks of a reader."""

from dataclasses import dataclass
from typing import Literal

from tools.model.catalog import Catalog
from tools.model.link import Verdict
from tools.model.resource import Resource, base_language
from tools.model.topic import Reading

LinkState = Literal["", "archived", "gone"]

# What does not come back by itself. A server that fails or asks for a login may work tomorrow.
_GONE: tuple[Verdict, ...] = ("dead", "soft-404", "parked", "drifted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One resource of a reading list; `minutes` is for the `part` that is meant, else for all.

    `link` tells that the page is gone, and whether a copy of it is kept.
    """

    resource: str
    language: str
    kind: str
    minutes: int | None = None
    part: bool = False
    reach: tuple[str, ...] = ()
    link: LinkState = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedTopic:
    """A topic with what it requires, its snippets, and its reading list in order."""

    id: str
    requires: tuple[str, ...] = ()
    snippets: tuple[str, ...] = ()
    reading: tuple[Listed, ...] = ()


def listed_topics(catalog: Catalog) -> tuple[ListedTopic, ...]:
    """Every topic of the catalog with its reading list, in teaching order."""
    return tuple(
        ListedTopic(
            id=topic.id,
            requires=topic.requires,
            snippets=topic.snippets,
            reading=tuple(
                _listed(catalog, reading, resource)
                for reading in topic.reading
                if (resource := catalog.resources.get(reading.resource))
            ),
        )
        for topic in catalog.topics
    )


def _listed(catalog: Catalog, reading: Reading, resource: Resource) -> Listed:
    return Listed(
        resource=resource.id,
        language=base_language(resource.language),
        kind=resource.kind,
        minutes=reading.minutes or resource.minutes,
        part=reading.minutes is not None,
        reach=resource.reach,
        link=_link(catalog, resource),
    )


def _link(catalog: Catalog, resource: Resource) -> LinkState:
    health = catalog.health(resource)
    if not health or health.verdict not in _GONE:
        return ""
    return "archived" if resource.archive else "gone"
