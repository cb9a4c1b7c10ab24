"""Running snippets, several at once, and keeping what they left for as long as it holds."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.model.problem import Problem
from tools.model.run import Cell, Metric, Run
from tools.notebooks.cells import Finished, Job, Seen
from tools.notebooks.launch import WorkerFailed, worked
from tools.notebooks.notebook import notebook_text
from tools.notebooks.parts import Part, parts_of, problems_of
from tools.storage.files import UnreadableFile, read_text, write_whole
from tools.storage.keys import RUN_PACKAGES, run_key, snippet_file, versions
from tools.storage.records import notebook_path, read_record, run_path, write_record

__all__ = ["Outcome", "WorkerFailed", "kept_notebook", "kept_run", "lacking_run", "run_snippets"]

AT_ONCE = 2
LIMIT = 120.0  # Seconds a snippet may take; the longest on the list is meant to take thirty.
_LARGEST = 4_000_000  # Bytes of a notebook with all its pictures.


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a run ended: with a Run, and what is wrong; a run with a problem is not kept."""

    snippet: str
    run: Run | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Read:
    """A snippet's file as it was when its key was made."""

    key: str
    parts: tuple[Part, ...]


def kept_run(root: Path, id: str) -> Run | None:
    """The run of a snippet as it is today, if it was run."""
    return read_record(run_path(root, id), Run, run_key(root, id))


def kept_notebook(root: Path, id: str) -> str | None:
    """The notebook of that run; None where there is none, or the cache was emptied by hand."""
    try:
        return read_text(notebook_path(root, id), root, _LARGEST) if kept_run(root, id) else None
    except UnreadableFile:
        return None


def lacking_run(root: Path, ids: Iterable[str]) -> tuple[str, ...]:
    """Those of the snippets that were not run as they are today."""
    return tuple(id for id in ids if kept_run(root, id) is None)


def run_snippets(
    root: Path, ids: Sequence[str], *, at_once: int = AT_ONCE, limit: float = LIMIT
) -> Generator[Outcome, None, None]:
    """Run the snippets and keep what they left; yields each as it ends, in any order.

    Raises WorkerFailed where torch or matplotlib are missing.
    """
    read: dict[str, _Read] = {}
    for id in ids:
        found = _read(root, id)
        if isinstance(found, _Read):
            read[id] = found
        else:
            yield Outcome(snippet=id, problems=found)
    if not read:
        return
    jobs = [_job(root, id, snippet.parts) for id, snippet in read.items()]
    for finished in worked(jobs, at_once, limit):
        yield _outcome(root, finished, read[finished.snippet])


def _read(root: Path, id: str) -> _Read | tuple[Problem, ...]:
    file = snippet_file(id)
    key = run_key(root, id)
    try:
        text = read_text(root / file, root)
    except UnreadableFile as error:
        return (Problem(file, 0, "", str(error)),)
    return problems_of(text, file) or _Read(key, parts_of(text))


def _job(root: Path, id: str, parts: Iterable[Part]) -> Job:
    codes = [(part.line, part.text) for part in parts if part.kind == "code"]
    path = str((root / snippet_file(id)).resolve())
    return Job(snippet=id, path=path, measured=_measured(parts), codes=codes)


def _measured(parts: Iterable[Part]) -> int:
    return next(part.line for part in parts if part.name == "picture")


def _outcome(root: Path, finished: Finished, read: _Read) -> Outcome:
    id, file = finished.snippet, snippet_file(finished.snippet)
    if finished.message:
        return Outcome(snippet=id, problems=(Problem(file, finished.line, "", finished.message),))
    notebook = notebook_text(read.parts, finished.seen)
    run = Run(
        snippet=id,
        key=read.key,
        cells=tuple(_cells(read.parts, finished.seen, notebook)),
        metric=Metric(**finished.metric) if finished.metric else None,
        seconds=round(finished.seconds, 2),
        versions=versions(RUN_PACKAGES),
    )
    missed = _missed(run, file, _measured(read.parts))
    if not missed:
        write_whole(notebook_path(root, id), notebook)
        write_record(run_path(root, id), run)
    return Outcome(snippet=id, run=run, problems=missed)


def _cells(parts: Sequence[Part], seen: Sequence[Seen], notebook: str) -> Iterator[Cell]:
    from tools.notebooks.markup import cells_of  # Its parsers load only where something ran.

    left = iter(seen)
    for part, html in zip(parts, cells_of(notebook), strict=True):
        cell_saw = next(left) if part.kind == "code" else Seen()
        yield Cell(
            kind=part.kind, source=part.source, name=part.name, html=html,
            printed=cell_saw.printed, picture=cell_saw.picture,
        )  # fmt: skip


def _missed(run: Run, file: str, line: int) -> tuple[Problem, ...]:
    metric = run.metric
    if metric is None or metric.reached:
        return ()
    side = "at most" if metric.chance > metric.bar else "at least"
    message = f"found {metric.value:.4g}, expected {side} {metric.bar:.4g}"
    return (Problem(file, line, metric.name, message),)
