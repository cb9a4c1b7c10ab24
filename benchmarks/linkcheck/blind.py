"""The blind cases as stages, and how far verdicts on them are from a maintainer's."""

from benchmarks.linkcheck.stage import Stage


def blind_stage(wave: int) -> Stage:
    raise NotImplementedError
