"""Every block a page can ask for with `<!-- block: name -->`, by name."""

from collections.abc import Callable, Mapping

from tools.model.link import OUTCOMES
from tools.pages.catalog_page import catalog_block
from tools.pages.context import Context
from tools.pages.page import Html
from tools.pages.reading import reading_block
from tools.pages.road import road_of

Block = Callable[[Context], Html]


def _topic_block(template: str) -> Block:
    """A block of a topic page that needs nothing but the topic and its neighbours."""

    def block(context: Context) -> Html:
        topics = context.catalog.topics
        position = topics.index(context.topic)
        return context.html(
            template,
            topic=context.topic,
            position=position,
            before=topics[position - 1] if position else None,
            after=topics[position + 1] if position + 1 < len(topics) else None,
            resources=context.catalog.resources_by_topic[context.topic.id],
        )

    return block


def _plain_block(template: str) -> Block:
    return lambda context: context.html(template)


def _road(context: Context) -> Html:
    return context.html("road.html", road=road_of(context.catalog, context.language))


def _catalog(context: Context) -> Html:
    return catalog_block(
        context.catalog,
        context.language,
        context.root,
        cite=context.cite,
        downloads=context.downloads,
    )


def _reading(context: Context) -> Html:
    return reading_block(context.catalog, context.topic, context.language, context.root)


def _downloads(context: Context) -> Html:
    return context.html("downloads.html", downloads=context.downloads)


def _counts(context: Context) -> Html:
    catalog = context.catalog
    checked = [health.outcome for r in catalog.resources.values() if (health := catalog.health(r))]
    outcomes = [(outcome, checked.count(outcome)) for outcome in OUTCOMES]
    return context.html("counts.html", outcomes=outcomes)


TOPIC_BLOCKS: Mapping[str, Block] = {
    "strip": _topic_block("strip.html"),
    "plain-head": _topic_block("plain-head.html"),
    "facts": _topic_block("facts.html"),
    "snippets": _topic_block("snippets.html"),
    "reading": _reading,
    "neighbours": _topic_block("neighbours.html"),
}

BLOCKS: Mapping[str, Block] = {
    **TOPIC_BLOCKS,
    "road": _road,
    "counts": _counts,
    "topics": _plain_block("topics.html"),
    "catalog": _catalog,
    "questions": _plain_block("questions.html"),
    "downloads": _downloads,
}
