"""What to read of one topic: the resources that fit a wish, the best of them, and why."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tools.model.listed import Listed, ListedTopic
from tools.model.path import (
    BEGUN,
    KNOWN,
    SHORT,
    Choice,
    LeftOut,
    Reason,
    ReasonCode,
    Statuses,
    Wish,
)

_SPEAK_FOR_IT: dict[str, ReasonCode] = {
    "reading": "reading",
    "review": "review",
    "planned": "planned",
}


@dataclass(frozen=True, slots=True)
class Chooser:
    """Chooses for a reader with these statuses and this wish.

    `taken` leads from what earlier steps read as a whole or run to their topic.
    """

    statuses: Statuses
    wish: Wish
    taken: dict[str, str] = field(default_factory=dict)

    def best(self, topic: ListedTopic) -> Listed | None:
        """The one resource that the topic asks for, whether it is known or not."""
        fitting = [one for one in topic.reading if not self._misfit(one)]
        return min(fitting, key=self._rank, default=None)

    def begun(self, topic: ListedTopic) -> list[Listed]:
        """What fits and is being read, or is to be read again."""
        return [one for one in topic.reading if self._of(one) in BEGUN and not self._misfit(one)]

    def knows(self, one: Listed) -> bool:
        """Whether the reader is done with a resource."""
        return self._of(one) in KNOWN

    def knows_topic(self, topic: ListedTopic) -> bool:
        """Whether the reader said so."""
        return self.statuses.get(f"topic/{topic.id}") in KNOWN

    def choice(self, topic: ListedTopic, one: Listed, best: Listed | None) -> Choice:
        """A chosen resource with every reason for it."""
        reasons = [*self._by_status(one), *(self._why_best(topic, one) if one is best else ())]
        reasons += [Reason("archived")] if one.link == "archived" else []
        reasons += [Reason("part")] if one.part else []
        if one.minutes and one.minutes <= SHORT:
            reasons.append(Reason("short", (f"minutes/{one.minutes}",)))
        return Choice(f"resource/{one.resource}", one.minutes, tuple(reasons))

    def snippet(self, topic: ListedTopic) -> Choice | None:
        """The first one that was neither run nor stands in an earlier step."""
        for id in topic.snippets:
            subject = f"snippet/{id}"
            if subject not in self.taken and self.statuses.get(subject) not in (*KNOWN, "dropped"):
                return Choice(subject, None, (Reason("run"),))
        return None

    def left_out(self, one: Listed) -> LeftOut:
        """A resource that was not chosen, with what speaks against it first."""
        known = Reason("known") if self.knows(one) else None
        reason = known or self._misfit(one) or Reason("enough")
        return LeftOut(f"resource/{one.resource}", reason)

    def _of(self, one: Listed) -> str | None:
        return self.statuses.get(f"resource/{one.resource}")

    def _misfit(self, one: Listed) -> Reason | None:
        """What keeps a resource out; nothing where it fits."""
        if earlier := self.taken.get(f"resource/{one.resource}"):
            return Reason("earlier", (earlier,))
        if self._of(one) == "dropped":
            return Reason("dropped")
        return self._against_wish(one) or (Reason("gone") if one.link == "gone" else None)

    def _against_wish(self, one: Listed) -> Reason | None:
        wish = self.wish
        if wish.languages and one.language not in wish.languages:
            return Reason("language", (f"language/{one.language}",))
        if wish.kinds and one.kind not in wish.kinds:
            return Reason("kind", (f"kind/{one.kind}",))
        unreached = tuple(f"reach/{place}" for place in wish.reach if place not in one.reach)
        return Reason("reach", unreached) if unreached else None

    def _rank(self, one: Listed) -> int:
        """How far the language is from the one liked best; the list decides among equals."""
        return self.wish.languages.index(one.language) if self.wish.languages else 0

    def _by_status(self, one: Listed) -> Iterator[Reason]:
        if code := _SPEAK_FOR_IT.get(self._of(one) or ""):
            yield Reason(code)

    def _why_best(self, topic: ListedTopic, best: Listed) -> Iterator[Reason]:
        place, rank = topic.reading.index(best), self._rank(best)
        gone = [one for one in topic.reading[:place] if self._misfit(one) == Reason("gone")]
        lost = next((one for one in gone if self._rank(one) <= rank), None)
        if lost:
            yield Reason("replaces", (f"resource/{lost.resource}",))
        elif place == 0:
            yield Reason("first", (f"topic/{topic.id}",))
        else:
            yield self._why_later(topic, best)
        if rank:
            yield Reason("none-in", tuple(f"language/{id}" for id in self.wish.languages[:rank]))

    def _why_later(self, topic: ListedTopic, best: Listed) -> Reason:
        """Why the list's first was passed over."""
        alike = [one for one in topic.reading if one.language == best.language]
        if not self.wish.languages or best is not alike[0]:
            return Reason("first-fitting")
        code: ReasonCode = "only-in" if len(alike) == 1 else "first-in"
        return Reason(code, (f"language/{best.language}",))
