"""The whole catalog by id, in the order people meet it."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property

from tools.model.address import AddressRules, address_key
from tools.model.link import LinkHealth, LinkMemory
from tools.model.note import Note
from tools.model.progress import ProgressEvent
from tools.model.question import Question
from tools.model.resource import Resource
from tools.model.site import Site
from tools.model.snippet import Snippet
from tools.model.topic import Topic


@dataclass(frozen=True)
class Catalog:
    """Everything the folder says; what `rules.catalog_faults` finds in it is still to be mended."""

    site: Site
    topics: tuple[Topic, ...] = ()
    resources: Mapping[str, Resource] = field(default_factory=dict)
    notes: Mapping[str, Note] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    snippets: tuple[Snippet, ...] = ()
    progress: tuple[ProgressEvent, ...] = ()
    drafts: tuple[str, ...] = ()
    links: LinkMemory = field(default_factory=lambda: LinkMemory({}))

    @cached_property
    def topics_by_id(self) -> dict[str, Topic]:
        """The topics by id, in teaching order."""
        return {topic.id: topic for topic in self.topics}

    def topic(self, id: str) -> Topic:
        """The topic of that id; raises KeyError for an unknown one."""
        return self.topics_by_id[id]

    def minutes_to_read(self, topic: Topic) -> int:
        """The minutes of a reading list: those of the parts it means, as far as they are known."""
        known = ((self.resources.get(reading.resource), reading) for reading in topic.reading)
        return sum(reading.minutes or (at.minutes if at else 0) or 0 for at, reading in known)

    @cached_property
    def address_rules(self) -> AddressRules:
        """When two addresses are one place, for this catalog."""
        return AddressRules.of(self.site.twin_hosts, self.site.tracking)

    @cached_property
    def renamed(self) -> dict[str, str]:
        """The subject of today for every retired one: `resource/old` to `resource/new`."""
        kinds: dict[str, Iterable[Resource | Topic | Snippet]] = {
            "resource": self.resources.values(),
            "topic": self.topics,
            "snippet": self.snippets,
        }
        return {
            f"{kind}/{former}": f"{kind}/{thing.id}"
            for kind, things in kinds.items()
            for thing in things
            for former in thing.former_ids
        }

    def health(self, resource: Resource) -> LinkHealth | None:
        """What the last check said of a resource's address; None where it was never checked."""
        return self._health.get(resource.id)

    @cached_property
    def _health(self) -> dict[str, LinkHealth | None]:
        """Kept, because every page asks for it and the key of an address takes long to make."""
        found: dict[str, LinkHealth | None] = {}
        if not self.links.health:
            return found
        for id, resource in self.resources.items():
            with suppress(ValueError):  # No address at all, which is a problem of its own.
                found[id] = self.links.health.get(address_key(resource.url, self.address_rules))
        return found

    @cached_property
    def resources_by_topic(self) -> dict[str, tuple[Resource, ...]]:
        """Every topic's resources: its reading list in order, then the others by title."""
        of_topic: dict[str, list[Resource]] = {topic.id: [] for topic in self.topics}
        for resource in sorted(self.resources.values(), key=lambda r: (r.title.casefold(), r.id)):
            for id in resource.topics:
                of_topic.get(id, []).append(resource)
        return {id: self._in_reading_order(id, found) for id, found in of_topic.items()}

    def _in_reading_order(self, topic: str, found: list[Resource]) -> tuple[Resource, ...]:
        listed = [reading.resource for reading in self.topic(topic).reading]
        chosen = [self.resources[id] for id in listed if id in self.resources]
        return (*chosen, *(resource for resource in found if resource.id not in listed))
