"""The facts of a page, and how those of several sources become one."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from tools.model.resource import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What is known of a page; what nobody said stays empty. `address` is the canonical one."""

    title: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    language: str = ""
    kind: Kind | None = None
    minutes: int | None = None
    address: str = ""


# Who is believed first. Citation tags are written for libraries and hold bare values; JSON-LD is
# meant for machines too but names other things of a page as well; OpenGraph is for cards, often
# with the site's name in the title; the rest is what a theme puts there.
SOURCES = ("citation", "jsonld", "opengraph", "html")
# Except here: a kind of OpenGraph is a word about a card, and `<link rel=canonical>` is what search
# engines go by, so sites keep it right.
_ORDER: Mapping[str, tuple[str, ...]] = {
    "kind": ("citation", "jsonld", "opengraph"),
    "address": ("html", "opengraph"),
}


def believed(found: Mapping[str, PageFacts]) -> PageFacts:
    """One set of facts: each from the first source, in the order above, that says anything."""
    return PageFacts(**{field.name: _first(field.name, found) for field in fields(PageFacts)})


def completed(facts: PageFacts, others: PageFacts) -> PageFacts:
    """The facts, with those of others where they say nothing."""
    return PageFacts(
        **{
            field.name: getattr(facts, field.name) or getattr(others, field.name)
            for field in fields(PageFacts)
        }
    )


def _first(name: str, found: Mapping[str, PageFacts]) -> Any:
    said = [getattr(found[source], name) for source in _ORDER.get(name, SOURCES)]
    return next((value for value in said if value), getattr(PageFacts(), name))
