"""JSON-LD: the one thing of the graph that is the page itself."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tools.exchange.page_facts.facts import PageFacts
from tools.exchange.page_facts.said import a_date, a_language, a_title, minutes_of, some_names
from tools.model.address import address_key
from tools.model.resource import Kind

Thing = dict[str, Any]

# The types that are about reading and watching, with the kind they surely mean. An Article may be
# an article or a tutorial here, which schema.org does not tell apart.
_KINDS: Mapping[str, Kind | None] = {
    "Article": None, "BlogPosting": None, "NewsArticle": None, "TechArticle": None, "Report": None,
    "ScholarlyArticle": "paper", "VideoObject": "video", "Book": "book", "Course": "course",
    "SoftwareSourceCode": "code",
}  # fmt: skip
_DEEPEST, _MOST = 6, 2_000


def jsonld_facts(scripts: tuple[str, ...], address: str) -> tuple[PageFacts, tuple[str, ...]]:
    """What the page's own thing says, and the names that the graph gives to the site."""
    things = [thing for script in scripts for thing in _things(_read(script), _DEEPEST)][:_MOST]
    known = {thing["@id"]: thing for thing in things if isinstance(thing.get("@id"), str)}
    main = _main([thing for thing in things if _type(thing)], address)
    return (_facts(main, known) if main else PageFacts()), _site_names(things, known)


def _read(script: str) -> Any:
    try:
        return json.loads(script, strict=False)
    except (ValueError, RecursionError):
        return None


def _things(value: Any, depth: int) -> Iterator[Thing]:
    """The things that stand side by side, however they are listed; not those inside others."""
    if isinstance(value, list) and depth:
        for one in value:
            yield from _things(one, depth - 1)
    if isinstance(value, dict) and depth:
        yield value
        yield from _things(value.get("@graph"), depth - 1)
        yield from _things(value.get("mainEntity"), depth - 1)


def _type(thing: Thing) -> str:
    """The first type that counts; spelled with or without its vocabulary."""
    types = thing.get("@type")
    for one in types if isinstance(types, list) else [types]:
        name = one.rpartition("/")[2].rpartition(":")[2] if isinstance(one, str) else ""
        if name in _KINDS:
            return name
    return ""


def _main(things: list[Thing], address: str) -> Thing | None:
    """The thing that names this address; else the only one; else, of an article's, the article."""
    if len(things) <= 1:
        return things[0] if things else None
    here = [thing for thing in things if _names(thing, address)]
    articles = [thing for thing in here or things if _KINDS[_type(thing)] is None]
    chosen = articles or here
    return chosen[0] if here or len(chosen) == 1 else None


def _names(thing: Thing, address: str) -> bool:
    page = thing.get("mainEntityOfPage")
    page = page.get("@id") or page.get("url") if isinstance(page, dict) else page
    return any(_same(named, address) for named in (page, thing.get("url"), thing.get("@id")))


def _same(named: Any, address: str) -> bool:
    try:
        return isinstance(named, str) and address_key(named) == address_key(address)
    except ValueError:
        return False


def _facts(thing: Thing, known: Mapping[str, Thing]) -> PageFacts:
    authors = thing.get("author") or thing.get("creator")
    language = _resolved(thing.get("inLanguage"), known)
    return PageFacts(
        title=a_title(thing.get("headline")) or a_title(thing.get("name")),
        authors=some_names([_name(one, known) for one in _listed(authors)]),
        published=a_date(thing.get("datePublished")) or a_date(thing.get("uploadDate")),
        language=a_language(language.get("alternateName")) or a_language(language.get("name")),
        kind=_KINDS[_type(thing)],
        minutes=minutes_of(thing.get("duration")) or minutes_of(thing.get("timeRequired")),
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _resolved(value: Any, known: Mapping[str, Thing]) -> Thing:
    """A thing, one that stands elsewhere in the graph, or one that is only named."""
    if isinstance(value, str):
        return known.get(value) or {"name": value}
    thing = value if isinstance(value, dict) else {}
    id = thing.get("@id")
    return thing if "name" in thing or not isinstance(id, str) else {**known.get(id, {}), **thing}


def _name(value: Any, known: Mapping[str, Thing]) -> Any:
    person = _resolved(value, known)
    parts = (person.get("givenName"), person.get("familyName"))
    whole = " ".join(part for part in parts if isinstance(part, str))
    return person.get("name") or whole


def _site_names(things: list[Thing], known: Mapping[str, Thing]) -> tuple[str, ...]:
    sites = [thing for thing in things if thing.get("@type") == "WebSite"]
    sites += [_resolved(thing.get("publisher"), known) for thing in things]
    return tuple(name for site in sites if (name := a_title(site.get("name"))))
