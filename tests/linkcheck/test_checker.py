"""The checker on the farm: what it says of every host, how it treats them, and that it ends."""

import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

import pytest

from tests.linkcheck.farm.hostile import CASES, Case, host_of
from tests.linkcheck.farm.names import ALLOWED, resolving
from tests.linkcheck.farm.pages import TITLE, article
from tests.linkcheck.farm.plays import (
    after,
    busy,
    by_cookie,
    by_turns,
    page,
    sent_on,
    silent,
)
from tests.linkcheck.farm.record import BYTES, rudeness
from tests.linkcheck.farm.server import Farm, Host, farming
from tools.linkcheck import checker
from tools.linkcheck.checker import Checker
from tools.linkcheck.limits import Limits
from tools.model.link import CheckedLink, Evidence, Link

GOOD = page(article())
# Longer than a busy machine needs for an answer, and than the shortest pleas for patience.
USUAL = Limits(deadline=2.5, patience=3.5, allowed=ALLOWED)


@dataclass(frozen=True)
class Ran:
    """What came of a run: outcomes by address, in the order they came, and the farm's books."""

    farm: Farm
    found: dict[str, CheckedLink]
    outside: list[str]
    seconds: float

    @property
    def verdicts(self) -> list[str]:
        return [one.verdict for one in self.found.values()]

    def requests(self, host: str) -> int:
        return len(self.farm.record(host).arrivals)


@contextmanager
def on(hosts: dict[str, Host]) -> Iterator[tuple[Farm, list[str]]]:
    with farming(hosts) as farm, resolving(farm.ground) as outside:
        yield farm, outside


def ran(hosts: dict[str, Host], links: Sequence[Link], limits: Limits = USUAL) -> Ran:
    with on(hosts) as (farm, outside):
        began = monotonic()
        found = {one.url: one for one in Checker(limits).check(links)}
        return Ran(farm, found, outside, monotonic() - began)


def link(address: str) -> Link:
    return Link(url=f"http://{address}", titles=(TITLE,), kind="article", language="en")


def links(host: str, count: int) -> list[Link]:
    return [link(f"{host}/{n}") for n in range(count)]


@pytest.fixture(scope="module")
def farmed() -> Iterator[Ran]:
    """One run over the whole farm, each case at a host of its own."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            patch.delenv(name, raising=False)
            patch.delenv(name.upper(), raising=False)
        hosts = {f"{case.name}.test": host_of(case) for case in CASES}
        yield ran(hosts, [case.link(case.name) for case in CASES])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_host_is_judged_for_what_it_does(case: Case, farmed: Ran) -> None:
    found = farmed.found[case.link(case.name).url]
    judgement = found.judgement
    assert found.verdict == case.expect, judgement.evidence
    assert judgement.suggest == (case.suggest and f"http://{case.name}.test{case.suggest}")
    assert farmed.requests(f"{case.name}.test") <= case.requests
    assert found.bytes <= 1_100_000 * case.requests
    if case.evidence:
        assert case.evidence in [one.kind for one in judgement.evidence]


def test_no_host_is_treated_rudely_and_no_private_place_touched(farmed: Ran) -> None:
    assert rudeness(farmed.farm.records) == {}
    assert (farmed.farm.touched, farmed.outside) == (0, [])
    assert max(max(book.sent, default=0) for book in farmed.farm.records.values()) <= BYTES
    assert farmed.seconds < 30


def test_a_strict_host_never_has_a_reason_to_ban() -> None:
    done = ran({"strict.test": Host(otherwise=GOOD, bans=True)}, links("strict.test", 44))
    assert set(done.verdicts) == {"ok"}
    assert rudeness(done.farm.records) == {}
    assert 1 < done.seconds < 8


def test_redirects_from_many_hosts_wait_for_the_turn_of_the_one_they_lead_to() -> None:
    hosts = {f"h{n}.test": Host({"/": sent_on(f"http://one.test/{n}")}) for n in range(12)}
    hosts["one.test"] = Host(otherwise=after(0.05, GOOD), bans=True)
    done = ran(hosts, [link(f"h{n}.test/") for n in range(12)])
    assert (set(done.verdicts), done.farm.record("one.test").most) == ({"ok"}, 4)


def test_a_host_that_asks_for_a_second_gets_it_from_all_its_links() -> None:
    plays = {"/0": by_turns(busy("429 Slow", 1), GOOD)}
    done = ran({"a.test": Host(plays, after(0.02, GOOD))}, links("a.test", 12))
    assert (set(done.verdicts), rudeness(done.farm.records)) == ({"ok"}, {})
    assert done.requests("a.test") == 13


def test_a_host_that_asks_for_an_hour_is_left_alone_with_all_its_links() -> None:
    hosts = {"a.test": Host(otherwise=busy("429 Slow", 3600)), "b.test": Host(otherwise=GOOD)}
    done = ran(hosts, [*links("a.test", 30), *links("b.test", 1)])
    assert done.verdicts.count("rate-limited") == 30
    assert done.requests("a.test") <= USUAL.per_host
    kinds = {one.kind for found in done.found.values() for one in found.judgement.evidence}
    assert kinds == {"status", "host"}


def test_outcomes_come_as_soon_as_they_stand() -> None:
    plays = {"/0": after(0.4, GOOD), "/1": GOOD}
    done = ran({"a.test": Host(plays)}, links("a.test", 2))
    assert list(done.found) == ["http://a.test/1", "http://a.test/0"]


def test_cookies_of_one_link_are_not_shown_for_another() -> None:
    shown = by_cookie("seen", page("", "404 Not Found"), page(article(), Set_Cookie="seen=1"))
    limits = Limits(per_host=1, deadline=1.5, allowed=ALLOWED)
    done = ran({"a.test": Host(otherwise=shown)}, links("a.test", 3), limits)
    assert done.verdicts == ["ok"] * 3


def test_links_that_have_no_outcome_when_the_run_is_over_are_unknown() -> None:
    hosts = {"a.test": Host({"/0": GOOD}, silent()), "b.test": Host(otherwise=silent())}
    limits = Limits(max_seconds=0.5, workers=3, allowed=ALLOWED)
    done = ran(hosts, [*links("a.test", 9), *links("b.test", 9)], limits)
    assert done.verdicts == ["ok"] + ["unknown"] * 17
    late = done.found["http://b.test/8"]
    assert late.judgement.evidence == (Evidence(kind="tries", value="time"),)
    assert 0.4 < done.seconds < 2.5


@pytest.mark.parametrize("answering", [True, False])
def test_without_any_answer_nothing_is_known_of_any_link(answering: bool) -> None:
    hosts = {"a.test": Host(otherwise=GOOD)}
    addresses = [link("x.lost.test/"), link("x.closed.test/"), link("x.mute.test/")]
    limits = Limits(deadline=0.2, allowed=ALLOWED)
    done = ran(hosts, [*addresses, *links("a.test", answering)], limits)
    verdicts = [done.found[one.url].verdict for one in addresses]
    assert verdicts == (["dead", "dead", "timeout"] if answering else ["unknown"] * 3)


def checking_threads() -> set[threading.Thread]:
    """Threads of a run; the one clock of all runs outlasts them and goes by itself."""
    return {one for one in threading.enumerate() if one.daemon and one.name != "deadlines"}


@pytest.mark.parametrize("taken", [0, 1])
def test_who_stops_early_leaves_no_thread_and_no_connection(taken: int) -> None:
    before = checking_threads()
    with on({"a.test": Host({"/0": GOOD}, silent())}) as (farm, _):
        outcomes = Checker(USUAL).check(links("a.test", 20))
        assert isinstance(outcomes, Generator)
        for _ in range(taken):
            assert next(outcomes).verdict == "ok"
        began = monotonic()
        outcomes.close()
        assert monotonic() - began < 1
        assert checking_threads() <= before
        asked = len(farm.record("a.test").arrivals)
    assert asked <= taken * (1 + USUAL.per_host)


def test_what_goes_wrong_within_is_told_to_who_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    def judged(seen: object) -> None:
        raise RuntimeError("a sign fell over")

    monkeypatch.setattr(checker, "judge_seen", judged)
    with pytest.raises(RuntimeError, match="a sign fell over"):
        ran({"a.test": Host(otherwise=GOOD)}, links("a.test", 3))


def test_nothing_to_check_is_done_at_once() -> None:
    assert ran({}, []).found == {}
