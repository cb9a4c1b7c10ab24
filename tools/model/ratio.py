"""How long a snippet takes beside its twin in torch.nn, measured by turns in one process."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class PathRatio:
    """One way through the snippet: medians of its time over the twin's.

    `both` is forward and backward together; a snippet that has one way only leaves it unnamed.
    """

    name: str = ""
    forward: float
    both: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """What was measured of a snippet, and on what machine; `key` stands for the file it was."""

    snippet: str
    key: str
    twin: str
    shape: str
    paths: tuple[PathRatio, ...]
    machine: str
    threads: int
    day: str
    versions: Mapping[str, str] = field(default_factory=dict)
