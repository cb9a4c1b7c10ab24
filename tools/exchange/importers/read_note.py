"""What a Markdown note holds: its addresses with their marks, and its odd pieces."""

from dataclasses import dataclass, field
from typing import Literal

from tools.model.resource import Rating


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLink:
    """One address as it stands in a note, with the marks that were made for it.

    `left_out` says why it is nobody's to read (a picture, code), `refused` why it is no address.
    """

    line: int
    url: str
    label: str = ""
    title: str = ""
    section: str = ""
    category: str = ""
    rating: Rating | None = None
    highlight: bool = False
    read: bool = False
    left_out: str = ""
    refused: str = ""


@dataclass(frozen=True, slots=True, order=True)
class OddPiece:
    """Something in a note that a person should look at, though no address was lost."""

    line: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadNote:
    """A note as it was read; `title` and `language` are what it says and shows of itself."""

    title: str = ""
    language: Literal["en", "zh"] = "en"
    links: tuple[FoundLink, ...] = ()
    odd: tuple[OddPiece, ...] = field(default=())
