"""What checks remember: this run's verdicts laid over those of the runs before. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import urldefrag

from tools.model.address import AddressRules, address_key
from tools.model.link import (
    CheckedLink,
    Evidence,
    Judgement,
    Link,
    LinkHealth,
    LinkMemory,
    LinkRun,
    Verdict,
)
from tools.model.problem import found
from tools.model.text import is_date, visible

# Links that share a page share a line, and the worst verdict is the one to act on. The mildest
# stands first: a missing part of a page that is there, then a page that is not what it was.
_SEVERITY: Sequence[Verdict] = (
    "unknown", "ok", "moved", "rate-limited", "login", "blocked",
    "fragment", "drifted", "timeout", "error", "tls", "loop", "private", "soft-404", "parked",
    "dead",
)  # fmt: skip
_LONGEST_EVIDENCE = 300


def remembered(
    memory: LinkMemory,
    checked: Iterable[CheckedLink],
    *,
    today: str,
    runs: int,
    days: int,
    rules: AddressRules,
    run: LinkRun | None = None,
) -> LinkMemory:
    """The memory after a run that ended on the day `today` (2026-11-20).

    Each page has one line, by the key of its address. `run` is given for a whole run that reached
    the network, and then pages that it did not check are forgotten. A verdict that stays keeps the
    day, evidence and suggestion it began with. `unknown` changes nothing, nor does a judgement from
    the cache where a line is there: both saw nothing today.
    """
    worst = _worst_by_page(checked, rules)
    kept = memory.health if run is None else {k: h for k, h in memory.health.items() if k in worst}
    health = dict(kept)
    for key, one in worst.items():
        old = health.get(key)
        if one.verdict != "unknown" and (one.fresh or old is None):
            health[key] = _renewed(key, old, one, today, runs, days)
    return LinkMemory(health, run or memory.run)


def confirmed(
    memory: LinkMemory,
    checked: CheckedLink,
    *,
    today: str,
    runs: int,
    days: int,
    rules: AddressRules,
) -> CheckedLink:
    """The link with `confirmed`: it fails, and with today it did so often and long enough.

    The same before and after the run is remembered.
    """
    failures: tuple[str, ...] = ()
    if checked.outcome == "fix":
        old = _line_of(memory, checked.link, rules)
        failures = _with_day(old.failures if old else (), today, runs, days)
    return replace(checked, confirmed=is_confirmed(failures, runs, days))


def is_confirmed(failures: Sequence[str], runs: int, days: int) -> bool:
    """Whether a link that failed on these days, in order, failed in `runs` runs over `days` days.

    Runs of one day count once, so `runs` over 1 or `days` over 0 need several days.
    """
    if not failures or len(failures) < runs:
        return False
    return date.fromisoformat(failures[-1]) - date.fromisoformat(failures[0]) >= timedelta(days)


def recalled(
    memory: LinkMemory,
    links: Iterable[Link],
    *,
    runs: int,
    days: int,
    rules: AddressRules,
) -> Iterator[CheckedLink]:
    """The links that have a line, with what it says, as if a run had just found it.

    A line is about a page, and its spellings (http and https, a paper and its PDF) may move to
    different addresses: the suggestion is given only to the very address that was asked.
    """
    for link in links:
        if health := _line_of(memory, link, rules):
            suggest = health.suggest if _asked(health) == urldefrag(link.url).url else ""
            judgement = Judgement(verdict=health.verdict, evidence=health.evidence, suggest=suggest)
            failing = health.outcome == "fix" and is_confirmed(health.failures, runs, days)
            yield CheckedLink(link=link, judgement=judgement, confirmed=failing, fresh=False)


def health_faults(health: LinkHealth) -> Iterator[tuple[str, str]]:
    """What a line says that cannot be, each with its key: days are days, in order."""
    if not is_date(health.since, whole=True):
        yield "since", found(health.since, "a day: 2026-11-20")
    ordered = list(health.failures) == sorted(set(health.failures))
    if not ordered or not all(is_date(day, whole=True) for day in health.failures):
        yield "failures", found(list(health.failures), "days in order, each once")


def _worst_by_page(checked: Iterable[CheckedLink], rules: AddressRules) -> dict[str, CheckedLink]:
    """One link a page, in whatever order they came."""
    worst: dict[str, CheckedLink] = {}
    for one in checked:
        with suppress(ValueError):  # No web address, which no page can have.
            key = address_key(one.url, rules)
            worst[key] = max(worst.get(key, one), one, key=_weight)
    return worst


def _weight(checked: CheckedLink) -> tuple[int, bool, str]:
    return _SEVERITY.index(checked.verdict), checked.fresh, checked.url


def _renewed(
    key: str, old: LinkHealth | None, checked: CheckedLink, today: str, runs: int, days: int
) -> LinkHealth:
    failures = old.failures if old and checked.outcome != "alive" else ()
    if checked.outcome == "fix":
        failures = _with_day(failures, today, runs, days)
    if old and old.verdict == checked.verdict:
        return replace(old, failures=failures)
    return LinkHealth(
        url=key,
        verdict=checked.verdict,
        since=today,
        failures=failures,
        suggest=checked.judgement.suggest,
        evidence=tuple(_short(one) for one in checked.judgement.evidence),
    )


def _with_day(failures: Sequence[str], today: str, runs: int, days: int) -> tuple[str, ...]:
    """The days with today among them, as few as can confirm: the first ones, and the last.

    Once they confirm they stay, so that a link that goes on failing changes no line.
    """
    if is_confirmed(failures, runs, days):
        return tuple(failures)
    known = sorted({*failures, today})
    needed = max(runs, 2 if days else 1)
    return (*known[: needed - 1], *known[needed - 1 :][-1:])


def _line_of(memory: LinkMemory, link: Link, rules: AddressRules) -> LinkHealth | None:
    try:
        return memory.health.get(address_key(link.url, rules))
    except ValueError:
        return None


def _asked(health: LinkHealth) -> str:
    """The address that a chain `301 http://a/ → https://a/` began with; nothing without one."""
    chain = next((one.value.split(" ") for one in health.evidence if one.kind == "chain"), [])
    return chain[1] if len(chain) > 1 else ""


def _short(evidence: Evidence) -> Evidence:
    """Evidence for a committed line: what a server says may be long and hold controls."""
    value = visible(evidence.value)
    if len(value) > _LONGEST_EVIDENCE:
        value = value[: _LONGEST_EVIDENCE - 1] + "…"
    return replace(evidence, value=value)
