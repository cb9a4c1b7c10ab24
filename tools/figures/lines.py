"""Lines with a head: what they carry is told by hue and weight."""

from dataclasses import dataclass
from math import hypot
from typing import Literal
from xml.etree.ElementTree import Element

from tools.figures.shapes import Bounds, Point, at, part


@dataclass(frozen=True, slots=True)
class Line:
    """A way through points with rounded corners and, at its end, a head.

    `flow` carries a state, `ctl` what a gate says, `wire` everything else; `cut` is not there.
    """

    points: tuple[Point, ...]
    look: Literal["flow", "ctl", "wire", "cut"] = "wire"
    head: bool = True
    corner: float = 10

    def svg(self) -> Element:
        """A `g` of the way and its head; the way ends inside the head, not at its tip."""
        group = Element("g")
        group.append(part("path", f"f-{self.look}", d=self._way()))
        if self.head:
            group.append(part("path", f"f-a-{_HEADS[self.look]}", d=self._head()))
        return group

    @property
    def bounds(self) -> Bounds:
        """All its points, as wide as the stroke, and its head."""
        corners = [*self.points, *(self._corners() if self.head else ())]
        across, down = zip(*corners, strict=True)
        half = _STROKE / 2
        return Bounds(min(across) - half, min(down) - half, max(across) + half, max(down) + half)

    @property
    def _head_size(self) -> tuple[float, float]:
        return (11, 5) if self.look == "flow" else (8, 3.6)

    def _way(self) -> str:
        ends = [*self.points]
        if self.head:
            ends[-1] = _towards(ends[-1], ends[-2], self._head_size[0] - 1)
        way = [f"M{at(ends[0])}"]
        for before, corner, after in zip(ends, ends[1:], ends[2:], strict=False):
            way.append(f"L{at(_towards(corner, before, self.corner))}")
            way.append(f"Q{at(corner)} {at(_towards(corner, after, self.corner))}")
        return "".join([*way, f"L{at(ends[-1])}"])

    def _head(self) -> str:
        tip, one, other = self._corners()
        return f"M{at(tip)}L{at(one)}L{at(other)}Z"

    def _corners(self) -> tuple[Point, Point, Point]:
        long, half = self._head_size
        tip, before = self.points[-1], self.points[-2]
        whole = hypot(tip[0] - before[0], tip[1] - before[1])
        dx, dy = (tip[0] - before[0]) / whole, (tip[1] - before[1]) / whole
        x, y = tip[0] - dx * long, tip[1] - dy * long
        return tip, (x - dy * half, y + dx * half), (x + dy * half, y - dx * half)


_STROKE = 3.0
_HEADS = {"flow": "sig", "ctl": "gate", "wire": "ink", "cut": "mut"}


def _towards(start: Point, end: Point, far: float) -> Point:
    """The point `far` from `start` on the way to `end`, at most half the way."""
    long = hypot(end[0] - start[0], end[1] - start[1])
    share = min(far / long, 0.5) if long else 0
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
