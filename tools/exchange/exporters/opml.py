"""The catalog as an outline in OPML 2.0, for outliners and for lists of links."""

from email.utils import format_datetime
from xml.etree.ElementTree import Element, SubElement

from tools.exchange.text import midnight, one_line, xml_text
from tools.model.catalog import Catalog
from tools.model.words import SiteLanguage


def to_opml(catalog: Catalog, language: SiteLanguage) -> str:
    """A line for every topic and below it one of `type="link"` for every resource on it."""
    root = Element("opml", version="2.0")
    SubElement(SubElement(root, "head"), "title").text = catalog.site.name.to(language)
    body = SubElement(root, "body")
    for topic in catalog.topics:
        line = SubElement(body, "outline", text=one_line(topic.title.to(language)))
        for resource in catalog.resources_by_topic[topic.id]:
            SubElement(
                line,
                "outline",
                type="link",
                text=one_line(resource.title),
                url=resource.url,
                language=resource.language,
                created=format_datetime(midnight(resource.added), usegmt=True),
            )
    return xml_text(root)
