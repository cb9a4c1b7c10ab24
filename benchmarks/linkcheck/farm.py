"""Serves a stage: says where, waits for a line, says what was done to its hosts, and ends."""

import json
import sys
from dataclasses import asdict, replace

from benchmarks.linkcheck.stages import stage_of
from tests.linkcheck.farm.server import farming


def main() -> None:
    """Serve the stage named on the command line until a line comes, or the end of all input."""
    name, *sizes = sys.argv[1:]
    stage = stage_of(name, *map(int, sizes))
    with farming(stage.hosts) as farm:
        ground = replace(farm.ground, known=stage.known, refused=stage.refused)
        print(json.dumps(asdict(ground)), flush=True)
        if sys.stdin.readline():
            print(farm.report(), flush=True)


if __name__ == "__main__":
    main()
