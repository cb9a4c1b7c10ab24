"""Topics come after those they require, so no topic may need itself."""

from collections.abc import Iterator, Mapping

from tools.model.catalog import Catalog
from tools.model.problem import Fault


def order_faults(catalog: Catalog) -> Iterator[Fault]:
    """A topic that needs itself, through others or at once; said once for each ring."""
    requires = {topic.id: topic.requires for topic in catalog.topics}
    position = {topic.id: n for n, topic in enumerate(catalog.topics)}
    done: set[str] = set()
    for topic in catalog.topics:
        if ring := _ring_from(topic.id, requires, done):
            where = (position[ring[0]], "requires")
            message = f"found the cycle {' → '.join(ring)}, expected an order"
            yield Fault("topics.yml", where, message)


def _ring_from(start: str, requires: Mapping[str, tuple[str, ...]], done: set[str]) -> list[str]:
    trail: list[str] = []
    waiting: list[tuple[str, bool]] = [(start, True)]
    while waiting:
        id, entering = waiting.pop()
        if not entering:
            done.add(trail.pop())
        elif id in trail:
            done.update(trail)
            return [*trail[trail.index(id) :], id]
        elif id not in done:
            trail.append(id)
            waiting.append((id, False))
            waiting += [(required, True) for required in requires.get(id, ())]
    return []
