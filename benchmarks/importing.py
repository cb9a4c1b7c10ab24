"""What it costs to read a note of five megabytes, beside its Markdown parser alone."""

from collections.abc import Callable, Iterator
from statistics import median
from time import perf_counter

from benchmarks.figure import Figure
from benchmarks.workshop import Workshop
from tools.exchange.importers.markdown import read_markdown
from tools.exchange.importers.parser import note_parser

_BYTES = 5_000_000
_ROUNDS = 3
_AIM_SECONDS = 30.0
_AIM_RATIO = 4.0
_SHAPES = {
    "a list": ("", "- 👉 [A title {n} | its site](https://example.org/{n}?utm_source=x) ***\n"),
    "a table": (
        "| name | kind | about | stars | read |\n|-|-|-|-|-|\n",
        "| [标题 {n}](https://example.org/{n}) | 博客 | 见 https://example.com/{n} | ** | ✅ |\n",
    ),
}


def importing(workshop: Workshop) -> Iterator[Figure]:
    """Seconds to read a note and the times its parser takes, for a list and for a table."""
    for shape in _SHAPES:
        note = _note(shape)
        # By turns, so that a busy moment weighs on both.
        rounds = [
            (_seconds(read_markdown, note), _seconds(note_parser().parse, note))
            for _ in range(_ROUNDS)
        ]
        seconds = median(whole for whole, _ in rounds)
        yield Figure(f"read {shape} of 5 MB", seconds, "s", _AIM_SECONDS)
        ratio = median(whole / parser for whole, parser in rounds)
        yield Figure(f"reading {shape}, the parser alone being 1", ratio, "×", _AIM_RATIO)


def _note(shape: str) -> str:
    head, line = _SHAPES[shape]
    return head + "".join(line.format(n=n) for n in range(_BYTES // len(line.encode())))


def _seconds(read: Callable[[str], object], note: str) -> float:
    started = perf_counter()
    read(note)
    return perf_counter() - started
