"""Progress as people look at it: every subject with its name, by status and topic."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tools.model.catalog import Catalog
from tools.model.progress import ProgressEvent, Status, SubjectState, state
from tools.model.resource import Resource
from tools.model.snippet import Snippet
from tools.model.topic import Topic
from tools.model.words import SiteLanguage

# What is under way first.
STATUS_ORDER: tuple[Status | None, ...] = (
    "reading", "review", "planned", "done", "skimmed", "dropped", None,
)  # fmt: skip

Thing = Resource | Topic | Snippet


@dataclass(frozen=True, slots=True)
class Logged:
    """How far somebody is with one subject.

    `thing` is what the catalog has of it: nothing for an id that left. `topic` is its first one.
    """

    subject: str
    state: SubjectState
    thing: Thing | None = None
    topic: Topic | None = None

    def title(self, language: SiteLanguage) -> str:
        """Its name for readers of a language; without one, the subject itself."""
        if self.thing is None:
            return self.subject
        if isinstance(self.thing, Resource):
            return self.thing.title_for(language)
        return self.thing.title.to(language)

    @property
    def day(self) -> str:
        """The day on which it got its status, as far as somebody noted it."""
        return (self.state.since or "")[:10]


def reading_log(catalog: Catalog, events: Iterable[ProgressEvent]) -> tuple[Logged, ...]:
    """All that has a state, by status, by topic in teaching order, then by day and subject."""
    known = subjects(catalog)
    places = {topic.id: n for n, topic in enumerate(catalog.topics)}
    states = state(events, catalog.renamed)
    logged = [
        Logged(subject, state, thing := known.get(subject), _topic(catalog, thing))
        for subject, state in states.items()
    ]
    return tuple(sorted(logged, key=lambda one: _order(one, places)))


def subjects(catalog: Catalog) -> dict[str, Thing]:
    """Everything that progress can be about, in the order people meet it."""
    things: dict[str, Thing] = {f"topic/{topic.id}": topic for topic in catalog.topics}
    things |= {f"resource/{id}": resource for id, resource in catalog.resources.items()}
    return things | {f"snippet/{snippet.id}": snippet for snippet in catalog.snippets}


def _topic(catalog: Catalog, thing: Thing | None) -> Topic | None:
    if thing is None or isinstance(thing, Topic):
        return thing
    known = (catalog.topics_by_id.get(id) for id in thing.topics)
    return next((topic for topic in known if topic), None)


def _order(one: Logged, places: Mapping[str, int]) -> tuple[int, bool, int, str, str]:
    place = places[one.topic.id] if one.topic else len(places)
    return (STATUS_ORDER.index(one.state.status), one.thing is None, place, one.day, one.subject)
