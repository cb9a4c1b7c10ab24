"""A resource: one article, paper, video, course, book or repository, as the catalog knows it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from tools.model.problem import Where, found
from tools.model.text import LANGUAGE_TAG, is_date, is_id, is_web_address
from tools.model.words import SiteLanguage, Words

Kind = Literal[
    "article", "tutorial", "paper", "video", "course",
    "book", "documentation", "code", "notebook", "interactive",
]  # fmt: skip
Level = Literal["beginner", "intermediate", "advanced"]
Access = Literal["free", "login", "paywall"]
Rating = Literal[1, 2, 3, 4, 5]
RelationKind = Literal["code-for", "translation-of", "next-in-series", "supersedes"]

KINDS: tuple[Kind, ...] = get_args(Kind)
LEVELS: tuple[Level, ...] = get_args(Level)
LONGEST_ID = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """What one source note says of a resource; an absent mark means the note has no such mark."""

    note: str
    section: str = ""
    label: str = ""
    category: str = ""
    rating: Rating | None = None
    highlight: bool = False
    read: bool = False
    says: Words | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """How a resource stands to another one."""

    kind: RelationKind
    resource: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One thing to read, watch or run; `id` is the name of its file and never changes."""

    id: str
    title: str
    titles: Mapping[str, str] = field(default_factory=dict)
    url: str
    aliases: tuple[str, ...] = ()
    archive: str = ""
    kind: Kind
    language: str
    authors: tuple[str, ...] = ()
    published: str = ""
    topics: tuple[str, ...]
    level: Level
    minutes: int | None = None
    frameworks: tuple[str, ...] = ()
    access: Access | None = None
    reach: tuple[str, ...] = ()
    summary: Words
    caveats: tuple[Words, ...] = ()
    relations: tuple[Relation, ...] = ()
    answers: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = ()
    former_ids: tuple[str, ...] = ()
    added: str

    @property
    def file(self) -> str:
        """The resource's file, relative to the catalog folder."""
        return f"resources/{self.id}.yml"

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address of this resource, the canonical one first."""
        return (self.url, *self.aliases)

    @property
    def stars(self) -> int | None:
        """The highest stars any note gave, for sorting; shown by note, never averaged."""
        return max((m.rating for m in self.mentions if m.rating), default=None)

    @property
    def highlighted(self) -> bool:
        """Whether any note points at it (👉 or bold)."""
        return any(mention.highlight for mention in self.mentions)

    def title_for(self, language: SiteLanguage) -> str:
        """The title as published when readers of `language` read it, else its display title."""
        if base_language(self.language) == language:
            return self.title
        return self.titles.get(language, self.title)

    def title_languages(self) -> dict[str, str]:
        """Every title with its language, the published one first."""
        return {self.language: self.title} | dict(self.titles)


def base_language(tag: str) -> str:
    """`zh` for `zh-Hans`: the first part of a BCP 47 tag, in lower case."""
    return re.split(r"[-_]", tag, maxsplit=1)[0].lower()


def resource_faults(resource: Resource) -> Iterator[tuple[Where, str]]:
    """The rules that concern one resource alone, each broken one with its place."""
    yield from _id_faults(resource.id)
    yield from _address_faults(resource)
    yield from _value_faults(resource)
    for n, mention in enumerate(resource.mentions):
        if mention.line is not None and mention.line < 1:
            yield ("mentions", n, "line"), found(mention.line, "a line number of 1 or more")


def _id_faults(id: str) -> Iterator[tuple[Where, str]]:
    if not is_id(id) or len(id) > LONGEST_ID:
        yield (), f"file name: {found(id, 'a-z, 0-9 and -, at most 60 characters')}"


def _address_faults(resource: Resource) -> Iterator[tuple[Where, str]]:
    places: list[tuple[Where, str]] = [(("url",), resource.url)]
    places += [(("aliases", n), alias) for n, alias in enumerate(resource.aliases)]
    places += [(("archive",), resource.archive)] if resource.archive else []
    for where, address in places:
        if not is_web_address(address):
            yield where, found(address, "an http or https address")


def _value_faults(resource: Resource) -> Iterator[tuple[Where, str]]:
    if not resource.title.strip():
        yield ("title",), found(resource.title, "a title")
    if not LANGUAGE_TAG.fullmatch(resource.language):
        yield ("language",), found(resource.language, "a language tag such as en or zh-Hans")
    for tag, title in resource.titles.items():
        if not LANGUAGE_TAG.fullmatch(tag):
            yield ("titles", tag), found(tag, "a language tag such as en or zh-Hans")
        if not title.strip():
            yield ("titles", tag), found(title, "a title")
    if resource.published and not is_date(resource.published):
        yield ("published",), found(resource.published, "a year, a month or a day: 2018-06-27")
    if not is_date(resource.added, whole=True):
        yield ("added",), found(resource.added, "a day: 2026-11-20")
    if not resource.topics:
        yield ("topics",), found([], "at least one topic")
    if resource.minutes is not None and resource.minutes < 1:
        yield ("minutes",), found(resource.minutes, "a positive number of minutes")
