"""What a resource's row shows, as values for the templates; the markup is in resource.html."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from tools.model.catalog import Catalog
from tools.model.link import LinkHealth
from tools.model.resource import LEVELS, Mention, Relation, Resource, base_language
from tools.model.words import SiteLanguage

Cite = Callable[[Resource], str]

_MOST_NAMED = 2


@dataclass(frozen=True, slots=True)
class Said:
    """A text and the `lang` it needs on a page of another language; empty where it needs none."""

    text: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class NoteMarks:
    """All that one note's marks say of a resource, never mixed with another note's."""

    note: str
    stars: int
    picked: bool
    ticked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One resource as readers of one language see it before they open it."""

    resource: Resource
    title: Said
    other_title: str
    authors: Said
    level: int
    language_mark: Said
    marks: tuple[NoteMarks, ...]
    health: LinkHealth | None = None

    @property
    def id(self) -> str:
        """The resource's id, which is the row's address."""
        return self.resource.id

    @property
    def unreadable(self) -> bool:
        """Whether the last check found that the link shows readers something else, or nothing."""
        health = self.health
        # Where only the part is missing, the page can still be read.
        return health is not None and health.outcome == "fix" and health.verdict != "fragment"

    @property
    def archived(self) -> str:
        """The archived copy to read instead, where the link itself is of no use any more."""
        return self.resource.archive if self.unreadable else ""


@dataclass(frozen=True)
class Shelf:
    """The rows of one catalog for readers of one language.

    `root` leads from the page to the language's root; `cite` writes a resource's citation, and
    without it the records have none.
    """

    catalog: Catalog
    language: SiteLanguage
    root: str
    cite: Cite | None = None

    def row(self, resource: Resource) -> Row:
        """What the row of this resource shows."""
        display = resource.title_for(self.language)
        return Row(
            resource=resource,
            title=self.said(resource.title, resource.language),
            other_title="" if display == resource.title else display,
            authors=self._authors(resource),
            level=LEVELS.index(resource.level) + 1,
            language_mark=_language_mark(resource.language),
            marks=self._marks_by_note(resource),
            health=self.catalog.health(resource),
        )

    def said(self, text: str, language: str) -> Said:
        """A text of that language; it says its `lang` where the page's own is another."""
        own = base_language(language) == self.language
        return Said(text, "" if own else lang_tag(language))

    def marks(self, note: str, *mentions: Mention) -> NoteMarks:
        """What the marks of one note say in these mentions together."""
        known = self.catalog.notes.get(note)
        return NoteMarks(
            note=known.label.to(self.language) if known else note,
            stars=max(mention.rating or 0 for mention in mentions),
            picked=any(mention.highlight for mention in mentions),
            ticked=any(mention.read for mention in mentions),
        )

    @cached_property
    def pointing_at(self) -> dict[str, list[tuple[str, Relation]]]:
        """For every resource that others name in a relation: who names it, and how."""
        pointing: dict[str, list[tuple[str, Relation]]] = {}
        for source in self.catalog.resources.values():
            for relation in source.relations:
                pointing.setdefault(relation.resource, []).append((source.id, relation))
        return pointing

    def _authors(self, resource: Resource) -> Said:
        """Up to two names, the first of more; the host where the catalog knows no name."""
        names = resource.authors
        if not names:
            return Said(host_of(resource.url))
        if len(names) > _MOST_NAMED:
            return self.said(names[0], resource.language)
        glue = "、" if base_language(resource.language) == "zh" else " & "
        return self.said(glue.join(names), resource.language)

    def _marks_by_note(self, resource: Resource) -> tuple[NoteMarks, ...]:
        by_note: dict[str, list[Mention]] = {}
        for mention in resource.mentions:
            by_note.setdefault(mention.note, []).append(mention)
        return tuple(self.marks(note, *mentions) for note, mentions in by_note.items())


def host_of(url: str) -> str:
    """The host of an address as people say it, without `www.`."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


def lang_tag(language: str) -> str:
    """A language as `lang` wants it: plain `zh` is simplified Chinese here."""
    return "zh-Hans" if language == "zh" else language


def _language_mark(language: str) -> Said:
    base = base_language(language)
    return Said("中文", "zh-Hans") if base == "zh" else Said(base.upper())
