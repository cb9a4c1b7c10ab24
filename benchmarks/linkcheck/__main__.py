"""`python -m benchmarks.linkcheck hostile 240`: one run over one stage, and all that was wrong.

The stages are those of `stages.py`; `blind 0` is a wave of the blind cases, of which no evidence is
shown: who sees why one fails is tempted to mend that one.
"""

import sys

from benchmarks.console import say
from benchmarks.linkcheck.run import Run, run


def main() -> None:
    """Run the stage named on the command line and say what went wrong at it."""
    name, *sizes = sys.argv[1:]
    blind = name == "blind"
    done = run(name, *map(int, sizes), bare=blind)
    say(
        f"{len(done.found)} of {len(done.stage.links)} links in {done.seconds:.2f} s,"
        f" {done.megabytes:.0f} MB, {done.requests} requests"
    )
    _say_what_was_wrong(done, blind)


def _say_what_was_wrong(done: Run, blind: bool) -> None:
    for address in done.wrong():
        found, right = done.found[address], " or ".join(done.stage.expect[address])
        evidence = "" if blind else f"; {'; '.join(found.evidence)}"
        say(f"{address}: {found.verdict}, not {right}{evidence}")
    for host, broken in done.rudeness.items():
        say(f"{host}: {broken}")


if __name__ == "__main__":
    main()
