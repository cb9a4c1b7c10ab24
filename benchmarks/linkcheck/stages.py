"""All stages by name."""

from benchmarks.linkcheck.blind import blind_stage
from benchmarks.linkcheck.stage import Stage, hostile, strict, usual

_STAGES = {"usual": usual, "strict": strict, "hostile": hostile, "blind": blind_stage}


def stage_of(name: str, *sizes: int) -> Stage:
    """The stage with this name and these sizes, the same in every process."""
    return _STAGES[name](*sizes)
