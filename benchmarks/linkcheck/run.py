"""One run of the checker over one stage, in two processes beside this one."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.linkcheck.serve import serving
from benchmarks.linkcheck.stage import Stage
from benchmarks.linkcheck.stages import stage_of

# A run that takes longer hangs.
_HANGS = 180


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of one link."""

    verdict: str
    suggest: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """What a run over a stage took, found and did to the hosts; `requests` are those that came.

    `rudeness` says of each host how often which rule was broken.

    A run that hung has found nothing.
    """

    stage: Stage
    seconds: float
    megabytes: float
    found: Mapping[str, Checked]
    rudeness: Mapping[str, Mapping[str, int]]
    requests: int

    @property
    def hangs(self) -> int:
        """How many links never came to an outcome."""
        return len(self.stage.links) - len(self.found)

    def wrong(self) -> Iterator[str]:
        """The addresses with a verdict that is none of the right ones."""
        for address, right in self.stage.expect.items():
            if address in self.found and self.found[address].verdict not in right:
                yield address


def run(name: str, *sizes: int, bare: bool = False, **limits: float) -> Run:
    """Check the stage with this name and these sizes; `bare` leaves TLS out."""
    stage = stage_of(name, *sizes)
    with serving(name, *sizes) as served:
        said = _said(
            {
                "ground": asdict(served.ground),
                "links": [asdict(link) for link in stage.links],
                "limits": limits,
                "bare": bare,
            }
        )
        report = served.report()
    rude = {host: book["rudeness"] for host, book in report["hosts"].items() if book["rudeness"]}
    if touched := report["touched"] + said["outside"]:
        rude["private"] = {"touched": touched}
    return Run(
        stage=stage,
        seconds=said["seconds"],
        megabytes=said["megabytes"],
        found={
            url: Checked(verdict, suggest, tuple(seen))
            for url, verdict, suggest, seen in said["found"]
        },
        rudeness=rude,
        requests=sum(sum(book["asked"].values()) for book in report["hosts"].values()),
    )


def _said(asked: Mapping[str, Any]) -> Any:
    command = [sys.executable, "-m", "benchmarks.linkcheck.once"]
    try:
        done = subprocess.run(
            command, input=json.dumps(asked), timeout=_HANGS, text=True, check=True, stdout=-1
        )
    except subprocess.TimeoutExpired:
        return {"found": [], "seconds": float(_HANGS), "megabytes": 0.0, "outside": 0}
    return json.loads(done.stdout)
