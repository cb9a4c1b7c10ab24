"""A tensor as sheets of a grid, with its shape."""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from tools.figures.shapes import Bounds, Words, part

_BEHIND = 11.0  # How far each sheet stands behind the one before it.


@dataclass(frozen=True, slots=True)
class Tensor:
    """A batch as sheets, steps as columns, features as rows, its shape written below.

    `lit` is the column of one step, filled with the signal hue.
    """

    x: float
    y: float
    columns: int
    rows: int
    shape: str
    sheets: int = 3
    lit: int | None = None
    cell: float = 20

    def svg(self) -> Element:
        """A `g` of sheets from the last to the first, and the words."""
        group = Element("g")
        for n in reversed(range(self.sheets)):
            x, y = self.x + n * _BEHIND, self._top - n * _BEHIND
            look = "f-box" if n else "f-state"
            group.append(part("rect", look, x=x, y=y, width=self._wide, height=self._high, rx=2))
        if self.lit is not None:
            x = self.x + self.lit * self.cell
            column = part("rect", "f-heat", x=x, y=self._top, width=self.cell, height=self._high)
            column.set("fill-opacity", ".55")
            group.append(column)
        group.append(part("path", "f-grid", d="".join(self._grid())))
        group.append(self._words.svg())
        return group

    @property
    def bounds(self) -> Bounds:
        """From the last sheet's corner to the words below."""
        words = self._words.bounds
        right = self.x + self._wide + (self.sheets - 1) * _BEHIND
        return Bounds(self.x, self.y, max(right, words.right), words.bottom)

    @property
    def _top(self) -> float:
        return self.y + (self.sheets - 1) * _BEHIND

    @property
    def _wide(self) -> float:
        return self.columns * self.cell

    @property
    def _high(self) -> float:
        return self.rows * self.cell

    @property
    def _words(self) -> Words:
        return Words(self.shape, self.x, self._top + self._high + 26, "shape")

    def _grid(self) -> Iterator[str]:
        for n in range(1, self.columns):
            yield f"M{self.x + n * self.cell:g} {self._top:g}v{self._high:g}"
        for n in range(1, self.rows):
            yield f"M{self.x:g} {self._top + n * self.cell:g}h{self._wide:g}"
