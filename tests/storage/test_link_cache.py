"""The cache of checks: fresh for as long as a verdict holds and nothing else is known."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tools.model.link import VERDICTS, CheckedLink, Evidence, Judgement, Link, Verdict, outcome_of
from tools.storage import link_cache
from tools.storage.link_cache import fresh_judgements, keep_judgements

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
RYE = Link(url="https://bread.example/rye#crust", titles=("Rye",), kind="article")
OATS = Link(url="https://bread.example/oats")


def checked(link: Link, verdict: Verdict = "ok", **more: Any) -> CheckedLink:
    return CheckedLink(link=link, judgement=Judgement(verdict=verdict), **more)


@pytest.mark.parametrize(
    ("verdict", "lifetime"),
    [("ok", 6 * DAY), ("moved", 6 * DAY), ("blocked", 3 * DAY), ("login", 3 * DAY),
     ("rate-limited", HOUR)],
)  # fmt: skip
def test_a_verdict_stands_in_for_a_check_until_its_time_is_over(
    tmp_path: Path, verdict: Verdict, lifetime: timedelta
) -> None:
    keep_judgements(tmp_path, [checked(RYE, verdict)], NOW)
    just_before, just_over = NOW + lifetime - SECOND, NOW + lifetime
    fresh = {RYE.url: Judgement(verdict=verdict)}
    assert fresh_judgements(tmp_path, [RYE, OATS], NOW) == fresh
    assert fresh_judgements(tmp_path, [RYE, OATS], just_before) == fresh
    assert fresh_judgements(tmp_path, [RYE, OATS], just_over) == {}
    assert fresh_judgements(tmp_path, [RYE, OATS], NOW - SECOND) == {}


@pytest.mark.parametrize(
    "verdict", [one for one in VERDICTS if outcome_of(one) == "fix" or one == "unknown"]
)
def test_what_must_be_mended_is_looked_at_in_every_run(tmp_path: Path, verdict: Verdict) -> None:
    keep_judgements(tmp_path, [checked(RYE, verdict)], NOW)
    assert fresh_judgements(tmp_path, [RYE], NOW) == {}


def test_a_weekly_run_looks_at_every_page(tmp_path: Path) -> None:
    for verdict in VERDICTS:
        keep_judgements(tmp_path, [checked(RYE, verdict)], NOW)
        assert fresh_judgements(tmp_path, [RYE], NOW + 7 * DAY - HOUR) == {}


def test_a_failure_takes_the_place_of_an_older_success_and_unknown_does_not(tmp_path: Path) -> None:
    keep_judgements(tmp_path, [checked(RYE), checked(OATS)], NOW)
    keep_judgements(tmp_path, [checked(RYE, "dead"), checked(OATS, "unknown")], NOW + HOUR)
    assert fresh_judgements(tmp_path, [RYE, OATS], NOW + HOUR).keys() == {OATS.url}


def test_what_was_not_checked_grows_no_younger(tmp_path: Path) -> None:
    keep_judgements(tmp_path, [checked(RYE)], NOW)
    keep_judgements(tmp_path, [checked(RYE, fresh=False)], NOW + 5 * DAY)
    assert fresh_judgements(tmp_path, [RYE], NOW + 6 * DAY) == {}


@pytest.mark.parametrize(
    "changed",
    [{"titles": ("Rye bread",)}, {"authors": ("Ada",)}, {"kind": "video"}, {"language": "de"},
     {"published": "2020"}, {"url": "https://bread.example/rye#crumb"}],
)  # fmt: skip
def test_who_knows_something_else_checks_again(tmp_path: Path, changed: dict[str, Any]) -> None:
    keep_judgements(tmp_path, [checked(RYE)], NOW)
    assert fresh_judgements(tmp_path, [replace(RYE, **changed)], NOW) == {}


def test_where_a_link_stands_makes_no_difference(tmp_path: Path) -> None:
    keep_judgements(tmp_path, [checked(RYE)], NOW)
    assert fresh_judgements(tmp_path, [replace(RYE, resource="x", role="url")], NOW)


def test_another_policy_checks_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_judgements(tmp_path, [checked(RYE)], NOW)
    monkeypatch.setattr(link_cache, "_checker", lambda: "another")
    assert fresh_judgements(tmp_path, [RYE], NOW) == {}


def test_a_judgement_comes_back_whole(tmp_path: Path) -> None:
    seen = (Evidence(kind="title", value="\u2028\x85"), Evidence(kind="chain", value=""))
    whole = Judgement(verdict="moved", evidence=seen, suggest="https://a.example", final="b")
    keep_judgements(tmp_path, [CheckedLink(link=RYE, judgement=whole)], NOW)
    assert fresh_judgements(tmp_path, [RYE], NOW) == {RYE.url: whole}


def test_old_lines_are_dropped_and_broken_ones_are_not_there(tmp_path: Path) -> None:
    file = tmp_path / "links.jsonl"
    keep_judgements(tmp_path, [checked(OATS)], NOW - 6 * DAY)
    line = json.loads(file.read_text())
    naive, never = (json.dumps({**line, "at": at}) for at in ("2026-11-20T12:00:00", "soon"))
    file.write_text("\n".join([file.read_text(), naive, never, "{", "[" * 100_000, "5"]))
    keep_judgements(tmp_path, [checked(RYE)], NOW)
    assert [json.loads(line)["url"] for line in file.read_text().splitlines()] == [RYE.url]


def test_a_cache_that_cannot_be_read_is_empty(tmp_path: Path) -> None:
    assert fresh_judgements(tmp_path / "none", [RYE], NOW) == {}
    (tmp_path / "links.jsonl").write_bytes(b"\xff")
    assert fresh_judgements(tmp_path, [RYE], NOW) == {}
    keep_judgements(tmp_path, [checked(RYE)], NOW)
    assert fresh_judgements(tmp_path, [RYE], NOW)
