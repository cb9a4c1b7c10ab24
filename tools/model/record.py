"""All that machines have found of one snippet; what was not run, proven or measured is None."""

from dataclasses import dataclass

from tools.model.proof import Proof
from tools.model.ratio import Ratio
from tools.model.run import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class SnippetRecord:
    """The run, the proof and the ratio of today's code; never those of an older one."""

    run: Run | None = None
    proof: Proof | None = None
    ratio: Ratio | None = None
