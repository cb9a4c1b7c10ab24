"""`python -m benchmarks.linkcheck hostile 240`: one run over one stage, and all that was wrong."""

import sys

from benchmarks.console import say
from benchmarks.linkcheck.run import Run, run


def main() -> None:
    """Run the stage named on the command line and say what went wrong at it."""
    name, *sizes = sys.argv[1:]
    done = run(name, *map(int, sizes))
    say(
        f"{len(done.found)} of {len(done.stage.links)} links in {done.seconds:.2f} s,"
        f" {done.megabytes:.0f} MB, {done.requests} requests"
    )
    _say_what_was_wrong(done)


def _say_what_was_wrong(done: Run) -> None:
    for address in done.wrong():
        found, right = done.found[address], " or ".join(done.stage.expect[address])
        say(f"{address}: {found.verdict}, not {right}; {'; '.join(found.evidence)}")
    for host, broken in done.rudeness.items():
        say(f"{host}: {broken}")


if __name__ == "__main__":
    main()
