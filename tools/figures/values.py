"""Numbers as parts: a map of weights, and bars without axes.

What shades say is said in words too: put `said` into the figure's description.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from tools.figures.shapes import Bounds, Words, part

_ROOM = 84.0  # For the words of a row, left of a map.


@dataclass(frozen=True, slots=True)
class Heatmap:
    """Weights from 0 to 1 as shades of one hue, rows and columns named, the strong ones written.

    Raises ValueError for rows of unequal length, names that do not match, or a value outside.
    """

    x: float
    y: float
    values: tuple[tuple[float, ...], ...]
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cell: float = 44
    written_from: float = 0.3

    def __post_init__(self) -> None:
        found = [len(row) for row in self.values]
        if found != [len(self.columns)] * len(self.rows):
            expected = f"{len(self.rows)} rows of {len(self.columns)} values"
            raise ValueError(f"expected {expected}, got rows of {found}")
        if not all(0 <= value <= 1 for row in self.values for value in row):
            raise ValueError("expected values from 0 to 1")

    def svg(self) -> Element:
        """A `g` of squares, the values on them, and the names around."""
        group = Element("g")
        for n, row in enumerate(self.values):
            for m, value in enumerate(row):
                group.extend(self._square(n, m, value))
        group.extend(words.svg() for words in self._names())
        return group

    @property
    def bounds(self) -> Bounds:
        """The squares with the names around them."""
        all_words = [words.bounds for words in self._names()]
        return Bounds(
            min(words.left for words in all_words),
            min(words.top for words in all_words),
            max(self._left + len(self.columns) * self.cell, *(w.right for w in all_words)),
            self._top + len(self.rows) * self.cell,
        )

    @property
    def said(self) -> str:
        """Every value, row by row: `the: the 0.82, cat 0.18; cat: …`."""
        return "; ".join(
            f"{name}: " + ", ".join(f"{c} {v:.2f}" for c, v in zip(self.columns, row, strict=True))
            for name, row in zip(self.rows, self.values, strict=True)
        )

    @property
    def _left(self) -> float:
        return self.x + _ROOM

    @property
    def _top(self) -> float:
        return self.y + 28

    def _square(self, n: int, m: int, value: float) -> Iterator[Element]:
        x, y = self._left + m * self.cell, self._top + n * self.cell
        side = self.cell - 2
        yield part("rect", "f-zero", x=x + 1, y=y + 1, width=side, height=side, rx=2)
        shade = part("rect", "f-heat", x=x + 1, y=y + 1, width=side, height=side, rx=2)
        shade.set("fill-opacity", f"{value:.2f}")
        yield shade
        if value >= self.written_from:
            middle = self.cell / 2
            number = part("text", "f-val f-c", x=x + middle, y=y + middle, dy=".35em")
            number.text = f"{value:.2f}".removeprefix("0")
            yield number

    def _names(self) -> Iterator[Words]:
        for m, name in enumerate(self.columns):
            middle = self._left + (m + 0.5) * self.cell
            yield Words(name, middle, self._top - 9, anchor="middle")
        for n, name in enumerate(self.rows):
            line = self._top + (n + 0.5) * self.cell + 5
            yield Words(name, self._left - 10, line, anchor="end")


@dataclass(frozen=True, slots=True)
class Bars:
    """Values as bars that stand on a line, each named below; no axis, so the values are written."""

    x: float
    y: float
    values: tuple[float, ...]
    names: tuple[str, ...]
    height: float = 90
    apart: float = 52

    def svg(self) -> Element:
        """A `g` of bars with their values above and names below."""
        group = Element("g")
        for middle, high in self._places():
            group.append(
                part("rect", "f-heat", x=middle - 14, y=self._line - high, width=28, height=high)
            )
        group.append(part("path", "f-axis", d=f"M{self.x:g} {self._line:g}h{self._wide:g}"))
        group.extend(words.svg() for words in self._words())
        return group

    @property
    def bounds(self) -> Bounds:
        """From the highest value to the names."""
        words = [word.bounds for word in self._words()]
        return Bounds(
            min(self.x, *(word.left for word in words)),
            min(word.top for word in words),
            max(self.x + self._wide, *(word.right for word in words)),
            max(word.bottom for word in words),
        )

    @property
    def said(self) -> str:
        """Every value by its name: `cat 0.60, dog 0.25`."""
        return ", ".join(f"{n} {v:.2f}" for n, v in zip(self.names, self.values, strict=True))

    @property
    def _line(self) -> float:
        return self.y + 24 + self.height

    @property
    def _wide(self) -> float:
        return len(self.values) * self.apart

    def _places(self) -> Iterator[tuple[float, float]]:
        highest = max(self.values)
        for n, value in enumerate(self.values):
            yield self.x + (n + 0.5) * self.apart, self.height * value / highest if highest else 0

    def _words(self) -> Iterator[Words]:
        for (middle, high), value, name in zip(
            self._places(), self.values, self.names, strict=True
        ):
            yield Words(f"{value:.2f}", middle, self._line - high - 7, "small", anchor="middle")
            yield Words(name, middle, self._line + 20, anchor="middle")
