"""A note beside the catalog: what became of every address, and what has to be written for it."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from tools.exchange.importers.read_note import FoundLink, OddPiece, ReadNote
from tools.model.address import AddressRules, address_key, without_tracking
from tools.model.catalog import Catalog
from tools.model.draft import Draft, proposed_id
from tools.model.note import LedgerLine
from tools.model.resource import Mention, Resource

Became = Literal["new", "same", "not readable"]
_Key = tuple[str | int | None, str]
_Sameness = Callable[[Mention], _Key]
BECAME: tuple[Became, ...] = ("new", "same", "not readable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One address of a note, and the resource or draft it became, or why it became none.

    `wrong` says that a person should mend it in the note.
    """

    line: int
    url: str
    became: Became
    id: str = ""
    why: str = ""
    wrong: bool = False


@dataclass(slots=True)
class Known:
    """Every resource and draft by its addresses; it learns what each note adds."""

    rules: AddressRules
    things: dict[str, Resource | Draft] = field(default_factory=dict)
    by_key: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, catalog: Catalog, drafts: Mapping[str, Draft]) -> "Known":
        """What a catalog and its drafts hold; a resource comes before a draft of its address."""
        known = cls(catalog.address_rules)
        things: Iterable[Resource | Draft] = (*catalog.resources.values(), *drafts.values())
        for thing in things:
            known.add(thing)
        known.taken.update(catalog.drafts)
        known.taken.update(id for r in catalog.resources.values() for id in r.former_ids)
        return known

    def add(self, thing: Resource | Draft) -> None:
        """Learn one more."""
        self.taken.add(thing.id)
        self.things.setdefault(thing.id, thing)
        for address in thing.addresses:
            try:
                self.by_key.setdefault(address_key(address, self.rules), thing.id)
            except ValueError:
                continue  # `validate` says so; an import has nothing to compare it with.

    def learn(self, plan: "NotePlan") -> None:
        """Take over what a plan makes of the things that are known."""
        for draft in plan.drafts:
            self.things[draft.id] = draft
        for id, mentions in plan.changed.items():
            self.things[id] = replace(self.things[id], mentions=mentions)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePlan:
    """All that one note asks for: drafts to write, files to change, and its ledger."""

    note: str
    outcomes: tuple[Outcome, ...]
    drafts: tuple[Draft, ...] = ()
    changed: Mapping[str, tuple[Mention, ...]] = field(default_factory=dict)
    ledger: tuple[LedgerLine, ...] = ()
    odd: tuple[OddPiece, ...] = ()
    gone: tuple[tuple[str, Mention], ...] = ()


def reconcile(note: str, read: ReadNote, known: Known, *, today: str) -> NotePlan:
    """The plan for one note; `known` learns its drafts, so that the next note meets them."""
    outcomes: list[Outcome] = []
    drafts: dict[str, Draft] = {}
    mentions: dict[str, list[Mention]] = {}
    for link in read.links:
        if why := link.left_out or link.refused:
            outcomes.append(
                Outcome(
                    line=link.line, url=link.url, became="not readable", why=why,
                    wrong=bool(link.refused),
                )
            )  # fmt: skip
            continue
        became: Became = "same"
        id = known.by_key.get(address_key(link.url, known.rules), "")
        if not id:
            draft = _draft(link, known, today)
            known.add(draft)
            id, became = draft.id, "new"
            drafts[id] = draft
        outcomes.append(Outcome(line=link.line, url=link.url, became=became, id=id))
        mentions.setdefault(id, []).append(_mention(note, link))
    changed, gone = _changes(note, mentions, known)
    return NotePlan(
        note=note,
        outcomes=tuple(outcomes),
        drafts=tuple(replace(draft, mentions=tuple(mentions[id])) for id, draft in drafts.items()),
        changed={id: new for id, new in changed.items() if id not in drafts},
        ledger=tuple(LedgerLine(line=o.line, url=o.url, resource=o.id) for o in outcomes if o.id),
        odd=read.odd,
        gone=tuple(gone),
    )


def _draft(link: FoundLink, known: Known, today: str) -> Draft:
    url = without_tracking(link.url, known.rules)
    id = proposed_id(link.title, url, known.taken)
    return Draft(id=id, title=link.title, url=url, added=today)


def _mention(note: str, link: FoundLink) -> Mention:
    return Mention(
        note=note, section=link.section, label=link.label, category=link.category,
        rating=link.rating, highlight=link.highlight, read=link.read, line=link.line,
    )  # fmt: skip


def _changes(
    note: str, mentions: Mapping[str, list[Mention]], known: Known
) -> tuple[dict[str, tuple[Mention, ...]], list[tuple[str, Mention]]]:
    """The mentions of every thing that the note changes, and those it no longer holds."""
    changed, gone = {}, []
    for id, thing in known.things.items():
        if id in mentions or any(mention.note == note for mention in thing.mentions):
            new, lost = merged(note, thing.mentions, mentions.get(id, []))
            gone += [(id, mention) for mention in lost]
            if new != thing.mentions:
                changed[id] = new
    return changed, gone


def merged(
    note: str, old: tuple[Mention, ...], found: list[Mention]
) -> tuple[tuple[Mention, ...], list[Mention]]:
    """The mentions with what the note says now, and those of this note that it no longer holds.

    A mention is the same when line and label agree, else the next one with that label, else one on
    that line. Our words for it stay; nothing is taken away.
    """
    result = list(old)
    mine = [n for n, mention in enumerate(old) if mention.note == note]
    left = found
    for sameness in (_place, _label, _line):
        mine, left = _matched(result, mine, left, sameness)
    return (*result, *left), [old[n] for n in mine]


def _matched(
    result: list[Mention], mine: list[int], found: list[Mention], sameness: _Sameness
) -> tuple[list[int], list[Mention]]:
    """Put found mentions in the places of old ones that are the same; what is left of both."""
    places: dict[_Key, deque[int]] = {}
    for n in mine:
        places.setdefault(sameness(result[n]), deque()).append(n)
    left = []
    for mention in found:
        if waiting := places.get(sameness(mention)):
            n = waiting.popleft()
            result[n] = replace(mention, says=result[n].says)
        else:
            left.append(mention)
    return sorted(n for waiting in places.values() for n in waiting), left


def _place(mention: Mention) -> _Key:
    return mention.line, mention.label


def _label(mention: Mention) -> _Key:
    return mention.section, mention.label


def _line(mention: Mention) -> _Key:
    return mention.line, ""


def counted_outcomes(outcomes: Iterable[Outcome]) -> Iterator[tuple[Became, int]]:
    """How many addresses became what."""
    all_of_them = list(outcomes)
    for became in BECAME:
        yield became, sum(outcome.became == became for outcome in all_of_them)
