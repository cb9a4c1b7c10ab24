"""Every block a page can ask for with `<!-- block: name -->` or `<!-- block: name subject -->`."""

from collections.abc import Callable, Collection, Mapping

from tools.model.catalog import Catalog
from tools.model.link import OUTCOMES
from tools.pages.catalog_page import catalog_block
from tools.pages.context import Context
from tools.pages.health_page import health_block
from tools.pages.page import Html
from tools.pages.path_page import path_block
from tools.pages.progress_page import progress_block
from tools.pages.reading import reading_block
from tools.pages.road import road_of
from tools.pages.run_page import (
    ablation_block,
    all_snippets,
    metric_block,
    picture_block,
    proof_block,
    run_block,
)

Block = Callable[[Context], Html]
SubjectBlock = Callable[[Context, str], Html]


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


def _path(context: Context) -> Html:
    return path_block(context.catalog, context.language, context.root)


def _health(context: Context) -> Html:
    return health_block(context.catalog, context.language, context.root)


def _progress(context: Context) -> Html:
    return progress_block(context.catalog, context.language, context.root)


def _reading(context: Context) -> Html:
    return reading_block(context.catalog, context.topic, context.language, context.root)


def _downloads(context: Context) -> Html:
    return context.html("downloads.html", downloads=context.downloads)


def _counts(context: Context) -> Html:
    catalog = context.catalog
    checked = [health.outcome for r in catalog.resources.values() if (health := catalog.health(r))]
    outcomes = [(outcome, checked.count(outcome)) for outcome in OUTCOMES]
    records = context.records.values()
    proven = sum(record.proof is not None and record.proof.passed for record in records)
    return context.html("counts.html", outcomes=outcomes, proven=proven)


def _figure(context: Context, name: str) -> Html:
    return context.html("drawing.html", drawing=context.figures[name](context.language))


_OF_SNIPPETS = ("run", "proof", "picture", "metric")

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
    "path": _path,
    "health": _health,
    "now": _plain_block("now.html"),
    "progress": _progress,
    "questions": _plain_block("questions.html"),
    "downloads": _downloads,
    "all-snippets": all_snippets,
}

SUBJECT_BLOCKS: Mapping[str, SubjectBlock] = {
    "run": run_block,
    "proof": proof_block,
    "picture": picture_block,
    "metric": metric_block,
    "ablation": ablation_block,
    "figure": _figure,
}


def asked_for(catalog: Catalog, figures: Collection[str]) -> frozenset[str]:
    """Everything that may stand in a marker with a subject: `proof mixing/fold`."""
    ids = [snippet.id for snippet in catalog.snippets]
    of_snippets = [f"{name} {id}" for name in _OF_SNIPPETS for id in ids]
    ablations = [
        f"ablation {snippet.id}/{ablation.id}"
        for snippet in catalog.snippets
        for ablation in snippet.ablations
    ]
    return frozenset([*of_snippets, *ablations, *(f"figure {name}" for name in figures)])


def block_for(context: Context, asked: str) -> Html:
    """The markup of what a marker asks for, with its subject or without."""
    name, _, subject = asked.partition(" ")
    return SUBJECT_BLOCKS[name](context, subject) if subject else BLOCKS[name](context)
