"""Proofs of snippets: their tests, each file in a fork of one process that has imported torch.

The fixture `compare` of tests/snippets/conftest.py writes the record; what left none is a failure
in words.
"""

import gc
import os
import re
import signal
import sys
import tempfile
import time
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import IO

from tools.model.problem import Problem
from tools.model.proof import Proof
from tools.storage import keys
from tools.storage.records import proof_path, read_record

LIMIT = 300.0  # Seconds; a snippet's tests are meant to take fifteen.
# What a session of tests reads before its tests, so that a fork begins with them at once.
_PRELOADED = ["torch", "numpy", "pytest", "hypothesis", "tools.storage.records"]
# Whatever pytest is set up to do elsewhere; hypothesis need not be rewritten, it is only read.
_OPTIONS = ["-q", "-rs", "--color=no", "-p", "no:cacheprovider", "-p", "no:xdist", "-o", "addopts="]
_OPTIONS += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
_DOTS = re.compile(r"[.FEsxX]+(\s+\[ *\d+%\])?")  # How pytest shows that it goes on.


def read_proof(root: Path, id: str) -> Proof | None:
    """The proof of the snippet as its files are today, passed or not."""
    return read_record(proof_path(root, id), Proof, keys.proof_key(root, id))


def lack_proof(root: Path, ids: Iterable[str]) -> list[str]:
    """The snippets that have no passed proof of today; a failed one is never taken on trust."""
    return [id for id in ids if not ((proof := read_proof(root, id)) and proof.passed)]


def problems_of(proof: Proof) -> tuple[Problem, ...]:
    """The failures of a proof, as everything that is wrong is told."""
    problems = []
    for place, message in proof.failures:
        path, _, line = place.partition(":")
        problems.append(Problem(path, int(line or 0), "", message))
    return tuple(problems)


def prove(
    root: Path, ids: Iterable[str], *, at_once: int = 2, limit: float = LIMIT
) -> Generator[Proof, None, None]:
    """Run the tests of snippets, some at once; a proof each, as they end.

    Closing the generator ends what still runs.
    """
    root = root.resolve()
    waiting, running = list(dict.fromkeys(ids)), list[_Session]()
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                id = waiting.pop(0)
                if missing := _missing(root, id):
                    yield _failed(root, id, *missing)
                else:
                    running.append(_Session.begin(root, id, limit))
            if running:
                wait([s.process.sentinel for s in running], timeout=_rest(running))
            for session in [s for s in running if s.over]:
                running.remove(session)
                yield session.proof()
    finally:
        for session in running:
            session.stop()


def warm_context() -> ForkServerContext:
    """What starts processes as forks of one that has imported torch and pytest."""
    context = get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return context


@dataclass(slots=True)
class _Session:
    """The tests of one snippet as they run; `said` is what pytest writes."""

    root: Path
    id: str
    process: ForkServerProcess
    limit: float
    said: IO[bytes]
    start: float = field(default_factory=time.monotonic)

    @classmethod
    def begin(cls, root: Path, id: str, limit: float) -> "_Session":
        # An older record must not pass for the one that is being made.
        proof_path(root, id).unlink(missing_ok=True)
        said = tempfile.NamedTemporaryFile(prefix="proof-", suffix=".txt")  # noqa: SIM115
        process = warm_context().Process(target=_run_tests, args=(root, id, said.name))
        process.start()
        return cls(root, id, process, limit, said)

    @property
    def rest(self) -> float:
        """The seconds it may still take."""
        return self.limit - (time.monotonic() - self.start)

    @property
    def over(self) -> bool:
        return not self.process.is_alive() or self.rest <= 0

    def proof(self) -> Proof:
        """What the tests left behind, or why they left nothing."""
        late = self.process.is_alive()
        text = self.stop()
        if proof := read_proof(self.root, self.id):
            return proof
        code = self.process.exitcode or 0
        if late:
            why = f"took longer than {self.limit:g} s"
        elif code < 0:
            why = f"ended by {signal.Signals(-code).name}"
        else:
            why = f"left no proof: {_outcome(text) or f'ended with exit code {code}'}"
        return _failed(self.root, self.id, keys.test_file(self.id), why, self.limit - self.rest)

    def stop(self) -> str:
        """End it if it still runs; the text it wrote."""
        self.process.kill()
        self.process.join()
        with self.said:
            return Path(self.said.name).read_text(encoding="utf-8", errors="replace")


def _rest(running: list[_Session]) -> float:
    return max(0.0, min(session.rest for session in running))


def _run_tests(root: Path, id: str, said: str) -> None:
    """In the fork: the tests of one snippet, and nothing else."""
    text = os.open(said, os.O_WRONLY | os.O_TRUNC)
    os.dup2(text, 1)
    os.dup2(text, 2)
    import pytest
    import torch

    gc.freeze()  # What was imported before the fork needs no search for garbage.
    torch.set_num_threads(1)  # Two such processes share the machine.
    os.chdir(root)
    os.environ.pop("PYTEST_ADDOPTS", None)
    sys.path.insert(0, str(root))
    code = pytest.main([*_OPTIONS, f"--rootdir={root}", keys.test_file(id)])
    sys.stdout.flush()
    os._exit(int(code))


def _outcome(text: str) -> str:
    """The last line of what was said, and what was skipped."""
    lines = [line.strip("= ") for line in text.splitlines()]
    last = next((line for line in reversed(lines) if line and not _DOTS.fullmatch(line)), "")
    return "; ".join(filter(None, [last, *(one for one in lines if one.startswith("SKIPPED"))]))


def _missing(root: Path, id: str) -> tuple[str, str] | None:
    snippet, tests = keys.snippet_file(id), keys.test_file(id)
    if not (root / snippet).is_file():
        return snippet, "found no file, expected the snippet"
    if not (root / tests).is_file():
        return tests, f"found no file, expected tests that compare {snippet} with an oracle"
    return None


def _failed(root: Path, id: str, place: str, why: str, seconds: float = 0.0) -> Proof:
    return Proof(
        snippet=id,
        key=keys.proof_key(root, id),
        tests=(),
        failures=((place, why),),
        seconds=round(seconds, 3),
        versions=keys.versions(keys.PROOF_PACKAGES),
    )
