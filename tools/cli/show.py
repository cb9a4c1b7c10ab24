"""`catalog show`: all that is known of one resource."""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

import click

from tools.cli.console import say
from tools.cli.opened import could_not_run, pass_folder, usable_catalog
from tools.model.catalog import Catalog
from tools.model.link import LinkHealth
from tools.model.resource import Mention, Resource
from tools.model.text import visible
from tools.model.words import Words


@click.command()
@click.argument("id")
@pass_folder
def show(folder: Path, id: str) -> None:
    """Show one resource: what it is, what the notes say of it, and where it belongs."""
    catalog = usable_catalog(folder)
    resource = catalog.resources.get(id) or _formerly(catalog, id)
    if resource is None:
        close = get_close_matches(id, catalog.resources)
        hint = f"; did you mean {', '.join(close)}?" if close else ""
        could_not_run(f"found {id!r}, expected the id of a resource{hint}")
    for line in _lines(catalog, resource):
        say(line)


def _formerly(catalog: Catalog, id: str) -> Resource | None:
    return next((r for r in catalog.resources.values() if id in r.former_ids), None)


def _lines(catalog: Catalog, resource: Resource) -> list[str]:
    facts = [
        ("id", resource.id),
        ("once", ", ".join(resource.former_ids)),
        ("title", resource.title),
        *((f"title ({tag})", title) for tag, title in resource.titles.items()),
        ("address", resource.url),
        ("also at", ", ".join(resource.aliases)),
        ("archive", resource.archive),
        *_health(catalog.health(resource)),
        ("kind", f"{resource.kind}, {resource.level}, {resource.language}"),
        ("authors", ", ".join(resource.authors)),
        ("published", resource.published),
        ("minutes", str(resource.minutes or "")),
        ("topics", ", ".join(resource.topics)),
        ("frameworks", ", ".join(resource.frameworks)),
        ("access", resource.access or ""),
        ("opens in", ", ".join(resource.reach)),
        ("summary", resource.summary.en),
        ("", resource.summary.zh),
        *_numbered("caveat", resource.caveats),
        *((relation.kind, relation.resource) for relation in resource.relations),
        ("answers", ", ".join(resource.answers)),
        *((f"note {n}", _said(catalog, m)) for n, m in enumerate(resource.mentions, start=1)),
        ("added", resource.added),
    ]
    return [f"{name:<12} {value}" for name, value in facts if value]


def _numbered(name: str, said: tuple[Words, ...]) -> Iterator[tuple[str, str]]:
    for n, words in enumerate(said, start=1):
        yield f"{name} {n}", words.en
        yield "", words.zh


def _health(health: LinkHealth | None) -> Iterator[tuple[str, str]]:
    """The verdict with what speaks for it; the archived copy stands among the addresses."""
    if health is None:
        yield "link", "not checked yet"
        return
    failing = f", failing on {', '.join(health.failures)}" if health.failures else ""
    yield "link", f"{health.verdict} since {health.since}{failing}"
    for evidence in health.evidence:
        yield "", f"{evidence.kind}: {visible(evidence.value)}"
    yield "now at", health.suggest


def _said(catalog: Catalog, mention: Mention) -> str:
    note = catalog.notes.get(mention.note)
    marks = ["★" * mention.rating] if mention.rating else []
    marks += ["highlighted"] if mention.highlight else []
    marks += ["read"] if mention.read else []
    name = note.title.en if note else mention.note
    place = f"line {mention.line}" if mention.line else ""
    return ", ".join(part for part in (name, mention.section, place, *marks) if part)
