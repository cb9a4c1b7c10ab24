"""Parts put together: a drawing, and a figure that has one for wide rooms and one for narrow."""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from tools.figures.shapes import Shape, short


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Parts on a sheet, painted in their order; lengths are pixels at full size."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One picture under its name, with words for those who do not see it.

    Where `narrow` is given, the stylesheet shows it below 760 px of room instead of `wide`.
    """

    name: str
    title: str
    description: str
    wide: Drawing
    narrow: Drawing | None = None

    def svg(self) -> str:
        """The figure as markup for a page: one `svg`, or two of which one shows."""
        return "".join(tostring(svg, encoding="unicode") for svg in self._svgs())

    def _svgs(self) -> Iterator[Element]:
        if self.narrow is None:
            yield self._svg(self.wide, "", "")
        else:
            yield self._svg(self.wide, "is-wide", "-wide")
            yield self._svg(self.narrow, "is-narrow", "-narrow")

    def _svg(self, drawing: Drawing, room: str, suffix: str) -> Element:
        id = f"figure-{self.name}{suffix}"
        width, height = short(drawing.width), short(drawing.height)
        root = Element("svg", {"class": room} if room else {})
        root.set("viewBox", f"0 0 {width} {height}")
        root.set("style", f"max-width:{width}px")
        root.set("role", "img")
        root.set("aria-labelledby", f"{id}-title {id}-desc")
        SubElement(root, "title", id=f"{id}-title").text = self.title
        SubElement(root, "desc", id=f"{id}-desc").text = self.description
        root.extend(shape.svg() for shape in drawing.shapes)
        return root
