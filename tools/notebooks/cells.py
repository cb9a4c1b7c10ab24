"""Running the cells of one snippet in this process: a forked child of the warmed worker.

torch and matplotlib are imported already; they are named in functions only, so that the parent can
read the shapes here without them.
"""

import __future__

import io
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from math import isfinite
from types import CodeType, ModuleType
from typing import Any

from tools.notebooks.pictures import pictures
from tools.notebooks.style import apply_style

LONGEST_OUTPUT = 20_000  # Characters a cell may print: a page shows all of it.
_FUTURE = __future__.annotations.compiler_flag  # Holds for the cells below too.


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A snippet to run: its file and the first line and text of each cell of code.

    `measured` is the line of the cell that leaves `result`.
    """

    snippet: str
    path: str
    measured: int
    codes: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one cell of code left: words, its pictures for a page, and as matplotlib drew them."""

    printed: str = ""
    picture: str = ""
    drawn: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """How a snippet ended; with a `message` it failed on `line`."""

    snippet: str
    seen: Sequence[Seen] = ()
    metric: Mapping[str, Any] | None = None
    seconds: float = 0.0
    line: int = 0
    message: str = ""


class _Failed(Exception):
    def __init__(self, line: int, message: str) -> None:
        super().__init__(line, message)
        self.line, self.message = line, message


def run_cells(job: Job, entering: Callable[[int], None]) -> Finished:
    """Every cell in one `__main__`; `entering` is told the line of each cell before it runs."""
    start = time.perf_counter()
    module = ModuleType("__main__")
    module.__file__ = job.path
    sys.modules["__main__"] = module
    _prepare()
    seen: list[Seen] = []
    try:
        for n, (line, code) in enumerate(_compiled(job)):
            entering(line)
            seen.append(_run(job, n, line, code, module.__dict__))
        metric = _metric(module.__dict__.get("result"), line=job.measured)
    except _Failed as failure:
        return Finished(
            snippet=job.snippet, seen=seen, line=failure.line, message=failure.message,
            seconds=time.perf_counter() - start,
        )  # fmt: skip
    seconds = time.perf_counter() - start
    return Finished(snippet=job.snippet, seen=seen, metric=metric, seconds=seconds)


def _prepare() -> None:
    """One thread and one look: a run on one machine repeats to the digit."""
    import matplotlib
    import matplotlib.pyplot as plt
    import torch

    torch.set_num_threads(1)
    matplotlib.rcdefaults()
    apply_style()
    plt.show = lambda *_, **__: None  # In a terminal it opens a window; here figures are kept.


def _compiled(job: Job) -> list[tuple[int, CodeType]]:
    codes: list[tuple[int, CodeType]] = []
    flags = 0
    for line, text in job.codes:
        try:
            code = compile("\n" * (line - 1) + text, job.path, "exec", flags, dont_inherit=True)
        except SyntaxError as error:
            raise _Failed(error.lineno or line, f"SyntaxError: {error.msg}") from None
        flags |= code.co_flags & _FUTURE
        codes.append((line, code))
    return codes


def _run(job: Job, n: int, line: int, code: CodeType, names: dict[str, Any]) -> Seen:
    printed = _Bounded()
    try:
        with redirect_stdout(printed):
            exec(code, names)
            picture, drawn = pictures(f"{job.snippet}-{n}")
    except BaseException as error:  # SystemExit too: a cell that leaves is a cell that failed.
        raise _Failed(_line_of(error, job.path, line), _said(error)) from None
    return Seen(printed=printed.getvalue(), picture=picture, drawn=drawn)


def _metric(result: Any, line: int) -> dict[str, Any] | None:
    if result is None:
        return None
    try:
        values = {name: float(getattr(result, of)) for name, of in
                  (("value", "metric"), ("bar", "expected"), ("chance", "chance"))}  # fmt: skip
        values_and_name = {"name": str(result.measure), **values}
    except (AttributeError, TypeError, ValueError) as error:
        message = f"found a result without metric, expected, chance or measure: {error}"
        raise _Failed(line, message) from None
    if not isfinite(values["value"]):
        raise _Failed(line, f"found the metric {values['value']}, expected a number")
    return values_and_name


def _line_of(error: BaseException, path: str, cell: int) -> int:
    """The innermost line of the snippet that the error passed, else the cell's first."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == path and frame.lineno]
    return lines[-1] if lines else cell


def _said(error: BaseException) -> str:
    """The error in one line: what stands before its first line break is what it is about."""
    words = str(error).strip().split("\n")[0]
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


class _Bounded(io.StringIO):
    def write(self, text: str) -> int:
        if self.tell() + len(text) > LONGEST_OUTPUT:
            raise ValueError(f"expected at most {LONGEST_OUTPUT:,} printed characters in a cell")
        return super().write(text)
