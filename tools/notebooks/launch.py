"""Starting the worker that runs snippets, and reading what it tells."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO

from tools.notebooks.cells import Finished, Job, Seen

_PACKAGE = Path(__file__).parents[2]
# One thread from the start, and the same order of sets and dicts in every run.
_STEADY = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}


class WorkerFailed(Exception):
    """Why no snippet can be run at all, in one sentence."""


def worked(jobs: Sequence[Job], at_once: int, limit: float) -> Iterator[Finished]:
    """How each job ended, as it ends; raises WorkerFailed. Closing it ends what still runs."""
    asked = {"jobs": [asdict(job) for job in jobs], "at_once": at_once, "limit": limit}
    found = os.pathsep.join(filter(None, (str(_PACKAGE), os.environ.get("PYTHONPATH"))))
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(
            [sys.executable, "-P", "-m", "tools.notebooks.worker"],
            env=os.environ | _STEADY | {"PYTHONPATH": found},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, text=True,
        ) as worker,
    ):  # fmt: skip
        assert worker.stdin and worker.stdout
        try:
            with suppress(BrokenPipeError), worker.stdin as stdin:
                json.dump(asked, stdin)
            for line in worker.stdout:
                yield _finished(line)
            if worker.wait():
                raise WorkerFailed(_last_line(said))
        finally:
            worker.terminate()


def _finished(line: str) -> Finished:
    told = json.loads(line)
    told["seen"] = [Seen(**seen) for seen in told["seen"]]
    return Finished(**told)


def _last_line(said: IO[str]) -> str:
    said.seek(0)
    lines = said.read().strip().splitlines()
    return lines[-1] if lines else "the worker that runs the snippets ended without a word"
