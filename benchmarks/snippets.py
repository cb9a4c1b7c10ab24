"""What a snippet costs beside its twin in torch.nn, by turns in one process."""

import importlib.util
import platform
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter
from types import ModuleType

import torch
from torch import Tensor, nn

from benchmarks.figure import Figure
from benchmarks.workshop import Workshop
from tools.model.ratio import PathRatio, Ratio
from tools.storage.ratios import ratio_key, write_ratio

_THREADS = 2
_ROUNDS = 25
_WARM = 3


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two that race: what is trained, and one pass over the common input."""

    model: nn.Module
    out: Callable[[], Tensor]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Race:
    """A snippet and its twin on one input, and the most that each ratio may be by the contract.

    `path` names one of several ways through the snippet.
    """

    snippet: str
    twin: str
    shape: str
    sides: Callable[[ModuleType], tuple[_Side, _Side]]
    forward: float
    both: float
    path: str = ""

    @property
    def told(self) -> str:
        return f"{self.snippet}, {self.path}" if self.path else self.snippet


def _recurrent(name: str, twin: type[nn.RNNBase]) -> Callable[[ModuleType], tuple[_Side, _Side]]:
    def sides(module: ModuleType) -> tuple[_Side, _Side]:
        ours, theirs = getattr(module, name)(128, 128), twin(128, 128, batch_first=True)
        ours.load_torch(theirs)
        x = torch.randn(32, 128, 128)
        return _Side(ours, lambda: ours(x)[0]), _Side(theirs, lambda: theirs(x)[0])

    return sides


def _attention(fused: bool) -> Callable[[ModuleType], tuple[_Side, _Side]]:
    """With all weights to look at, or without any: on both sides alike."""

    def sides(module: ModuleType) -> tuple[_Side, _Side]:
        ours = module.MultiHeadAttention(256, 8)
        theirs = nn.MultiheadAttention(256, 8, batch_first=True)
        ours.load_torch(theirs)
        x = torch.randn(8, 256, 256)
        shown = {"need_weights": not fused, "average_attn_weights": False}
        return (
            _Side(ours, lambda: ours(x, x, x, fused=fused)[0]),
            _Side(theirs, lambda: theirs(x, x, x, **shown)[0]),
        )

    return sides


def _encoder_layer(module: ModuleType) -> tuple[_Side, _Side]:
    """As both are while they train: torch has another, fused way for inference."""
    theirs = nn.TransformerEncoderLayer(256, 8, 1024, dropout=0.0, batch_first=True)
    ours = module.EncoderLayer(256, 8, 1024)
    ours.load_torch(theirs)
    x = torch.randn(8, 256, 256)
    return _Side(ours, lambda: ours(x)), _Side(theirs, lambda: theirs(x))


_STEPS, _HEADS = "B = 32, T = 128, H = 128", "B = 8, T = 256, d = 256, h = 8"
_RACES = (
    _Race(snippet="recurrent/lstm", twin="nn.LSTM", shape=_STEPS,
          sides=_recurrent("LSTM", nn.LSTM), forward=4.5, both=3.6),
    _Race(snippet="recurrent/gru", twin="nn.GRU", shape=_STEPS,
          sides=_recurrent("GRU", nn.GRU), forward=1.4, both=1.2),
    _Race(snippet="attention/multi_head_attention", twin="nn.MultiheadAttention", shape=_HEADS,
          path="explicit softmax", sides=_attention(fused=False), forward=1.1, both=1.1),
    _Race(snippet="attention/multi_head_attention", twin="nn.MultiheadAttention", shape=_HEADS,
          path="fused", sides=_attention(fused=True), forward=1.0, both=1.0),
    _Race(snippet="transformer/transformer_layer", twin="nn.TransformerEncoderLayer", shape=_HEADS,
          sides=_encoder_layer, forward=1.1, both=1.1),
)  # fmt: skip


def snippets(workshop: Workshop) -> Iterator[Figure]:
    """The ratio of the medians, forward and with backward, for every snippet that has a twin."""
    threads = torch.get_num_threads()
    torch.set_num_threads(_THREADS)
    measured: dict[str, list[PathRatio]] = {}
    try:
        for race in _RACES:
            if not (workshop.project / f"snippets/{race.snippet}.py").exists():
                continue
            ratio = _ratio(race, workshop.project)
            measured.setdefault(race.snippet, []).append(ratio)
            yield Figure(f"{race.told} forward, its twin being 1", ratio.forward, "×", race.forward)
            yield Figure(f"{race.told} with backward", ratio.both, "×", race.both)
    finally:
        torch.set_num_threads(threads)
    if workshop.record:
        for race in {race.snippet: race for race in _RACES if race.snippet in measured}.values():
            write_ratio(workshop.project, _record(race, workshop.project, measured[race.snippet]))


def _ratio(race: _Race, project: Path) -> PathRatio:
    torch.manual_seed(0)
    sides = race.sides(_module(race.snippet, project))
    forward, both = (_medians(step, *sides) for step in (_forward, _both))
    return PathRatio(name=race.path, forward=round(forward, 2), both=round(both, 2))


def _medians(step: Callable[[_Side], object], ours: _Side, theirs: _Side) -> float:
    """The ratio of the medians of many turns: a busy moment weighs on both."""
    times = [(_seconds(step, ours), _seconds(step, theirs)) for _ in range(_ROUNDS + _WARM)]
    mine, its = zip(*times[_WARM:], strict=True)
    return median(mine) / median(its)


def _seconds(step: Callable[[_Side], object], side: _Side) -> float:
    start = perf_counter()
    step(side)
    return perf_counter() - start


def _forward(side: _Side) -> None:
    with torch.no_grad():
        side.out()


def _both(side: _Side) -> None:
    side.model.zero_grad(set_to_none=True)
    side.out().sum().backward()


def _module(snippet: str, project: Path) -> ModuleType:
    name = snippet.replace("/", "_")
    spec = importlib.util.spec_from_file_location(name, project / f"snippets/{snippet}.py")
    if spec is None or spec.loader is None:
        raise ValueError(f"found no snippet {snippet!r}, expected its file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _record(race: _Race, project: Path, paths: Sequence[PathRatio]) -> Ratio:
    return Ratio(
        snippet=race.snippet,
        key=ratio_key(project, race.snippet),
        twin=race.twin,
        shape=race.shape,
        paths=tuple(paths),
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
