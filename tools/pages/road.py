"""The drawn map of all topics: where each box, line and heading stands, from `requires` and eras.

A topic stands one step after the last of the topics it needs; topics of one step share a column.
Lengths are in the drawing's own units, pixels at 1:1. Narrow rooms show the same map as a list.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tools.model.catalog import Catalog
from tools.model.topic import Topic
from tools.model.words import SiteLanguage

Point = tuple[float, float]
Column = tuple[Topic, ...]

BOX_WIDE, BOX_HIGH = 64.0, 36.0
_STEP = 102.0
_GAPS = {2: 112.0, 3: 84.0}  # Between the boxes of a column of two, of three; of more, the last.
_NARROWEST_GAP = 70.0
_TOP = 62.0
_BELOW = 30.0
_LETTER, _WIDE_LETTER = 9.8, 17.0  # Room for a letter of a heading or label: Latin, and Chinese.


@dataclass(frozen=True, slots=True)
class Stop:
    """One topic on the map: the upper left corner of its box, and its label beside or below."""

    topic: Topic
    count: int
    x: float
    y: float
    label: str
    label_at: Point
    anchor: str


@dataclass(frozen=True, slots=True)
class Heading:
    """An era's name over the stops it spans, and where its line ends."""

    text: str
    x: float
    until: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """An era with its topics, for the map as a list."""

    title: str
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class Road:
    """The map from left to right; `lines` are SVG paths, `stretches` the same topics as a list."""

    width: float
    height: float
    stops: tuple[Stop, ...]
    lines: tuple[str, ...]
    headings: tuple[Heading, ...]
    stretches: tuple[Stretch, ...]


def road_of(catalog: Catalog, language: SiteLanguage) -> Road:
    """The map of a catalog's topics with the number of resources in each box."""
    columns = list(columns_of(catalog.topics))
    middle = _TOP + max((_height(column) for column in columns), default=0) / 2
    lefts = _lefts(catalog, language, columns)
    stops = tuple(_stops(catalog, language, columns, lefts, middle))
    right = max((stop.x + BOX_WIDE for stop in stops), default=0)
    width = right + _side(columns[-1] if columns else (), language)
    return Road(
        width=width,
        height=max((stop.y for stop in stops), default=0) + BOX_HIGH + _BELOW,
        stops=stops,
        lines=tuple(_lines(stops)),
        headings=tuple(_headings(catalog, language, stops, width)),
        stretches=tuple(_stretches(catalog, language)),
    )


def columns_of(topics: tuple[Topic, ...]) -> Iterator[Column]:
    """Topics grouped by how many topics must come before them, in teaching order."""
    depth: dict[str, int] = {}
    waiting = list(topics)
    while waiting:
        # A ring of topics is a problem of the catalog; here it only must not stop the drawing.
        ready = [t for t in waiting if all(id in depth for id in t.requires)] or waiting[:1]
        for topic in ready:
            depth[topic.id] = 1 + max((depth.get(id, -1) for id in topic.requires), default=-1)
        waiting = [topic for topic in waiting if topic.id not in depth]
    for step in range(max(depth.values(), default=-1) + 1):
        yield tuple(topic for topic in topics if depth[topic.id] == step)


def _gap(column: Column) -> float:
    return _GAPS.get(len(column), _NARROWEST_GAP)


def _height(column: Column) -> float:
    return (len(column) - 1) * _gap(column)


def _lefts(catalog: Catalog, language: SiteLanguage, columns: list[Column]) -> list[float]:
    """Where each column begins: a step after the last, or where an era's heading leaves room."""
    words = {era.id: era.title.to(language) for era in catalog.site.eras}
    lefts: list[float] = []
    heading_end, era = 0.0, ""
    for column in columns:
        left = lefts[-1] + _STEP if lefts else _side(column, language)
        if column[0].era != era:
            era = column[0].era
            left = max(left, heading_end + 26)
            heading_end = (left - 10 if lefts else 0) + _text_width(words.get(era, ""))
        lefts.append(left)
    return lefts


def _side(column: Column, language: SiteLanguage) -> float:
    """Room beside the first or the last column, where labels stand if it holds several topics."""
    if len(column) < 2:
        return 10.0
    return 12 + max(_text_width(topic.label.to(language)) for topic in column)


def _text_width(text: str) -> float:
    return sum(_LETTER if letter.isascii() else _WIDE_LETTER for letter in text)


def _stops(
    catalog: Catalog,
    language: SiteLanguage,
    columns: list[Column],
    lefts: list[float],
    middle: float,
) -> Iterator[Stop]:
    for n, column in enumerate(columns):
        first, last = n == 0, n == len(columns) - 1
        side = 0 if len(column) == 1 else -1 if first else 1 if last else 0
        for m, topic in enumerate(column):
            at = lefts[n], middle - _height(column) / 2 + m * _gap(column)
            count = len(catalog.resources_by_topic[topic.id])
            label_at, anchor = _label_place(at, side)
            yield Stop(topic, count, *at, topic.label.to(language), label_at, anchor)


def _label_place(box: Point, side: int) -> tuple[Point, str]:
    """Where a label stands that is left of (-1), below (0) or right of (1) its box."""
    x, y = box
    if side < 0:
        return (x - 12, y + 23), "end"
    if side > 0:
        return (x + BOX_WIDE + 12, y + 23), "start"
    return (x + BOX_WIDE / 2, y + BOX_HIGH + 20), "middle"


def _lines(stops: tuple[Stop, ...]) -> Iterator[str]:
    by_id = {stop.topic.id: stop for stop in stops}
    for stop in stops:
        for id in stop.topic.requires:
            if id in by_id:
                yield _curve(by_id[id], stop)


def _curve(start: Stop, end: Stop) -> str:
    """An S from the right side of one box to the left side of another."""
    x1, y1 = start.x + BOX_WIDE, start.y + BOX_HIGH / 2
    x2, y2 = end.x, end.y + BOX_HIGH / 2
    bend = max((x1 + x2) / 2, x2 - (_STEP - BOX_WIDE) / 2)
    return f"M{x1:g} {y1:g}C{bend:g} {y1:g} {bend:g} {y2:g} {x2:g} {y2:g}"


def _headings(
    catalog: Catalog, language: SiteLanguage, stops: tuple[Stop, ...], width: float
) -> Iterator[Heading]:
    eras = [era for era in catalog.site.eras if any(s.topic.era == era.id for s in stops)]
    for era in eras:
        mine = [stop.x for stop in stops if stop.topic.era == era.id]
        start = 0 if era is eras[0] else min(mine) - 10
        until = width if era is eras[-1] else max(mine) + BOX_WIDE + 10
        yield Heading(era.title.to(language), start, until)


def _stretches(catalog: Catalog, language: SiteLanguage) -> Iterator[Stretch]:
    for era in catalog.site.eras:
        if topics := tuple(topic for topic in catalog.topics if topic.era == era.id):
            yield Stretch(era.title.to(language), topics)
