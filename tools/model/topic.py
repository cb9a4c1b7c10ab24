"""A topic: one idea in teaching order, with what to read about it."""

from dataclasses import dataclass

from tools.model.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One resource of a reading list, and why it stands there.

    `minutes` is the time for the part that is meant; absent, the whole resource is.
    """

    resource: str
    why: Words
    minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One page of the road: `requires` are the topics to know first."""

    id: str
    era: str
    title: Words
    short: Words | None = None
    summary: Words
    requires: tuple[str, ...] = ()
    snippets: tuple[str, ...] = ()
    reading: tuple[Reading, ...] = ()
    former_ids: tuple[str, ...] = ()

    @property
    def label(self) -> Words:
        """The name that fits on the map."""
        return self.short or self.title
