"""What the pages service yields: pages, and the files that stand beside them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Html = str


@dataclass(frozen=True, slots=True)
class Page:
    """One Markdown page: `path` below the language's root, `blocks` the markup of its markers.

    A line `<!-- block: reading -->` in `text` is where `blocks["reading"]` belongs. Blocks hold
    catalog text, so they are put in after Markdown has run.
    """

    path: str
    text: str
    blocks: Mapping[str, Html] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class File:
    """One file that is no page, such as a download: `path` below the language's root."""

    path: str
    content: bytes
