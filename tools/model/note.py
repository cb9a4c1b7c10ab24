"""A source note: what its marks mean, and what became of each of its addresses."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tools.model.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a note's sign (a star, a tick, a pointing hand) means."""

    means: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One address as it stands in the note, and the resource it became."""

    line: int
    url: str
    resource: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One Markdown note the catalog was made from; `id` is the name of its file."""

    id: str
    title: Words
    short: Words | None = None
    language: str
    marks: Mapping[str, Mark] = field(default_factory=dict)
    addresses: tuple[LedgerLine, ...] = ()

    @property
    def label(self) -> Words:
        """The name that fits beside a mark."""
        return self.short or self.title

    @property
    def file(self) -> str:
        """The note's file, relative to the catalog folder."""
        return f"notes/{self.id}.yml"
