"""The order in which scripts fetch a large catalog: what any first wish shows comes first."""

from collections import Counter
from collections.abc import Iterator, Sequence

from tools.model.facts import Facts
from tools.model.query import SORTS, Query, select


def slice_order(facts: Sequence[Facts], most: int) -> tuple[Facts, ...]:
    """All facts, at the front the first `most` of every sort and of every single facet value.

    Whatever a reader asks for first, the first slice holds its rows; the rest keeps its order.
    """
    by_id = {fact.id: fact for fact in facts}
    opening = [id for sort in SORTS for id in select(facts, Query(sort=sort))[:most]]
    opening += _opening_facets(facts, most)
    return tuple(by_id[id] for id in dict.fromkeys([*opening, *by_id]))


def _opening_facets(facts: Sequence[Facts], most: int) -> Iterator[str]:
    met: Counter[tuple[str, str | int]] = Counter()
    for fact in facts:
        values = list(_values(fact))
        met.update(values)
        if any(met[value] <= most for value in values):
            yield fact.id


def _values(fact: Facts) -> Iterator[tuple[str, str | int]]:
    """Every box and star that would leave this resource in the list."""
    for facet, values in fact.values.items():
        yield from ((facet, value) for value in values)
    yield from (("stars", n) for n in range(1, (fact.stars or 0) + 1))
    if fact.marked:
        yield "marked", 1
