"""What checks might remember of a catalog's links."""

from dataclasses import replace
from typing import Any

from tools.model.address import address_key
from tools.model.catalog import Catalog
from tools.model.link import Evidence, EvidenceKind, LinkHealth, LinkMemory, LinkRun, Verdict

RUN = LinkRun(finished="2026-11-23T04:05:06Z", links=17, version="1.2")


def seen(kind: EvidenceKind, value: str) -> Evidence:
    return Evidence(kind=kind, value=value)


def health(address: str, verdict: Verdict = "ok", **changed: Any) -> LinkHealth:
    """The last verdict on an address, since a day."""
    valid = {"url": address_key(address), "verdict": verdict, "since": "2026-11-09"}
    return LinkHealth(**valid | changed)


def with_memory(catalog: Catalog, *remembered: LinkHealth, run: LinkRun | None = RUN) -> Catalog:
    """The same catalog after checks that remember this."""
    return replace(catalog, links=LinkMemory({one.url: one for one in remembered}, run))
