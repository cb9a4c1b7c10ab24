"""`catalog links fix`: addresses that moved for good, and archived copies of what is gone."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tools.cli.console import complain, counted, say
from tools.cli.links.options import Choices, catalog_links, project_settings, root_of
from tools.cli.opened import could_not_run, pass_folder, usable_catalog
from tools.model.link import CheckedLink, Link
from tools.model.link_memory import recalled
from tools.storage.files import UnreadableFile, read_text, write_whole

if TYPE_CHECKING:
    from tools.linkcheck.fixes import Change


@click.command()
@click.option("--write", is_flag=True, help="Write the changes; without it they are only shown.")
@click.option("--archive", is_flag=True,
              help="Ask the Wayback Machine for copies of pages that are gone.")  # fmt: skip
@pass_folder
def fix(folder: Path, write: bool, archive: bool) -> None:
    """Show what can be mended safely, as a diff; with --write, mend it.

    A page that moved for good gets its new address, and the old one stays as an alias. Addresses
    that lead to a login, a home page, an error or another site are left to you, with the reason.
    """
    # These bring an HTTP library along, which other commands need not wait for.
    from tools.linkcheck.fixes import plan_fixes, wants_snapshot

    catalog = usable_catalog(folder)
    if not catalog.links.health:
        could_not_run(f"{folder}/state: no link was checked yet; run `catalog links check`")
    settings = project_settings(folder)
    checked = [
        *recalled(
            catalog.links,
            catalog_links(folder, catalog),
            runs=settings.fail_after,
            days=settings.over,
            rules=catalog.address_rules,
        )
    ]
    gone = [one.link for one in checked if wants_snapshot(one, catalog)]
    snapshots = _snapshots(folder, gone) if archive else {}
    fixes = plan_fixes(checked, catalog, _texts(folder, checked), snapshots)
    for refused in fixes.refused:
        complain(str(refused))
    for change in fixes.changes:
        say(change.diff.rstrip("\n"))
    if gone and not archive:
        complain(f"{counted(len(gone), 'page')} gone without an archived copy: --archive looks")
    if write:
        _write(folder, fixes.changes)
    elif fixes.changes:
        complain(f"{counted(len(fixes.changes), 'file')} to change; --write changes them")
    else:
        complain("nothing to change")


def _texts(folder: Path, checked: Iterable[CheckedLink]) -> dict[str, str]:
    """The files that may change, by the paths that links name."""
    texts = {}
    for path in {place.path for one in checked for place in one.link.where}:
        try:
            texts[path] = read_text(_file(folder, path), root_of(folder))
        except UnreadableFile as error:
            complain(f"{path}: {error}")
    return texts


def _file(folder: Path, path: str) -> Path:
    """The file behind a path as people see it: the catalog may lie under another name."""
    first, _, rest = path.partition("/")
    return folder.resolve() / rest if first == folder.name and rest else root_of(folder) / path


def _snapshots(folder: Path, gone: Sequence[Link]) -> dict[str, str]:
    from tools.linkcheck.client import Client
    from tools.linkcheck.snapshots import snapshot_from, snapshot_query

    client = Client(allowed=Choices().limits(project_settings(folder)).allowed)
    found = {link.url: snapshot_from(client.get(snapshot_query(link)), link) for link in gone}
    for url, snapshot in found.items():
        if not snapshot:
            complain(f"{url}: no archived copy was found")
    return {url: snapshot for url, snapshot in found.items() if snapshot}


def _write(folder: Path, changes: Sequence["Change"]) -> None:
    for change in changes:
        write_whole(_file(folder, change.path), change.new)
        say(f"changed: {change.path}")
