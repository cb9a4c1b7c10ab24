"""The one rolling issue: when it opens, is renewed, closes and opens again."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.ci.conftest import written
from tools.ci.__main__ import ci
from tools.ci.issue import LABEL, TITLE, Issue, broken_links, calls_for
from tools.model.link import LinkHealth, LinkMemory, Verdict

WEEKS = ("2026-11-02", "2026-11-09", "2026-11-16")
Calls = Callable[[], list[list[str]]]


def memory_of(verdict: Verdict, failures: tuple[str, ...]) -> LinkMemory:
    health = LinkHealth(url="example.org/a", verdict=verdict, since="2026-11-02", failures=failures)
    return LinkMemory({health.url: health})


@pytest.mark.parametrize(
    ("verdict", "failures", "runs", "days", "broken"),
    [
        ("dead", WEEKS, 3, 7, 1),
        ("dead", WEEKS, 3, 14, 1),
        ("dead", WEEKS, 3, 15, 0),
        ("dead", WEEKS[:2], 3, 7, 0),
        ("dead", ("2026-11-02", "2026-11-03", "2026-11-04"), 3, 7, 0),
        ("blocked", WEEKS, 3, 7, 0),
        ("ok", (), 1, 0, 0),
        ("dead", WEEKS[:1], 1, 0, 1),
        ("dead", (), 1, 0, 0),
    ],
)
def test_a_link_is_broken_after_so_many_runs_over_so_many_days(
    verdict: Verdict, failures: tuple[str, ...], runs: int, days: int, broken: int
) -> None:
    assert broken_links(memory_of(verdict, failures), runs, days) == broken


@pytest.mark.parametrize(
    ("issue", "broken", "verbs"),
    [
        (None, 0, []),
        (None, 2, ["label create", "issue create"]),
        (Issue(7, True), 2, ["issue edit"]),
        (Issue(7, False), 2, ["issue edit", "issue reopen"]),
        (Issue(7, True), 0, ["issue edit", "issue close"]),
        (Issue(7, False), 0, []),
    ],
)
def test_the_issue_is_open_as_long_as_a_link_is_broken(
    issue: Issue | None, broken: int, verbs: list[str]
) -> None:
    calls = list(calls_for(issue, broken, "links.md"))
    assert [" ".join(call[:2]) for call in calls] == verbs
    assert all(call[2] == "7" for call in calls if issue)


@pytest.fixture
def tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Result]:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "links.md", "# Links\n")
    return lambda: CliRunner().invoke(ci, ["tell", "links.md", "--fail-after", "3", "--over", "7"])


def remember(folder: Path, failures: tuple[str, ...]) -> None:
    line = {"url": "example.org/a", "verdict": "dead", "since": WEEKS[0], "failures": failures}
    written(folder, "catalog/state/links.jsonl", json.dumps(line) + "\n")


def test_a_first_broken_link_opens_the_issue_with_the_report(
    tmp_path: Path, tell: Callable[[], Result], gh_calls: Calls
) -> None:
    remember(tmp_path, WEEKS)
    done = tell()
    assert done.exit_code == 0
    assert done.output == "1 link to mend\ngh label create\nan-address\n"
    listing, label, create = gh_calls()
    assert listing[:4] == ["issue", "list", "--label", LABEL]
    assert label[:3] == ["label", "create", LABEL]
    assert create[2:] == ["--title", TITLE, "--label", LABEL, "--body-file", "links.md"]


def test_the_same_issue_is_renewed_closed_and_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tell: Callable[[], Result], gh_calls: Calls
) -> None:
    for state, failures in (("OPEN", WEEKS), ("OPEN", ()), ("CLOSED", ()), ("CLOSED", WEEKS)):
        monkeypatch.setenv("GH_ISSUES", json.dumps([{"number": 12, "state": state}]))
        remember(tmp_path, failures)
        assert tell().exit_code == 0
    verbs = [call[:3] for call in gh_calls() if call[1] != "list"]
    renewed, closed, reopened = (["issue", verb, "12"] for verb in ("edit", "close", "reopen"))
    assert verbs == [renewed, renewed, closed, renewed, reopened]


def test_without_network_a_broken_link_stays_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tell: Callable[[], Result], gh_calls: Calls
) -> None:
    remember(tmp_path, WEEKS)  # A run that reached no host leaves the memory as it was.
    monkeypatch.setenv("GH_ISSUES", '[{"number": 12, "state": "OPEN"}]')
    tell()
    assert ["issue", "close"] not in [call[:2] for call in gh_calls()]


def test_a_check_that_left_no_report_ends_with_2(
    tmp_path: Path, tell: Callable[[], Result], gh_calls: Calls
) -> None:
    (tmp_path / "links.md").unlink()
    done = tell()
    assert done.exit_code == 2
    assert "links.md" in done.stderr
    assert gh_calls() == []


def test_a_memory_that_cannot_be_read_ends_with_2_and_its_line(
    tmp_path: Path, tell: Callable[[], Result], gh_calls: Calls
) -> None:
    written(tmp_path, "catalog/state/links.jsonl", "{\n")
    done = tell()
    assert done.exit_code == 2
    assert done.stderr.startswith("catalog/state/links.jsonl:1: not JSON")
    assert gh_calls() == []


@pytest.mark.parametrize(
    ("path", "refusal", "sentence"),
    [("keep", "no rights", "no rights"), ("", "", "gh: found no such program")],
)
def test_a_gh_that_refuses_or_is_missing_ends_with_2(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    tell: Callable[[], Result],
    gh_calls: Calls,
    path: str,
    refusal: str,
    sentence: str,
) -> None:
    remember(tmp_path, WEEKS)
    monkeypatch.setenv("GH_REFUSES", refusal)
    if not path:
        monkeypatch.setenv("PATH", str(tmp_path))
    done = tell()
    assert done.exit_code == 2
    assert sentence in done.stderr
