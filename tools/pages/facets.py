"""What the catalog page offers to filter by, with true counts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tools.model.catalog import Catalog
from tools.model.facts import LINK_STATES, Facts
from tools.model.query import Query, counts
from tools.model.resource import KINDS, LEVELS
from tools.model.words import SITE_LANGUAGES, SiteLanguage
from tools.pages.render import interface_words
from tools.pages.rows import Said

_MINUTES = (10, 20, 30, 45, 60, 90, 120, 180)


@dataclass(frozen=True, slots=True)
class Choice:
    """One box to tick."""

    value: str
    label: Said
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """Boxes of one sort; `name` is its key in an address."""

    name: str
    choices: tuple[Choice, ...]


def facets_of(catalog: Catalog, facts: Sequence[Facts], language: SiteLanguage) -> list[Facet]:
    """The facets that divide this catalog, each value with the number of its resources."""
    counted = counts(facts, Query())
    kinds = [kind for kind in KINDS if kind in counted["kind"]]
    tags = _known_first(SITE_LANGUAGES, counted["lang"])
    frameworks = _known_first(catalog.site.frameworks, counted["with"])
    # Before the first check all are unchecked, which divides nothing.
    links = LINK_STATES if counted["link"].keys() - {"unchecked"} else ()
    offered: dict[str, dict[str, Said]] = {
        "topic": {topic.id: Said(topic.label.to(language)) for topic in catalog.topics},
        "lang": {tag: _language(tag, language) for tag in tags},
        "kind": {kind: _word(f"kind-{kind}", language) for kind in kinds},
        "level": {level: _word(f"level-{level}", language) for level in LEVELS},
        "with": {name: Said(name) for name in frameworks},
        "link": {state: _word(f"outcome-{state}", language) for state in links},
    }
    return [_facet(name, labels, counted[name]) for name, labels in offered.items() if labels]


def _facet(name: str, labels: Mapping[str, Said], counted: Mapping[str, int]) -> Facet:
    choices = (Choice(value, label, counted.get(value, 0)) for value, label in labels.items())
    return Facet(name, tuple(choices))


def minute_steps(facts: Sequence[Facts]) -> tuple[int, ...]:
    """The lengths the slider offers: those that leave something out and something in."""
    known = [fact.minutes for fact in facts if fact.minutes]
    return tuple(step for step in _MINUTES if known and min(known) <= step < max(known))


def _known_first(known: Sequence[str], counted: dict[str, int]) -> Iterator[str]:
    """The values that occur, in the known order, then those nobody listed."""
    yield from (value for value in known if value in counted)
    yield from sorted(value for value in counted if value not in known)


def _language(tag: str, language: SiteLanguage) -> Said:
    """A language by its own name, where we know it."""
    key = f"language-{tag}"
    own = {"zh": "zh-Hans"}.get(tag, tag)
    text = interface_words()[key].to(language) if key in interface_words() else tag
    return Said(text, "" if tag == language else own)


def _word(key: str, language: SiteLanguage) -> Said:
    word = interface_words()[key].to(language)
    return Said(word[:1].upper() + word[1:])
