"""`catalog add`: a draft from one address, or from a filled issue form."""

import sys
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tools.cli.console import complain, say, show_problems
from tools.cli.opened import (
    CLEAN,
    FOUND_PROBLEMS,
    could_not_run,
    need_folder,
    pass_folder,
    usable_catalog,
)
from tools.cli.proposal import Proposal, from_form
from tools.exchange.importers.reconcile import Known
from tools.linkcheck.networks import networks_of
from tools.model.address import address_key, without_tracking
from tools.model.catalog import Catalog
from tools.model.draft import Draft, missing_keys, proposed_id
from tools.model.problem import found
from tools.model.resource import LONGEST_ID
from tools.model.text import control_character, is_id, is_web_address
from tools.storage.drafts import read_drafts, write_draft

if TYPE_CHECKING:
    from tools.cli.asking import Asked


def today() -> str:
    """The day of the clock, which is read here and nowhere below."""
    return date.today().isoformat()


@click.command()
@click.argument("address", required=False)
@click.option(
    "--from-form",
    "form",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="Take the answers of a filled issue form; - reads standard input.",
)
@click.option("--id", "wanted", help="The draft's id; else made of the title.")
@click.option("--offline", is_flag=True, help="Ask no page.")
@click.option(
    "--allow-network",
    "networks",
    multiple=True,
    metavar="CIDR",
    help="Allow pages in this private network (repeatable).",
)
@pass_folder
def add(
    folder: Path,
    address: str | None,
    form: Path | None,
    wanted: str | None,
    offline: bool,
    networks: tuple[str, ...],
) -> None:
    """Start a draft for ADDRESS, or for a filled issue form.

    Says when the address is known already, in any spelling. Otherwise the page is asked for
    title, authors, date and language, and a draft is written with what it says. Without network
    the draft is written all the same. Nothing is guessed: what nobody said stays open.
    """
    if (address is None) == (form is None):
        could_not_run("found " + ("neither" if form is None else "both") + ", expected one of "
                      "ADDRESS and --from-form")  # fmt: skip
    need_folder(folder)
    catalog = usable_catalog(folder)
    proposal = from_form(form, catalog) if form else Proposal({"url": address})
    url = _tidy(proposal.values.get("url", ""), catalog, proposal)
    known = Known.of(catalog, read_drafts(folder))
    # Their names are taken also where a file of theirs cannot be read.
    known.taken.update(path.stem for path in (folder / "resources").glob("*.yml"))
    _end_if_known(known, url)
    asked = _asked(url, offline, networks)
    for other in (asked.address, asked.leads_to):
        _end_if_known(known, other)
    draft = _draft(proposal, asked, url, known, wanted)
    path = write_draft(folder, draft, proposal.remarks)
    _report(path, draft, asked, url)
    if proposal.problems:
        show_problems(proposal.problems)
        sys.exit(FOUND_PROBLEMS)


def _tidy(address: str, catalog: Catalog, proposal: Proposal) -> str:
    """The address without what only tracks; ends the command where it is none."""
    address = address.strip()
    if not is_web_address(address) or control_character(address):
        show_problems(proposal.problems)
        could_not_run(f"address: {found(address, 'an http or https address')}")
    return without_tracking(address, catalog.address_rules)


def _end_if_known(known: Known, address: str) -> None:
    id = known.by_key.get(address_key(address, known.rules))
    if id is not None:
        say(f"known: {id} ({known.things[id].file})")
        sys.exit(CLEAN)


def _asked(url: str, offline: bool, networks: tuple[str, ...]) -> "Asked":
    # Loaded late: requests and the HTML parser would slow down every other command.
    from tools.cli.asking import ask, certain

    try:
        allowed = networks_of(networks)
    except ValueError as error:
        could_not_run(f"--allow-network: {error}")
    return certain(url) if offline else ask(url, allowed)


def _draft(proposal: Proposal, asked: "Asked", url: str, known: Known, wanted: str | None) -> Draft:
    """The draft: what the person said, and what the page says of the rest."""
    rules = known.rules
    values = {
        name: value
        for name in ("title", "authors", "published", "language", "kind", "minutes")
        if (value := getattr(asked.facts, name))
    } | proposal.values
    moved = address_key(asked.address, rules) != address_key(url, rules)
    values |= {
        "url": without_tracking(asked.address, rules),
        "aliases": (url,) if moved else (),
        "added": today(),
    }
    id = _chosen_id(wanted, known) or proposed_id(
        values.get("title", ""), asked.address, known.taken
    )
    return Draft(id=id, **values)


def _chosen_id(wanted: str | None, known: Known) -> str:
    if wanted is None:
        return ""
    if not is_id(wanted) or len(wanted) > LONGEST_ID:
        could_not_run(f"--id: {found(wanted, 'a-z, 0-9 and -, at most 60 characters')}")
    if wanted in known.taken:
        could_not_run(f"--id: {found(wanted, 'an id that is still free')}")
    return wanted


def _report(path: Path, draft: Draft, asked: "Asked", url: str) -> None:
    if asked.reason:
        complain(f"{url}: nothing was read: {asked.reason}")
    say(f"written: {path}")
    for name, value in _found(draft):
        say(f"found: {name}: {value}")
    if draft.aliases:
        say(f"moved: to {draft.url}; the address given is kept as an alias")
    elif asked.leads_to not in (url, asked.address):
        say(f"leads to: {asked.leads_to}, today; no redirect says for good")
    say(f"open: {', '.join(missing_keys(draft)) or 'nothing that is required'}")
    say("next: check and complete it, move it to resources/, then run `catalog fmt` and "
        "`catalog validate`")  # fmt: skip


def _found(draft: Draft) -> Iterator[tuple[str, str]]:
    for key in fields(Draft):
        value = getattr(draft, key.name)
        if not value or key.name in ("id", "url", "aliases", "added"):
            continue
        if key.name in ("authors", "topics", "frameworks"):
            yield key.name, ", ".join(value)
        elif key.name in ("summary", "caveats"):
            yield key.name, "in both languages"
        else:
            yield key.name, str(value)
