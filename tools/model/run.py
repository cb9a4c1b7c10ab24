"""One execution of a snippet: what its cells printed and drew, and how well its demo did."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell as it ran; `name` is the section that begins in it, for pages to ask by.

    `html` is its source as markup, `printed` what it wrote, `picture` the SVG it drew with the
    site's colours as variables.
    """

    kind: Literal["words", "code"]
    source: str
    name: str = ""
    html: str = ""
    printed: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """How well a demo did: `bar` is what it must reach, `chance` what guessing gives."""

    name: str
    value: float
    bar: float
    chance: float

    @property
    def reached(self) -> bool:
        """Whether the bar was reached; chance tells on which side of it good values lie."""
        return self.value <= self.bar if self.chance > self.bar else self.value >= self.bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A whole run; `key` stands for everything it depends on."""

    snippet: str
    key: str
    cells: tuple[Cell, ...]
    metric: Metric | None = None
    seconds: float
    versions: Mapping[str, str] = field(default_factory=dict)

    def cell(self, name: str) -> Cell:
        """The cell of that name; raises KeyError where there is none."""
        for cell in self.cells:
            if cell.name == name:
                return cell
        raise KeyError(name)
