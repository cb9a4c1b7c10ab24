"""What is new in the catalog, as an Atom feed (RFC 4287)."""

from uuid import UUID, uuid5
from xml.etree.ElementTree import Element, SubElement

from tools.exchange.text import midnight, one_line, xml_text
from tools.model.catalog import Catalog
from tools.model.resource import Resource
from tools.model.words import SiteLanguage

MOST = 50
FILE = "feed.xml"

# Ids grow from the site's id in site.yml and from this, not from an address or a domain (RFC 4151
# asks for one that somebody owns): a site that moves, or has no address yet, keeps them, and no
# reader meets a resource twice.
_FAMILY = UUID("2fd2f3a4-6c1a-4f0e-9d2b-7b6f3f5f0c11")
_TAGS: dict[SiteLanguage, str] = {"en": "en", "zh": "zh-Hans"}
_NO_DAY = "1970-01-01"


def atom(catalog: Catalog, language: SiteLanguage, *, title: str, base: str = "") -> str:
    """The resources that came last, the newest first, for readers of `language`.

    `base` is the address of the language's root with its last slash; without it, links are
    relative to the feed.
    """
    newest = _newest(catalog)
    root = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": _TAGS[language]})
    _text(root, "id", _id(catalog, language))
    _text(root, "title", title)
    _text(root, "subtitle", catalog.site.tagline.to(language))
    _text(root, "updated", _moment(newest[0].added if newest else _NO_DAY))
    _text(SubElement(root, "author"), "name", catalog.site.name.to(language))
    SubElement(root, "link", rel="self", type="application/atom+xml", href=f"{base}{FILE}")
    SubElement(root, "link", rel="alternate", type="text/html", href=f"{base}catalog/?sort=added")
    for resource in newest:
        _entry(root, catalog, resource, language, base)
    return xml_text(root)


def _newest(catalog: Catalog) -> list[Resource]:
    """The last ones by day; those of one day by id, so that the order never changes."""
    by_id = sorted(catalog.resources.values(), key=lambda resource: resource.id)
    return sorted(by_id, key=lambda resource: resource.added, reverse=True)[:MOST]


def _entry(
    root: Element, catalog: Catalog, resource: Resource, language: SiteLanguage, base: str
) -> None:
    entry = SubElement(root, "entry")
    _text(entry, "id", _id(catalog, language, resource.id))
    _text(entry, "title", resource.title).set("xml:lang", resource.language)
    _text(entry, "updated", _moment(resource.added))
    for name in resource.authors:
        _text(SubElement(entry, "author"), "name", name)
    permalink = f"{base}catalog/#{resource.id}"
    SubElement(entry, "link", rel="alternate", type="text/html", href=permalink)
    SubElement(entry, "link", rel="related", href=resource.url, hreflang=resource.language)
    for topic in (catalog.topic(id) for id in resource.topics):
        label = one_line(topic.title.to(language))
        SubElement(entry, "category", term=topic.id, label=label)
    _text(entry, "summary", resource.summary.to(language))


def _text(parent: Element, name: str, text: str) -> Element:
    child = SubElement(parent, name)
    child.text = one_line(text)
    return child


def _id(catalog: Catalog, *names: str) -> str:
    return uuid5(_FAMILY, "/".join((catalog.site.id, *names))).urn


def _moment(day: str) -> str:
    return midnight(day).strftime("%Y-%m-%dT%H:%M:%SZ")
