"""What it costs to load and validate a catalog, and whether that grows with its size alone."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.figure import Figure
from benchmarks.workshop import Workshop

SIZES = (100, 1_000, 10_000)
_ROUNDS = 3
_AIM_SECONDS = 6.0
_AIM_MEGABYTES = 600.0
_AIM_GROWTH = 1.5


@dataclass(frozen=True, slots=True)
class _Cost:
    seconds: float
    megabytes: float


def loading(workshop: Workshop) -> Iterator[Figure]:
    """Seconds and memory by size, and a resource's share at the largest beside the one before."""
    # The sizes by turns, so that a busy moment weighs on all of them.
    rounds = [{size: _cost(workshop.catalog(size)) for size in SIZES} for _ in range(_ROUNDS)]
    *_, middle, largest = SIZES
    for size in SIZES:
        seconds = median(costs[size].seconds for costs in rounds)
        aim = _AIM_SECONDS if size == largest else None
        yield Figure(f"load and validate {size:,} resources", seconds, "s", aim)
    # Only the largest: below it the peak is that of this process, which the new one starts from.
    peak = median(costs[largest].megabytes for costs in rounds)
    yield Figure(f"memory for {largest:,} at its most", peak, "MB", _AIM_MEGABYTES)
    growth = median(_share(costs, largest) / _share(costs, middle) for costs in rounds)
    name = f"a resource's time at {largest:,}, that at {middle:,} being 1"
    yield Figure(name, growth, "×", _AIM_GROWTH)


def _share(costs: Mapping[int, _Cost], size: int) -> float:
    return costs[size].seconds / size


def _cost(catalog: Path) -> _Cost:
    command = [sys.executable, "-m", "benchmarks.once", str(catalog)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    seconds, megabytes = map(float, said.split())
    return _Cost(seconds, megabytes)
