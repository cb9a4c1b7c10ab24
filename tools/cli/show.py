"""`catalog show`: all that is known of one resource."""

from difflib import get_close_matches
from pathlib import Path

import click

from tools.cli.console import say
from tools.cli.opened import could_not_run, pass_folder, usable_catalog
from tools.model.catalog import Catalog
from tools.model.resource import Mention, Resource


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
        ("title", resource.title),
        *((f"title ({tag})", title) for tag, title in resource.titles.items()),
        ("address", resource.url),
        ("also at", ", ".join(resource.aliases)),
        ("kind", f"{resource.kind}, {resource.level}, {resource.language}"),
        ("authors", ", ".join(resource.authors)),
        ("published", resource.published),
        ("minutes", str(resource.minutes or "")),
        ("topics", ", ".join(resource.topics)),
        ("summary", resource.summary.en),
        ("", resource.summary.zh),
        *((f"caveat {n}", caveat.en) for n, caveat in enumerate(resource.caveats, start=1)),
        *((relation.kind, relation.resource) for relation in resource.relations),
        *((f"note {n}", _said(catalog, m)) for n, m in enumerate(resource.mentions, start=1)),
    ]
    return [f"{name:<12} {value}" for name, value in facts if value]


def _said(catalog: Catalog, mention: Mention) -> str:
    note = catalog.notes.get(mention.note)
    marks = ["★" * mention.rating] if mention.rating else []
    marks += ["highlighted"] if mention.highlight else []
    marks += ["read"] if mention.read else []
    name = note.title.en if note else mention.note
    return ", ".join(part for part in (name, mention.section, *marks) if part)
