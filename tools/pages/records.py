"""What opening a row adds to it: the record of a resource, as values for record.html."""

from dataclasses import dataclass

from tools.model.note import Note
from tools.model.question import Question
from tools.model.resource import Mention, Resource
from tools.model.topic import Topic
from tools.pages.clues import Clue, clues_of, suggested
from tools.pages.render import interface_words
from tools.pages.rows import NoteMarks, Said, Shelf, host_of

_STAR_SIGNS = ("*", "★", "⭐")
_READ_SIGNS = ("✅", "✔", "✓", "☑")


@dataclass(frozen=True, slots=True)
class Remark:
    """One mention: its note, its marks, and our words for the remark or the note's own label."""

    note: str
    marks: NoteMarks
    text: Said


@dataclass(frozen=True, slots=True)
class Related:
    """Another resource and how it stands to this one; `word` is a key of words."""

    word: str
    id: str
    title: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One resource, told in full to readers of one language; `conditions` are keys of words."""

    summaries: tuple[Said, ...]
    remarks: tuple[Remark, ...]
    legend: tuple[tuple[str, str], ...]
    caveats: tuple[str, ...]
    related: tuple[Related, ...]
    topics: tuple[Topic, ...]
    questions: tuple[Question, ...]
    conditions: tuple[str, ...]
    other_addresses: tuple[tuple[str, str], ...]
    citation: str
    clues: tuple[Clue, ...] = ()
    suggested: str = ""


def record_of(shelf: Shelf, resource: Resource) -> Record:
    """The record that opens below the row of this resource."""
    catalog = shelf.catalog
    health = catalog.health(resource)
    return Record(
        summaries=_summaries(shelf, resource),
        remarks=tuple(_remark(shelf, mention) for mention in resource.mentions),
        legend=_legend(shelf, resource),
        caveats=tuple(caveat.to(shelf.language) for caveat in resource.caveats),
        related=_related(shelf, resource),
        topics=tuple(catalog.topic(id) for id in resource.topics if id in catalog.topics_by_id),
        questions=tuple(q for q in catalog.questions if q.id in resource.answers),
        conditions=_conditions(resource),
        other_addresses=tuple((host_of(alias), alias) for alias in resource.aliases),
        citation=shelf.cite(resource) if shelf.cite else "",
        clues=clues_of(health, shelf.language) if health else (),
        suggested=suggested(health) if health else "",
    )


def _summaries(shelf: Shelf, resource: Resource) -> tuple[Said, Said]:
    """The sentence in the page's language, then in the other."""
    english = shelf.said(resource.summary.en, "en")
    chinese = shelf.said(resource.summary.zh, "zh")
    return (english, chinese) if shelf.language == "en" else (chinese, english)


def _remark(shelf: Shelf, mention: Mention) -> Remark:
    note = shelf.catalog.notes.get(mention.note)
    text = shelf.said(mention.label, note.language if note else shelf.language)
    if mention.says:
        text = Said(mention.says.to(shelf.language))
    name = note.title.to(shelf.language) if note else mention.note
    return Remark(name, shelf.marks(mention.note, mention), text)


def _legend(shelf: Shelf, resource: Resource) -> tuple[tuple[str, str], ...]:
    """Each note whose marks the record shows, with what one of them means."""
    meanings: dict[tuple[str, str], None] = {}
    for mention in resource.mentions:
        if note := shelf.catalog.notes.get(mention.note):
            for sign in _signs(note, mention):
                means = note.marks[sign].means.to(shelf.language)
                meanings[note.title.to(shelf.language), means] = None
    return tuple(meanings)


def _signs(note: Note, mention: Mention) -> list[str]:
    """The note's own signs that stand at this mention."""
    return [sign for sign in note.marks if _stands_at(sign, mention)]


def _stands_at(sign: str, mention: Mention) -> bool:
    if sign in _STAR_SIGNS:
        return mention.rating is not None
    return mention.read if sign in _READ_SIGNS else mention.highlight


def _conditions(resource: Resource) -> tuple[str, ...]:
    """What opening the link asks for, and where it is known to open."""
    access = [f"access-{resource.access}"] if resource.access else []
    reach = [f"reach-{place}" for place in resource.reach]
    return tuple(key for key in (*access, *reach) if key in interface_words())


def _related(shelf: Shelf, resource: Resource) -> tuple[Related, ...]:
    """Those it names, then those that name it."""
    named = [(relation.kind, relation.resource) for relation in resource.relations]
    naming = [
        (f"{relation.kind}-back", source)
        for source, relation in shelf.pointing_at.get(resource.id, ())
    ]
    return tuple(
        Related(f"relation-{kind}", id, shelf.said(found.title, found.language))
        for kind, id in (*named, *naming)
        if (found := shelf.catalog.resources.get(id))
    )
