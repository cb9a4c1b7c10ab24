"""The parts every figure is made of: boxes, operations, words, numbered marks.

A part knows how it is drawn and how far it reaches. Colours and letters come from figures.css by
class, so that one drawing follows both palettes; no part needs an id.
"""

from dataclasses import dataclass
from typing import Literal, Protocol
from xml.etree.ElementTree import Element

from tools.figures.letters import Anchor, Hue, Size, reach_of, runs_of

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Bounds:
    """The smallest upright rectangle around a part."""

    left: float
    top: float
    right: float
    bottom: float


class Shape(Protocol):
    """A part of a drawing."""

    def svg(self) -> Element:
        """The part as an SVG element."""

    @property
    def bounds(self) -> Bounds:
        """How far it reaches."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with rounded corners: a function, a gate, a state, the whole cell, or nothing."""

    x: float
    y: float
    width: float
    height: float
    look: Literal["box", "gate", "state", "cell", "off"] = "box"
    corner: float = 6

    def svg(self) -> Element:
        """A `rect`."""
        return part(
            "rect", f"f-{self.look}", x=self.x, y=self.y, width=self.width, height=self.height,
            rx=self.corner,
        )  # fmt: skip

    @property
    def bounds(self) -> Bounds:
        """Its four sides."""
        return Bounds(self.x, self.y, self.x + self.width, self.y + self.height)


@dataclass(frozen=True, slots=True)
class Operation:
    """A circle with × or +, element by element."""

    x: float
    y: float
    sign: Literal["×", "+"]
    radius: float = 13

    def svg(self) -> Element:
        """A `g` of a circle and two strokes: a drawn sign stands in its middle in every face."""
        x, y = self.x, self.y
        group = Element("g")
        group.append(part("circle", "f-box", cx=x, cy=y, r=self.radius))
        a = self.radius * (0.44 if self.sign == "×" else 0.54)
        across = f"M{at((x - a, y - a))}L{at((x + a, y + a))}M{at((x - a, y + a))}"
        upright = f"M{at((x - a, y))}L{at((x + a, y))}M{at((x, y + a))}"
        end = f"L{at((x + a, y - a))}" if self.sign == "×" else f"L{at((x, y - a))}"
        way = (across if self.sign == "×" else upright) + end
        group.append(part("path", "f-wire", d=way))
        return group

    @property
    def bounds(self) -> Bounds:
        """The square around its circle."""
        return _around(self.x, self.y, self.radius)


@dataclass(frozen=True, slots=True)
class Mark:
    """A number in a disc, for the order of things and for the words that speak of them."""

    x: float
    y: float
    number: int
    look: Literal["", "gate", "state"] = ""
    radius: float = 10.5

    def svg(self) -> Element:
        """A `g` of a disc and its number."""
        group = Element("g")
        disc = f"f-nn f-nn--{self.look}" if self.look else "f-nn"
        group.append(part("circle", disc, cx=self.x, cy=self.y, r=self.radius))
        number = part("text", "f-nt", x=self.x, y=self.y)
        number.set("dy", ".35em")
        number.text = str(self.number)
        group.append(number)
        return group

    @property
    def bounds(self) -> Bounds:
        """The square around its disc."""
        return _around(self.x, self.y, self.radius)


@dataclass(frozen=True, slots=True)
class Words:
    """A line of words, a shape in code letters, or symbols: `h_{t−1}`, `W x_t + b`."""

    text: str
    x: float
    y: float
    size: Size = "plain"
    hue: Hue = ""
    anchor: Anchor = "start"
    bold: bool = False

    def svg(self) -> Element:
        """A `text` whose base line is at y."""
        classes = [_SIZES[self.size], _HUES[self.hue], _ANCHORS[self.anchor], "f-b" * self.bold]
        text = part("text", " ".join(filter(None, classes)), x=self.x, y=self.y)
        if self.size == "symbol":
            text.set("lang", "en")  # Or a Chinese page sets them in a Chinese serif.
            text.extend(runs_of(self.text))
        else:
            text.text = self.text
        return text

    @property
    def bounds(self) -> Bounds:
        """About: its letters are set in whatever face the reader has."""
        left, up, right, down = reach_of(self.text, self.size, self.anchor)
        return Bounds(self.x - left, self.y - up, self.x + right, self.y + down)


_SIZES = {"plain": "", "small": "f-s", "shape": "f-m", "symbol": "f-v"}
_HUES = {"": "", "signal": "f-tsig", "gate": "f-tgate", "muted": "f-tmut"}
_ANCHORS = {"start": "", "middle": "f-c", "end": "f-e"}


def part(tag: str, classes: str, **attributes: float | str) -> Element:
    """An SVG element with its classes; numbers are written short, by the tenth."""
    element = Element(tag, {"class": classes} if classes else {})
    for name, value in attributes.items():
        element.set(name, value if isinstance(value, str) else short(value))
    return element


def short(number: float) -> str:
    """A length by the tenth of a unit, without idle zeros."""
    return f"{round(number, 1) + 0.0:g}"


def at(point: Point) -> str:
    """A point as a path writes it."""
    return f"{short(point[0])} {short(point[1])}"


def _around(x: float, y: float, radius: float) -> Bounds:
    return Bounds(x - radius, y - radius, x + radius, y + radius)
