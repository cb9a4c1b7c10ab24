"""`catalog list`: resources, filtered and sorted by the rule the catalog page uses too."""

from pathlib import Path

import click

from tools.cli.console import complain, show_table
from tools.cli.opened import pass_folder, usable_catalog
from tools.model.facts import LINK_STATES, facts_of
from tools.model.query import SORTS, Query, Sort, select
from tools.model.resource import KINDS, LEVELS


@click.command("list")
@click.argument("words", nargs=-1)
@click.option("--topic", "topics", multiple=True, help="Only these topics (repeatable).")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only these kinds.")
@click.option("--language", "languages", multiple=True, help="Only these languages.")
@click.option(
    "--level", "levels", multiple=True, type=click.Choice(LEVELS), help="Only these levels."
)
@click.option(
    "--link",
    "links",
    multiple=True,
    type=click.Choice(LINK_STATES),
    help="Only addresses that the last check left so.",
)
@click.option("--minutes", type=click.IntRange(1), help="At most this long.")
@click.option("--sort", type=click.Choice(SORTS), default="order", show_default=True)
@pass_folder
def list_resources(
    folder: Path,
    words: tuple[str, ...],
    topics: tuple[str, ...],
    kinds: tuple[str, ...],
    languages: tuple[str, ...],
    levels: tuple[str, ...],
    links: tuple[str, ...],
    minutes: int | None,
    sort: Sort,
) -> None:
    """List resources that hold all WORDS in title, authors or summary, in reading order."""
    catalog = usable_catalog(folder)
    query = Query(
        words=" ".join(words), topics=topics, kinds=kinds, languages=languages, levels=levels,
        links=links, minutes=minutes, sort=sort,
    )  # fmt: skip
    facts = facts_of(catalog)
    chosen = [catalog.resources[id] for id in select(facts, query)]
    show_table(
        ("id", "kind", "in", "level", "min", "title"),
        ((r.id, r.kind, r.language, r.level, str(r.minutes or ""), r.title) for r in chosen),
    )
    complain(f"{len(chosen)} of {len(catalog.resources)}")
