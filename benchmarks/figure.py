"""One measured figure and the aim it is held to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from benchmarks.workshop import Workshop


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured; `aim` is the most it may be, and None where it only explains another."""

    name: str
    value: float
    unit: str
    aim: float | None = None

    @property
    def missed(self) -> bool:
        """Whether there is an aim and the figure is above it."""
        return self.aim is not None and self.value > self.aim


class Benchmark(Protocol):
    """A function that measures and yields figures as it has them."""

    def __call__(self, workshop: Workshop) -> Iterator[Figure]: ...
