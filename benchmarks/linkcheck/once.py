"""Checks links once in a process of its own: the seconds, the memory and the verdicts it took."""

import json
import os
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from urllib3.poolmanager import SSL_KEYWORDS

from tests.linkcheck.farm.names import ALLOWED, Ground, resolving
from tools.linkcheck.checker import Checker
from tools.linkcheck.connections import POOLS
from tools.linkcheck.limits import Limits
from tools.model.link import CheckedLink, Link

_STATUS = Path("/proc/self/status")


def main() -> None:
    """Check what standard input asks for, and print what came of it; both are JSON."""
    asked = json.load(sys.stdin)
    ground = Ground(**asked["ground"])
    if asked["bare"]:
        ground = replace(ground, sealed=ground.bare)
        _leave_tls_out()
    for name in [*os.environ]:
        if name.lower().endswith("_proxy"):
            del os.environ[name]
    links = [_link(fields) for fields in asked["links"]]
    limits = Limits(allowed=ALLOWED, **asked["limits"])
    with resolving(ground) as outside:
        start = time.perf_counter()
        found = list(Checker(limits).check(links))
        seconds = time.perf_counter() - start
    print(json.dumps(_said(found) | {"seconds": seconds, "outside": len(outside)}))


def _link(fields: dict[str, Any]) -> Link:
    """A link without the places it stands at: nothing judges by them."""
    fields = {name: value for name, value in fields.items() if name != "where"}
    return Link(**fields | {"titles": tuple(fields["titles"])})


def _said(found: Sequence[CheckedLink]) -> dict[str, Any]:
    judged = [
        (
            one.url,
            one.verdict,
            one.judgement.suggest,
            [str(seen) for seen in one.judgement.evidence],
        )
        for one in found
    ]
    return {"found": judged, "megabytes": _megabytes()}


def _megabytes() -> float:
    """The most memory this process had; what `getrusage` says begins with that of its parent."""
    if _STATUS.exists():
        peak = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return float(peak.split()[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def _leave_tls_out() -> None:
    """Speak plain HTTP where https was asked for: no stranger's certificate can be had here."""
    plain = POOLS["http"]

    def bare(host: str, port: int | None = None, **options: Any) -> Any:
        kept = {name: value for name, value in options.items() if name not in SSL_KEYWORDS}
        return plain(host, port, **kept)

    POOLS["https"] = bare


if __name__ == "__main__":
    main()
