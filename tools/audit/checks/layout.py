"""Pages that hold still, fit a narrow phone, and say in their head what they are."""

from collections.abc import Iterator
from unicodedata import east_asian_width

from tools.audit.site import Page, Site
from tools.audit.verdicts import Finding, Judgement, Measure, count
from tools.audit.visit import NARROW, PHONE, Visit

SHIFT_BUDGET = 0.02
DESCRIPTION_AT_LEAST = 50


def check(site: Site) -> Judgement:
    """Shifts and sideways scroll on the opened pages; title, description, h1, lang on all."""
    heads = tuple(f for page in site.pages.values() for f in _head(page))
    wide = tuple(f for visit in site.visits for f in _sideways(visit))
    jumps = tuple(f for visit in site.visits for f in _shifts(visit))
    phones = sum(visit.width == PHONE for visit in site.visits)
    worst = max((visit.shift for visit in site.visits), default=0.0)
    return Judgement(
        (
            count(
                "title, description, h1 or lang amiss",
                heads,
                f"{len(site.pages)} pages",
            ),
            count(f"sideways scroll at {NARROW} px", wide, f"{phones} visits"),
            Measure("largest layout shift", f"{worst:.3f}", str(SHIFT_BUDGET), not jumps),
        ),
        (*heads, *wide, *jumps),
    )


def breadth(text: str) -> int:
    """The length of a text in Latin letters: a Chinese character says as much as two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _head(page: Page) -> Iterator[Finding]:
    facts = page.facts
    if not facts.title:
        yield Finding(page.address, "<head>", "no title", "a <title>")
    if breadth(facts.description) < DESCRIPTION_AT_LEAST:
        expected = f"at least {DESCRIPTION_AT_LEAST}; a Chinese character counts as two"
        found = f"{breadth(facts.description)} letters: {facts.description!r}"
        yield Finding(page.address, '<meta name="description">', found, expected)
    if facts.headings != 1:
        yield Finding(page.address, "<body>", f"{facts.headings} h1", "one h1")
    if not facts.lang:
        yield Finding(page.address, "<html>", "no lang", "the page's language")


def _sideways(visit: Visit) -> Iterator[Finding]:
    if visit.sticking_out:
        found = "; ".join(visit.sticking_out)
        yield Finding(visit.page, f"at {NARROW} px", found, "nothing beyond the right edge")


def _shifts(visit: Visit) -> Iterator[Finding]:
    if visit.shift > SHIFT_BUDGET:
        place = f"opened at {visit.width} px: {visit.shifted}"
        yield Finding(visit.page, place, f"{visit.shift:.3f}", f"at most {SHIFT_BUDGET}")
