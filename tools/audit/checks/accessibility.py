"""What axe-core objects to on the opened pages: in both palettes, on a desk and on a phone."""

from collections.abc import Iterator

from tools.audit.site import Site
from tools.audit.verdicts import Finding, Judgement, count
from tools.audit.visit import PALETTES, Violation, Visit


def check(site: Site) -> Judgement:
    """One finding for each page, rule and element, naming the settings it was seen in."""
    missing = tuple(f for visit in site.visits for f in _missing_palettes(visit))
    objections = tuple(_objections(site.visits))
    judged = sum(len(visit.violations) for visit in site.visits)
    return Judgement(
        (
            count("palettes missing", missing, f"{len(site.visits)} visits"),
            count("objections of axe-core", objections, f"{judged} settings"),
        ),
        (*missing, *objections),
    )


def _missing_palettes(visit: Visit) -> Iterator[Finding]:
    for palette in PALETTES:
        if palette not in visit.violations:
            place = f"opened at {visit.width} px"
            yield Finding(visit.page, place, f"no palette {palette}", "a switch that puts it on")


def _objections(visits: tuple[Visit, ...]) -> Iterator[Finding]:
    seen: dict[tuple[str, Violation], list[str]] = {}
    for visit in visits:
        for palette, violations in visit.violations.items():
            for violation in violations:
                settings = seen.setdefault((visit.page, violation), [])
                settings.append(f"{palette} {visit.width}")
    for (page, violation), settings in seen.items():
        place = f"{violation.element} ({', '.join(settings)})"
        yield Finding(page, place, f"{violation.rule}: {violation.why}", violation.asks)
