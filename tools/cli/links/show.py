"""`catalog links show`: one link, with everything that is known of it."""

import sys
from pathlib import Path

import click

from tools.checking import Belief, Run
from tools.cli.console import complain, say
from tools.cli.links.options import (
    Choices,
    catalog_links,
    catalog_memory,
    project_settings,
)
from tools.cli.opened import FOUND_PROBLEMS, could_not_run, pass_folder, usable_catalog
from tools.linkcheck.report.words import sentence
from tools.model.address import address_key
from tools.model.catalog import Catalog
from tools.model.link import CheckedLink, Link
from tools.model.problem import found
from tools.model.text import is_web_address


@click.command()
@click.argument("url")
@click.option("--allow-network", multiple=True, metavar="CIDR",
              help="Allow links into this private network (repeatable).")  # fmt: skip
@click.option("--offline", is_flag=True, help="Show what is remembered and ask nothing.")
@pass_folder
def show(folder: Path, url: str, allow_network: tuple[str, ...], offline: bool) -> None:
    """Show one link: where it stands, what is remembered of it, and what it answers now.

    URL is an address, or the id of a resource. Nothing is remembered of this check.
    """
    catalog = usable_catalog(folder)
    link = _meant(folder, catalog, url)
    for place in link.where:
        say(f"stands at: {place}")
    _say_remembered(catalog, link)
    if offline:
        return
    limits = Choices(allow_network=allow_network).limits(project_settings(folder))
    run = Run((link,), limits, Belief(), catalog_memory(folder, catalog), fresh=True)
    for checked in run.found():
        _say_found(checked)
    if run.report.offline:
        complain("No host answered, so there seems to be no network here.")
    elif checked.outcome == "fix":
        sys.exit(FOUND_PROBLEMS)


def _meant(folder: Path, catalog: Catalog, url: str) -> Link:
    links = catalog_links(folder, catalog)
    known = next((link for link in links if url in (link.url, link.resource)), None)
    if not known and not is_web_address(url):
        could_not_run(found(url, "an http or https address, or the id of a resource"))
    return known or Link(url=url)


def _say_remembered(catalog: Catalog, link: Link) -> None:
    try:
        health = catalog.links.health.get(address_key(link.url, catalog.address_rules))
    except ValueError:
        health = None
    if not health:
        say("remembered: nothing")
        return
    say(f"remembered: {health.verdict} since {health.since}")
    for evidence in health.evidence:
        say(f"  {sentence(evidence, 'en')}")
    if health.failures:
        say(f"  failed on {', '.join(health.failures)}")


def _say_found(checked: CheckedLink) -> None:
    say(f"now: {checked.verdict}")
    for evidence in checked.judgement.evidence:
        say(f"  {sentence(evidence, 'en')}")
    for name, value in (
        ("final", checked.judgement.final),
        ("suggest", checked.judgement.suggest),
        ("took", f"{checked.seconds:.1f} s, {checked.requests} requests, {checked.bytes:,} bytes"),
    ):
        if value:
            say(f"  {name}: {value}")
