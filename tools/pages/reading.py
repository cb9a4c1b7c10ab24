"""What to read about a topic: the chosen resources in order with the reason, then the rest."""

from tools.model.catalog import Catalog
from tools.model.topic import Topic
from tools.model.words import SiteLanguage
from tools.pages.page import Html
from tools.pages.render import render
from tools.pages.rows import Shelf

# As many of a topic's other resources as its page lists; the catalog has the rest, with filters.
MOST_OTHERS = 40


def reading_block(catalog: Catalog, topic: Topic, language: SiteLanguage, root: str) -> Html:
    """The topic's reading list, and the catalog's other resources about it."""
    shelf = Shelf(catalog, language, root)
    why = {reading.resource: reading.why for reading in topic.reading}
    parts = {reading.resource: reading.minutes for reading in topic.reading if reading.minutes}
    found = catalog.resources_by_topic[topic.id]
    others = [resource for resource in found if resource.id not in why]
    listed = [resource for resource in found if resource.id in why] + others[:MOST_OTHERS]
    rows = [(shelf.row(resource), why.get(resource.id, resource.summary)) for resource in listed]
    said = [(row, words.to(language)) for row, words in rows]
    return render(
        "reading.html",
        language,
        root=root,
        topic=topic,
        chosen=[(row, words) for row, words in said if row.id in why],
        others=[(row, words) for row, words in said if row.id not in why],
        parts=parts,
        rest=len(others[MOST_OTHERS:]),
    )
