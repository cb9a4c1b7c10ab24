"""Which resources a reader asks for: the rule of the catalog page and of `catalog list`.

Its twin is docs/assets/javascripts/catalog/query.js; tests/cases/query.yml holds both to one table.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import parse_qsl, quote_plus

from tools.model.facts import Facts, fold

Sort = Literal["order", "stars", "shortest", "newest", "title", "added"]
SORTS: tuple[Sort, ...] = get_args(Sort)
Counts = dict[str, dict[str, int]]

# Spelled out, because Python and JavaScript disagree on what \s holds.
_SPACE = re.compile("[ \t\r\n\f\v\u00a0\u3000]+")
_VALUE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MINUTES = re.compile(r"[1-9][0-9]{0,4}")
_STARS = re.compile(r"[1-5]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One wish: any value of a facet will do, every facet named must hold."""

    words: str = ""
    topics: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    frameworks: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    minutes: int | None = None
    stars: int | None = None
    marked: bool = False
    sort: Sort = "order"

    @property
    def chosen(self) -> dict[str, tuple[str, ...]]:
        """The values asked for, by the facet's name in an address."""
        return {
            "topic": self.topics,
            "kind": self.kinds,
            "lang": self.languages,
            "level": self.levels,
            "with": self.frameworks,
            "link": self.links,
        }


def select(facts: Iterable[Facts], query: Query) -> tuple[str, ...]:
    """The ids that answer the query, in its order; what a sort lacks comes last."""
    terms = _terms(query.words)
    found = [fact for fact in facts if not any(_misses(fact, query, terms))]
    found.sort(key=lambda fact: fact.order)
    return tuple(fact.id for fact in _sorted(found, query.sort))


def counts(facts: Iterable[Facts], query: Query) -> Counts:
    """How many resources each value would leave, given all that other facets ask."""
    terms = _terms(query.words)
    counted: Counts = {facet: {} for facet in (*query.chosen, "stars", "marked")}
    for fact in facts:
        missed = list(_misses(fact, query, terms))
        for facet, values in _countable(fact).items():
            counts_here = not missed or missed == [facet]
            for value in values:
                counted[facet][value] = counted[facet].get(value, 0) + counts_here
    return counted


def to_params(query: Query) -> str:
    """The query as the part of an address after `?`, the same for the same wish."""
    # Not `q`: the site's own search opens itself on every page whose address has one.
    pairs = [("find", word) for word in [_plain(query.words)] if word]
    pairs += [(key, value) for key, values in query.chosen.items() for value in sorted(values)]
    pairs += [("max", str(query.minutes))] if query.minutes else []
    pairs += [("stars", str(query.stars))] if query.stars else []
    pairs += [("marked", "1")] if query.marked else []
    pairs += [("sort", query.sort)] if query.sort != "order" else []
    return "&".join(f"{key}={_quoted(value)}" for key, value in pairs)


def from_params(text: str) -> Query:
    """The query an address asks for; unknown keys and malformed values say nothing."""
    said: dict[str, list[str]] = {}
    for key, value in parse_qsl(text.removeprefix("?")):
        said.setdefault(key, []).append(value)
    return Query(
        words=_plain(said.get("find", [""])[0]),
        topics=_values(said, "topic"),
        kinds=_values(said, "kind"),
        languages=_values(said, "lang"),
        levels=_values(said, "level"),
        frameworks=_values(said, "with"),
        links=_values(said, "link"),
        minutes=_number(said, "max", _MINUTES),
        stars=_number(said, "stars", _STARS),
        marked=said.get("marked", [])[:1] == ["1"],
        sort=_sort(said),
    )


def _terms(words: str) -> list[str]:
    return [term for term in _SPACE.split(fold(words)) if term]


def _misses(fact: Facts, query: Query, terms: Sequence[str]) -> Iterator[str]:
    """The names of what the query asks and the resource does not have."""
    if not all(term in fact.text for term in terms):
        yield "find"
    has = fact.values
    for facet, wanted in query.chosen.items():
        if wanted and not any(value in wanted for value in has[facet]):
            yield facet
    if query.minutes is not None and (fact.minutes is None or fact.minutes > query.minutes):
        yield "max"
    if query.stars is not None and (fact.stars or 0) < query.stars:
        yield "stars"
    if query.marked and not fact.marked:
        yield "marked"


def _countable(fact: Facts) -> dict[str, tuple[str, ...]]:
    """Facet values to count; `stars` counts "at least", so five stars count for each number."""
    stars = tuple(str(n + 1) for n in range(fact.stars or 0))
    return fact.values | {"stars": stars, "marked": ("1",) if fact.marked else ()}


def _sorted(found: list[Facts], sort: Sort) -> list[Facts]:
    """Facts that stand in reading order, sorted; Python's sort keeps that order in ties."""
    if sort == "stars":
        return sorted(found, key=lambda fact: -(fact.stars or 0))
    if sort == "shortest":
        return sorted(found, key=lambda fact: (fact.minutes is None, fact.minutes or 0))
    if sort == "title":
        # JavaScript compares UTF-16 units, so this does too.
        return sorted(found, key=lambda fact: fact.title.encode("utf-16-be"))
    if sort == "newest":
        return sorted(found, key=lambda fact: fact.published, reverse=True)
    if sort == "added":
        return sorted(found, key=lambda fact: fact.added, reverse=True)
    return found


def _plain(words: str) -> str:
    return _SPACE.sub(" ", words).strip(" ")


def _values(said: dict[str, list[str]], key: str) -> tuple[str, ...]:
    return tuple(sorted({value for value in said.get(key, ()) if _VALUE.fullmatch(value)}))


def _number(said: dict[str, list[str]], key: str, shape: re.Pattern[str]) -> int | None:
    first = said.get(key, [""])[0]
    return int(first) if shape.fullmatch(first) else None


def _sort(said: dict[str, list[str]]) -> Sort:
    first = said.get("sort", [])[:1]
    return next((sort for sort in SORTS if sort in first), "order")


def _quoted(value: str) -> str:
    """Percent-encoded as URLSearchParams does it."""
    return quote_plus(value, safe="*").replace("~", "%7E")
