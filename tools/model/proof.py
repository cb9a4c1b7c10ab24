"""What the tests of a snippet compared with an oracle, and how it came out."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One thing held against an oracle over many cases; `largest` is the largest difference."""

    oracle: str
    what: str
    dtype: str
    cases: int
    largest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The tests of one snippet; `failures` hold a place and a message each, and none is a pass."""

    snippet: str
    key: str
    tests: tuple[str, ...]
    comparisons: tuple[Comparison, ...] = ()
    failures: tuple[tuple[str, str], ...] = ()
    seconds: float
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether every test passed, and there was one."""
        return bool(self.tests) and not self.failures

    @property
    def cases(self) -> int:
        """How many comparisons were made in all."""
        return sum(comparison.cases for comparison in self.comparisons)

    @property
    def largest(self) -> float:
        """The largest difference that was seen, or 0 where nothing was compared."""
        return max((comparison.largest for comparison in self.comparisons), default=0.0)
