"""How long a snippet takes beside its twin in torch.nn, measured by turns in one process."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """Medians of the snippet over those of the twin; `both` is forward and backward together.

    `key` stands for the file that was measured.
    """

    snippet: str
    key: str
    twin: str
    shape: str
    forward: float
    both: float
    machine: str
    threads: int
    day: str
    versions: Mapping[str, str] = field(default_factory=dict)
