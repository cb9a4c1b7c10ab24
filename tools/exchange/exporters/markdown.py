"""The catalog as a Markdown note: what to read about each topic, and why."""

import re
from collections.abc import Iterator

from tools.exchange.text import one_line
from tools.model.catalog import Catalog
from tools.model.resource import Resource
from tools.model.topic import Topic
from tools.model.words import SiteLanguage

# What CommonMark and its common extensions obey inside a line: emphasis, code, links, HTML,
# entities, formulas, highlights, attributes, tags, mentions.
_INLINE = re.compile(r"[\\`*_{}\[\]<>#~$=^&@]")
# Only at the beginning of a line: lists, quotes, rules, definitions.
_OPENING = re.compile(r"^(\d{1,9}(?=[.)])|(?=[-+:.]))")
# Programs make links of addresses that nobody marked, even of those without `https://`.
_BARE = re.compile(r"(?<=/)/|(?<=\S)\.(?=[^\W\d_])")
# Parentheses would end it, and `&copy;` is a reference there too.
_IN_ADDRESS = re.compile(r"[\\`<>()]|&(?=#?\w+;)")


def to_markdown(catalog: Catalog, language: SiteLanguage) -> str:
    """Every topic with its reading list, numbered, then the topic's other resources."""
    site = catalog.site
    parts = [f"# {escaped(site.name.to(language))}\n\n{escaped(site.tagline.to(language))}\n"]
    parts += [_section(catalog, topic, language) for topic in catalog.topics]
    return "\n".join(parts)


def escaped(text: str) -> str:
    """The text on one line, in which nothing is markup and nothing becomes a link."""
    plain = _INLINE.sub(r"\\\g<0>", one_line(text))
    return _OPENING.sub(r"\1\\", _BARE.sub(r"\\\g<0>", plain))


def address(url: str) -> str:
    """An address between the parentheses of a link; no character of it changes."""
    return _IN_ADDRESS.sub(r"\\\g<0>", url)


def _section(catalog: Catalog, topic: Topic, language: SiteLanguage) -> str:
    why = {reading.resource: reading.why.to(language) for reading in topic.reading}
    resources = catalog.resources_by_topic[topic.id]
    chosen = [resource for resource in resources if resource.id in why]
    others = [resource for resource in resources if resource.id not in why]
    blocks = [
        f"## {escaped(topic.title.to(language))}\n",
        f"{escaped(topic.summary.to(language))}\n",
        "".join(
            _listed(resource, f"{n}.", language, why[resource.id])
            for n, resource in enumerate(chosen, start=1)
        ),
        "".join(_listed(resource, "-", language) for resource in others),
    ]
    return "\n".join(filter(None, blocks))


def _listed(resource: Resource, mark: str, language: SiteLanguage, why: str = "") -> str:
    """A resource in a list: its link and facts, and below what it gives and why it stands here."""
    link = f"[{escaped(resource.title)}]({address(resource.url)})"
    inner = " " * (len(mark) + 1)
    said = [resource.summary.to(language), why]
    lines = [f"{mark} {' · '.join([link, *_facts(resource)])}"]
    lines += [f"{inner}- {escaped(text)}" for text in said if text.strip()]
    return "".join(f"{line}\n" for line in lines)


def _facts(resource: Resource) -> Iterator[str]:
    if resource.authors:
        yield escaped(", ".join(resource.authors))
    if resource.published:
        yield resource.published
    if resource.minutes:
        yield f"{resource.minutes}′"
