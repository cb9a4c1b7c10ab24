"""`catalog links report`: what the last checks left behind."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import click

from tools.cli.console import counted, say, show_table
from tools.cli.opened import could_not_run, pass_folder, usable_catalog
from tools.model.link import OUTCOMES, VERDICTS, LinkHealth

_AGES = ((7, "a week"), (31, "a month"), (365, "a year"))


@click.command()
@click.option(
    "--by",
    type=click.Choice(["verdict", "host", "age", "link"]),
    multiple=True,
    help="Only this table (repeatable); link lists every one that is not alive.",
)
@pass_folder
def report(folder: Path, by: tuple[str, ...]) -> None:
    """Show what is remembered of all links: by verdict, by host, by age, and link by link.

    Nothing is asked. Where nothing was ever checked, the command says so and ends with 2.
    """
    memory = usable_catalog(folder).links
    if not memory.health:
        could_not_run(f"{folder}/state: no link was checked yet; run `catalog links check`")
    health = [*memory.health.values()]
    if memory.run:
        say(f"last checked {memory.run.finished[:10]} by version {memory.run.version}, "
            f"{counted(memory.run.links, 'link')}")  # fmt: skip
    for name in by or _TABLES:
        say("")
        _TABLES[name](health)


def _by_verdict(health: list[LinkHealth]) -> None:
    counts = Counter(one.verdict for one in health)
    rows = [(verdict, str(counts[verdict])) for verdict in VERDICTS if counts[verdict]]
    show_table(("Verdict", "Links"), rows)


def _by_host(health: list[LinkHealth]) -> None:
    by_host: dict[str, Counter[str]] = {}
    for one in health:
        by_host.setdefault(_host(one), Counter())[one.outcome] += 1
    worst = sorted(by_host, key=lambda host: (-by_host[host]["fix"], -by_host[host]["look"], host))
    show_table(("Host", "Alive", "To look at", "To fix"), (_counts(h, by_host) for h in worst))


def _counts(host: str, by_host: Mapping[str, Counter[str]]) -> tuple[str, ...]:
    return (host, *(str(by_host[host][outcome] or "") for outcome in OUTCOMES))


def _by_age(health: list[LinkHealth]) -> None:
    """How long links have been as they are."""
    today = datetime.now(UTC).date()
    ages: dict[str, Counter[str]] = {}
    for one in health:
        ages.setdefault(_age(one, today), Counter())[one.outcome] += 1
    names = [*(f"less than {name}" for _, name in _AGES), "longer"]
    show_table(
        ("As they are for", "Alive", "To look at", "To fix"),
        (_counts(name, ages) for name in names if name in ages),
    )


def _age(health: LinkHealth, today: date) -> str:
    days = (today - date.fromisoformat(health.since)).days
    return next((f"less than {name}" for limit, name in _AGES if days < limit), "longer")


def _by_link(health: Iterable[LinkHealth]) -> None:
    shown = [one for one in health if one.outcome != "alive"]
    shown.sort(key=lambda one: (-OUTCOMES.index(one.outcome), one.verdict, one.url))
    rows = ((one.verdict, one.since, _failing(one), one.url) for one in shown)
    show_table(("Verdict", "Since", "Failed on", "Link"), rows)


def _failing(health: LinkHealth) -> str:
    return counted(len(health.failures), "day") if health.failures else ""


def _host(health: LinkHealth) -> str:
    return urlsplit(f"//{health.url}").hostname or health.url


_TABLES: Mapping[str, Callable[[list[LinkHealth]], None]] = {
    "verdict": _by_verdict,
    "host": _by_host,
    "age": _by_age,
    "link": _by_link,
}
