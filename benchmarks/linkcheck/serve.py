"""A stage that another process serves, so that checking has a processor to itself."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.linkcheck.farm.names import Ground


class Served:
    """A stage that is being served: where, and once it is over what was done to its hosts."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.ground = Ground(**json.loads(self._line()))

    def report(self) -> Any:
        """The books of all hosts; the farm ends with it."""
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return json.loads(self._line())

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline()


@contextmanager
def serving(name: str, *sizes: int) -> Iterator[Served]:
    """The stage of that name, served by another process."""
    command = [sys.executable, "-m", "benchmarks.linkcheck.farm", name, *map(str, sizes)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Served(process)
        finally:
            process.kill()
