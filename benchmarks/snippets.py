"""What a snippet costs beside its twin in torch.nn, by turns in one process."""

import importlib.util
import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter
from types import ModuleType
from typing import Any

import torch
from torch import Tensor, nn

from benchmarks.figure import Figure
from benchmarks.workshop import Workshop
from tools.model.ratio import Ratio
from tools.storage.ratios import ratio_key, write_ratio

_THREADS = 2
_ROUNDS = 25
_WARM = 3


@dataclass(frozen=True, slots=True)
class _Race:
    """A snippet and its twin on one input, and the most that each ratio may be by the contract."""

    snippet: str
    name: str
    twin: Callable[..., nn.Module]
    sizes: tuple[int, ...]
    shape: tuple[int, ...]
    forward: float
    both: float

    @property
    def told(self) -> str:
        batch, time, features = self.shape
        return f"B = {batch}, T = {time}, H = {features}"


_RACES = (
    _Race("recurrent/lstm", "LSTM", nn.LSTM, (128, 128), (32, 128, 128), 4.5, 3.6),
    _Race("recurrent/gru", "GRU", nn.GRU, (128, 128), (32, 128, 128), 1.4, 1.2),
)


def snippets(workshop: Workshop) -> Iterator[Figure]:
    """The ratio of the medians, forward and with backward, for every snippet that has a twin."""
    threads = torch.get_num_threads()
    torch.set_num_threads(_THREADS)
    try:
        for race in _RACES:
            if not (workshop.project / f"snippets/{race.snippet}.py").exists():
                continue
            forward, both = _ratios(race, workshop.project)
            yield Figure(f"{race.snippet} forward, its twin being 1", forward, "×", race.forward)
            yield Figure(f"{race.snippet} with backward", both, "×", race.both)
            if workshop.record:
                write_ratio(workshop.project, _record(race, workshop.project, forward, both))
    finally:
        torch.set_num_threads(threads)


def _ratios(race: _Race, project: Path) -> tuple[float, float]:
    torch.manual_seed(0)
    ours = getattr(_module(race.snippet, project), race.name)(*race.sizes)
    theirs = race.twin(*race.sizes, batch_first=True)
    ours.load_torch(theirs)
    x = torch.randn(race.shape)
    return _ratio(_forward, ours, theirs, x), _ratio(_both, ours, theirs, x)


def _ratio(step: Callable[[nn.Module, Tensor], object], ours: Any, theirs: Any, x: Tensor) -> float:
    """Medians of many turns: a busy moment weighs on both."""
    times = [(_seconds(step, ours, x), _seconds(step, theirs, x)) for _ in range(_ROUNDS + _WARM)]
    mine, its = zip(*times[_WARM:], strict=True)
    return median(mine) / median(its)


def _seconds(step: Callable[[nn.Module, Tensor], object], model: nn.Module, x: Tensor) -> float:
    start = perf_counter()
    step(model, x)
    return perf_counter() - start


def _forward(model: nn.Module, x: Tensor) -> None:
    with torch.no_grad():
        model(x)


def _both(model: nn.Module, x: Tensor) -> None:
    model.zero_grad(set_to_none=True)
    out, _ = model(x)
    out.sum().backward()


def _module(snippet: str, project: Path) -> ModuleType:
    name = snippet.replace("/", "_")
    spec = importlib.util.spec_from_file_location(name, project / f"snippets/{snippet}.py")
    if spec is None or spec.loader is None:
        raise ValueError(f"found no snippet {snippet!r}, expected its file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _record(race: _Race, project: Path, forward: float, both: float) -> Ratio:
    return Ratio(
        snippet=race.snippet,
        key=ratio_key(project, race.snippet),
        twin=f"nn.{race.name}",
        shape=race.told,
        forward=round(forward, 2),
        both=round(both, 2),
        machine=_processor(),
        threads=_THREADS,
        day=date.today().isoformat(),
        versions={"torch": version("torch"), "python": platform.python_version()},
    )


def _processor() -> str:
    """The processor's name as Linux tells it, else what the platform knows."""
    known = Path("/proc/cpuinfo")
    lines = known.read_text().splitlines() if known.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
