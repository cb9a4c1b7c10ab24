"""`python -m tools.notebooks.worker`: imports torch once, then forks a child for each snippet.

Reads one JSON document of jobs, writes one JSON line as each ends. A child may crash, hang or call
`os._exit`; that ends its own snippet with a message and no other.
"""

import json
import os
import signal
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tools.notebooks.cells import Finished, Job, run_cells

_PAUSE = 0.01  # Seconds between looks at the children.


@dataclass(slots=True)
class _Child:
    job: Job
    pid: int
    folder: Path
    until: float


def main() -> None:
    """Run every job of standard input; what ends first is told first."""
    asked = json.load(sys.stdin)
    jobs = [Job(**job) for job in asked["jobs"]]
    _warm()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    for finished in _ended(jobs, asked["at_once"], asked["limit"]):
        print(json.dumps(asdict(finished)), flush=True)


def _warm() -> None:
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot
    import numpy
    import torch

    # Named so that no tidying takes the imports away; forks then find them in memory.
    assert matplotlib.pyplot and numpy and torch


def _ended(jobs: list[Job], at_once: int, limit: float) -> Iterator[Finished]:
    waiting = deque(jobs)
    running: list[_Child] = []
    with tempfile.TemporaryDirectory() as work:
        try:
            while waiting or running:
                while waiting and len(running) < at_once:
                    running.append(_fork(waiting.popleft(), Path(work), limit))
                for child in list(running):
                    finished = _finished(child, limit)
                    if finished:
                        running.remove(child)
                        yield finished
                time.sleep(_PAUSE)
        finally:
            for child in running:
                _kill(child)


def _fork(job: Job, work: Path, limit: float) -> _Child:
    folder = Path(tempfile.mkdtemp(dir=work))
    pid = os.fork()
    if pid:
        os.setpgid(pid, pid)  # Here as well as there: whoever comes first.
        return _Child(job, pid, folder, time.monotonic() + limit)
    try:
        _be_child(job, folder)
        os._exit(0)
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
    finally:
        os._exit(1)


def _be_child(job: Job, folder: Path) -> None:
    """Run the job in an empty folder, in a process group of its own, and leave the result."""
    os.setpgid(0, 0)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    log = os.open(folder / "said", os.O_WRONLY | os.O_CREAT)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    (folder / "empty").mkdir()
    os.chdir(folder / "empty")
    finished = run_cells(job, lambda line: _write(folder / "line", str(line)))
    _write(folder / "unfinished", json.dumps(asdict(finished)))
    (folder / "unfinished").rename(folder / "result")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _finished(child: _Child, limit: float) -> Finished | None:
    """How the child ended, or None while it runs within its limit."""
    pid, status = os.waitpid(child.pid, os.WNOHANG)
    if not pid:
        if time.monotonic() < child.until:
            return None
        _kill(child)
        return _broken(child, f"still ran after {limit:g} s")
    _kill(child)  # What the snippet itself started may still run.
    if (child.folder / "result").exists():
        result: dict[str, Any] = json.loads((child.folder / "result").read_text("utf-8"))
        return Finished(**result)
    code = os.waitstatus_to_exitcode(status)
    ended = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    said = (child.folder / "said").read_text("utf-8", errors="replace").split("\n")
    last = next((line for line in reversed(said) if line.strip()), "")
    return _broken(child, f"the process ended with {ended}" + (f": {last}" if last else ""))


def _broken(child: _Child, message: str) -> Finished:
    line = child.folder / "line"
    started = line.read_text() if line.exists() else ""
    return Finished(snippet=child.job.snippet, line=int(started or 1), message=message)


def _kill(child: _Child) -> None:
    for end in (lambda: os.killpg(child.pid, signal.SIGKILL), lambda: os.waitpid(child.pid, 0)):
        try:
            end()
        except (ProcessLookupError, ChildProcessError, PermissionError):
            continue


if __name__ == "__main__":
    main()
