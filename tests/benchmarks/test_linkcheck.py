"""What the benchmark of links measures with: the ideal, the stages, the waves, and the scores."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.linkcheck.blind import blind_stage, waves
from benchmarks.linkcheck.ideal import in_order, slowest_first
from benchmarks.linkcheck.paper import on_paper
from benchmarks.linkcheck.run import Checked, run
from benchmarks.linkcheck.score import Scored, by_category, scored, share
from benchmarks.linkcheck.stage import hostile, usual
from benchmarks.links_blind.cases import BlindCase, blind_cases
from tests.builders import write_catalog
from tools.model.link import Link

SECONDS = st.lists(st.integers(1, 64).map(lambda part: part / 16), min_size=1, max_size=30)


@given(SECONDS, st.integers(1, 6))
def test_the_ideal_lies_between_what_is_possible_and_twice_that(
    seconds: list[float], at_once: int
) -> None:
    least = max(*seconds, sum(seconds) / at_once, 0)
    assert least <= slowest_first({"a": seconds}, at_once) <= 2 * least
    assert least <= in_order({"a": seconds}, at_once) <= 2 * least


def test_the_slowest_host_alone_says_how_long_it_takes() -> None:
    hosts = {"a": [1, 1, 1, 1, 3], "b": [0.5] * 8}
    assert (in_order(hosts, 4), slowest_first(hosts, 4)) == (4, 3)


def test_the_usual_stage_has_its_tail_and_its_links_in_the_order_of_its_latencies() -> None:
    stage = usual(10, 20, bombs=5)
    seconds = [one for its in stage.latencies.values() for one in its]
    assert (len(seconds), len(stage.links), seconds.count(3.0)) == (200, 205, 4)
    assert usual(10, 20, bombs=5).links == stage.links


@pytest.mark.parametrize("hosts", [10, 24, 240])
def test_the_hostile_stage_has_ten_addresses_of_each_kind(hosts: int) -> None:
    stage = hostile(hosts)
    assert len({link.url for link in stage.links}) == 240
    names = {urlsplit(link.url).hostname or "" for link in stage.links}
    assert len({name.split(".")[0] for name in names}) == hosts
    assert names == set(stage.hosts)


def test_the_waves_hold_every_case_once_and_no_host_twice() -> None:
    cases = [case for wave in waves() for case in wave]
    assert sorted(case.name for case in cases) == sorted(case.name for case in blind_cases())
    for wave in waves():
        hosts = [host for case in wave for host in {_host(url) for url in case.pages}]
        assert len(hosts) == len(set(hosts))


def _host(address: str) -> str:
    return urlsplit(address).hostname or ""


def test_a_wave_knows_which_names_are_there() -> None:
    stage = blind_stage(0)
    assert not set(stage.known) & set(stage.refused)
    assert {host.removesuffix(":443") for host in stage.hosts} > set(stage.known)


def case(**changed: Any) -> BlindCase:
    link = Link(url="http://a.test/")
    valid = {"name": "a", "category": "alive", "link": link, "expect": ("ok",), "pages": {}}
    return BlindCase(**{**valid, "rewrite": None, **changed})


def seen(verdict: str, suggest: str = "", **changed: Any) -> Scored:
    return Scored(case(**changed), Checked(verdict, suggest))


def test_only_what_is_whole_for_certain_can_be_called_broken() -> None:
    assert seen("dead").called_broken
    assert seen("parked", expect=("blocked", "login")).called_broken
    assert not seen("blocked").called_broken
    assert not seen("dead", expect=("ok", "drifted")).called_broken


def test_a_rewrite_does_harm_unless_it_is_the_right_one_or_nobody_says() -> None:
    assert seen("moved", "http://b.test/", rewrite="").harmful
    assert seen("moved", "http://b.test/", rewrite="http://c.test/").harmful
    assert not seen("moved", "http://b.test/", rewrite="http://b.test/").harmful
    assert not seen("moved", "http://b.test/").harmful
    assert seen("ok", rewrite="http://b.test/").missed_rewrite
    assert not seen("ok", rewrite="").missed_rewrite


def test_scores_are_counted_by_category_and_a_link_without_an_outcome_is_unknown() -> None:
    cases = [case(), case(category="gone", link=Link(url="http://b.test/"), expect=("dead",))]
    scores = list(scored(cases, {"http://a.test/": Checked("ok", "")}))
    assert [one.found.verdict for one in scores] == ["ok", "unknown"]
    assert by_category(scores) == {"alive": (0, 1), "gone": (1, 1)}
    assert (share(one.right for one in scores), share([])) == (50, 0)


def test_a_run_in_processes_of_its_own_finds_what_the_stage_expects() -> None:
    done = run("usual", 2, 3)
    assert (done.hangs, list(done.wrong()), done.rudeness) == (0, [], {})
    assert (done.requests, 5 < done.megabytes < 500) == (6, True)


def test_a_check_on_paper_plans_and_reports(tmp_path: Path) -> None:
    write_catalog(tmp_path)
    cost = on_paper(tmp_path)
    assert min(cost.planned, cost.reported) > 0
