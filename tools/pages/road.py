"""The drawn map of all topics: where each box, line and heading stands, from `requires` and eras.

A topic stands one step after the last of the topics it needs; topics of one step share a column
(on wide screens) or a row (on narrow ones). Lengths are in the drawing's own units, pixels at 1:1.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tools.model.catalog import Catalog
from tools.model.topic import Topic
from tools.model.words import SiteLanguage

Point = tuple[float, float]

BOX_WIDE, BOX_HIGH = 64.0, 36.0
_STEP_X, _STEP_Y = 100.0, 84.0
_TOP = 56.0
_SIDE = 132.0  # Room for the labels beside the first and the last column.
_ROW = 54.0
_ROW_WITH_LABEL = 76.0
_NARROW = 350.0


@dataclass(frozen=True, slots=True)
class Stop:
    """One topic on the map: the upper left corner of its box, and its label beside or below."""

    topic: Topic
    count: int
    x: float
    y: float
    label: tuple[str, ...]
    label_at: Point
    anchor: str


@dataclass(frozen=True, slots=True)
class Heading:
    """An era's name over, or beside, the stops it spans."""

    text: str
    x: float
    y: float
    until: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """One layout of the map; `lines` are SVG paths between boxes."""

    width: float
    height: float
    stops: tuple[Stop, ...]
    lines: tuple[str, ...]
    headings: tuple[Heading, ...]


@dataclass(frozen=True, slots=True)
class Road:
    """The map twice: for wide rooms from left to right, for narrow ones from top to bottom."""

    wide: Drawing
    narrow: Drawing


def road_of(catalog: Catalog, language: SiteLanguage) -> Road:
    """The map of a catalog's topics with the number of resources in each box."""
    steps = list(_steps(catalog.topics))
    return Road(_wide(catalog, language, steps), _narrow(catalog, language, steps))


def _steps(topics: tuple[Topic, ...]) -> Iterator[tuple[Topic, ...]]:
    """Topics grouped by how many topics must come before them, in teaching order."""
    depth: dict[str, int] = {}
    waiting = list(topics)
    while waiting:
        # A ring of topics is a problem of the catalog; here it only must not stop the drawing.
        ready = [t for t in waiting if all(r in depth for r in t.requires)] or waiting[:1]
        for topic in ready:
            depth[topic.id] = max((depth.get(r, -1) + 1 for r in topic.requires), default=0)
        waiting = [topic for topic in waiting if topic.id not in depth]
    for step in range(max(depth.values(), default=-1) + 1):
        yield tuple(topic for topic in topics if depth[topic.id] == step)


def _wide(catalog: Catalog, language: SiteLanguage, steps: list[tuple[Topic, ...]]) -> Drawing:
    tallest = max((len(step) for step in steps), default=1)
    middle = _TOP + (tallest - 1) * _STEP_Y / 2 + 10
    last = len(steps) - 1
    start = _SIDE if len(steps[:1] and steps[0]) > 1 else 10.0
    stops = []
    for column, step in enumerate(steps):
        gap = min(_STEP_Y, (tallest - 1) * _STEP_Y / max(len(step) - 1, 1))
        for n, topic in enumerate(step):
            x = start + column * _STEP_X
            y = middle + (n - (len(step) - 1) / 2) * gap
            side = (-1 if column == 0 else 1 if column == last else 0) if len(step) > 1 else 0
            stops.append(_stop(catalog, language, topic, (x, y), side))
    end = start + last * _STEP_X + BOX_WIDE
    many_last = len(steps[-1:] and steps[-1]) > 1
    width = end + (_SIDE if many_last else 10.0)
    lines = tuple(_curves(stops, _right, _left, _across))
    headings = tuple(_wide_headings(catalog, language, stops, width if many_last else end))
    return Drawing(width, middle + (tallest - 1) * _STEP_Y / 2 + BOX_HIGH + 34, tuple(stops), lines, headings)


def _stop(catalog: Catalog, language: SiteLanguage, topic: Topic, at: Point, side: int) -> Stop:
    """A stop whose label stands left of (-1), below (0) or right of (1) its box."""
    x, y = at
    count = len(catalog.resources_by_topic[topic.id])
    text = topic.label.to(language)
    label_at, anchor = {
        -1: ((x - 12, y + 23), "end"),
        0: ((x + BOX_WIDE / 2, y + BOX_HIGH + 20), "middle"),
        1: ((x + BOX_WIDE + 12, y + 23), "start"),
    }[side]
    return Stop(topic, count, x, y, (text,), label_at, anchor)


def _narrow(catalog: Catalog, language: SiteLanguage, steps: list[tuple[Topic, ...]]) -> Drawing:
    stops: list[Stop] = []
    y = 6.0
    for step in steps:
        rows = [step[n : n + 3] for n in range(0, len(step), 3)] if len(step) != 4 else [step[:2], step[2:]]
        for row in rows:
            for n, topic in enumerate(row):
                x = _NARROW * (n + 0.5) / len(row) - BOX_WIDE / 2
                stops.append(_stop(catalog, language, topic, (x, y), 1 if len(row) == 1 else 0))
            y += _ROW if len(row) == 1 else _ROW_WITH_LABEL
    lines = tuple(_curves(stops, _below, _above, _down))
    return Drawing(_NARROW, y, tuple(stops), lines, tuple(_narrow_headings(catalog, language, stops)))


def _curves(stops, leave, reach, bend) -> Iterator[str]:  # type: ignore[no-untyped-def]
    by_id = {stop.topic.id: stop for stop in stops}
    for stop in stops:
        for required in stop.topic.requires:
            if required in by_id:
                yield bend(leave(by_id[required]), reach(stop))


def _right(stop: Stop) -> Point:
    return stop.x + BOX_WIDE, stop.y + BOX_HIGH / 2


def _left(stop: Stop) -> Point:
    return stop.x, stop.y + BOX_HIGH / 2


def _below(stop: Stop) -> Point:
    # The line starts under the label where that stands below the box.
    return stop.x + BOX_WIDE / 2, stop.y + BOX_HIGH + (26 if stop.anchor == "middle" else 0)


def _above(stop: Stop) -> Point:
    return stop.x + BOX_WIDE / 2, stop.y


def _across(start: Point, end: Point) -> str:
    """An S from the right side of one box to the left side of another."""
    (x1, y1), (x2, y2) = start, end
    bend = x2 - 18 if x2 - x1 > _STEP_X else (x1 + x2) / 2
    return f"M{x1:g} {y1:g}C{bend:g} {y1:g} {bend:g} {y2:g} {x2:g} {y2:g}"


def _down(start: Point, end: Point) -> str:
    (x1, y1), (x2, y2) = start, end
    bend = (y1 + y2) / 2
    return f"M{x1:g} {y1:g}C{x1:g} {bend:g} {x2:g} {bend:g} {x2:g} {y2:g}"


def _era_names(catalog: Catalog, language: SiteLanguage) -> dict[str, str]:
    return {era.id: era.title.to(language) for era in catalog.site.eras}


def _wide_headings(
    catalog: Catalog, language: SiteLanguage, stops: list[Stop], end: float
) -> Iterator[Heading]:
    names = _era_names(catalog, language)
    eras = list(dict.fromkeys(stop.topic.era for stop in stops if stop.topic.era in names))
    for era in eras:
        mine = [stop for stop in stops if stop.topic.era == era]
        first = min(stop.x for stop in mine)
        until = end if era == eras[-1] else max(stop.x for stop in mine) + BOX_WIDE
        yield Heading(names[era], 0.0 if era == eras[0] else first, 16, until)


def _narrow_headings(
    catalog: Catalog, language: SiteLanguage, stops: list[Stop]
) -> Iterator[Heading]:
    """Names beside the first box of each era that stands alone in its row."""
    names = _era_names(catalog, language)
    seen: set[str] = set()
    for stop in stops:
        alone = sum(other.y == stop.y for other in stops) == 1
        if stop.topic.era in names and stop.topic.era not in seen and alone:
            yield Heading(names[stop.topic.era], 0, stop.y + 23, 0)
        seen.add(stop.topic.era)
