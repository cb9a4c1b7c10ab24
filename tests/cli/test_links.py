"""`catalog links` on a small project whose hosts all stand on the farm."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.linkcheck.farm.names import HERE, resolving
from tests.linkcheck.farm.plays import MISSING, after, page, sent_on
from tests.linkcheck.farm.server import Farm, Host, farming
from tests.projects import BREAD
from tools.checking import Run
from tools.cli import main
from tools.model.link import CheckedLink

Catalog = Callable[..., Result]
GOOD = page("<title>Sourdough</title><h1>Sourdough</h1>" + "<p>Flour, water and salt.</p>" * 40)
HOSTS = {
    "alive.test": Host(otherwise=GOOD),
    "dead.test": Host(otherwise=MISSING),
    "moved.test": Host(
        {"/old": sent_on("http://moved.test/new", "301 Moved Permanently")}, otherwise=GOOD
    ),
}


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def farm() -> Iterator[Farm]:
    with farming(HOSTS) as farm, resolving(farm.ground):
        yield farm


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project of three resources, one that lives, one that moved and one that is gone."""
    (tmp_path / "catalog" / "resources").mkdir(parents=True)
    for name in ("site.yml", "topics.yml", "questions.yml", "snippets.yml"):
        shutil.copy(BREAD / "catalog" / name, tmp_path / "catalog" / name)
    for id, url in (("alive", "alive.test/"), ("moved", "moved.test/old"), ("gone", "dead.test/")):
        write(tmp_path, id, f"http://{url}")
    (tmp_path / "README.md").write_text("# Bread\n\n[More](http://alive.test/more)\n")
    return tmp_path


def write(root: Path, id: str, url: str) -> None:
    lines = [
        "title: Sourdough", f"url: {url}  # as the note has it", "kind: article", "language: en",
        "topics: [dough]", "level: beginner", "summary: {en: Bread., zh: 面包。}",
        'added: "2026-01-01"',
    ]  # fmt: skip
    (root / "catalog" / "resources" / f"{id}.yml").write_text("\n".join(lines) + "\n")


@pytest.fixture
def catalog(root: Path) -> Catalog:
    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["--catalog", str(root / "catalog"), "links", *arguments])

    return run


HERE_ALLOWED = ("--allow-network", f"{HERE}/32", "--deadline", "3")


def checked(catalog: Catalog, *arguments: str) -> tuple[Result, dict[str, Any]]:
    """A check with its JSON report, by address."""
    result = catalog("check", *HERE_ALLOWED, "--format", "json", *arguments)
    return result, {one["url"]: one for one in json.loads(result.stdout)["links"]}


@pytest.mark.usefixtures("farm")
def test_every_link_has_its_record_and_broken_ones_end_with_1(catalog: Catalog) -> None:
    result, found = checked(catalog)
    assert result.exit_code == 1
    assert {url: one["verdict"] for url, one in found.items()} == {
        "http://alive.test/": "ok",
        "http://moved.test/old": "moved",
        "http://dead.test/": "dead",
        "http://alive.test/more": "ok",
    }
    gone = found["http://dead.test/"]
    assert list(gone) == [
        "url", "verdict", "outcome", "confirmed", "suggest", "final", "evidence", "where",
        "seconds", "requests", "bytes",
    ]  # fmt: skip
    assert (gone["outcome"], gone["confirmed"], gone["requests"]) == ("fix", True, 1)
    assert gone["evidence"] == [{"kind": "status", "value": "404"}]
    assert gone["where"] == [{"path": "catalog/resources/gone.yml", "line": 2}]
    assert found["http://moved.test/old"]["suggest"] == "http://moved.test/new"
    assert found["http://alive.test/more"]["where"] == [{"path": "README.md", "line": 3}]


@pytest.mark.usefixtures("farm")
def test_a_failure_is_believed_after_enough_runs_only(catalog: Catalog, root: Path) -> None:
    result, found = checked(catalog, "--fail-after", "2", "--over", "7")
    assert (result.exit_code, found["http://dead.test/"]["confirmed"]) == (0, False)
    memory = root / "catalog" / "state" / "links.jsonl"
    line = next(line for line in memory.read_text().splitlines() if "dead.test" in line)
    known = json.loads(line)
    memory.write_text(line.replace(known["failures"][0], "2026-01-01") + "\n")
    result, found = checked(catalog, "--fail-after", "2", "--over", "7")
    assert (result.exit_code, found["http://dead.test/"]["confirmed"]) == (1, True)


def test_what_was_asked_not_long_ago_is_not_asked_again(catalog: Catalog, farm: Farm) -> None:
    checked(catalog)
    before = len(farm.record("alive.test").arrivals)
    _, found = checked(catalog)
    assert found["http://alive.test/"]["verdict"] == "ok"
    assert len(farm.record("alive.test").arrivals) == before
    checked(catalog, "--fresh")
    assert len(farm.record("alive.test").arrivals) == before + 2


@pytest.mark.usefixtures("farm")
def test_a_quiet_second_run_changes_no_line(catalog: Catalog, root: Path) -> None:
    checked(catalog)
    memory = root / "catalog" / "state" / "links.jsonl"
    first = memory.read_bytes()
    assert first.count(b"\n") == 4
    checked(catalog, "--fresh")
    assert memory.read_bytes() == first


def test_without_a_network_nothing_is_known_or_remembered(catalog: Catalog, root: Path) -> None:
    with farming({}) as farm, resolving(replace(farm.ground, known=("nowhere.test",))):
        result, found = checked(catalog)
    assert result.exit_code == 0
    assert {one["verdict"] for one in found.values()} == {"unknown"}
    assert "no network" in result.stderr
    assert not (root / "catalog" / "state").exists()


@pytest.mark.usefixtures("farm")
def test_lists_of_ones_own_are_checked_and_not_remembered(
    catalog: Catalog, root: Path, tmp_path: Path
) -> None:
    plain, listed = tmp_path / "links.txt", tmp_path / "links.yml"
    plain.write_text("http://dead.test/a\n# a remark\n\nhttp://alive.test/a\n")
    listed.write_text("- {url: http://alive.test/b, title: Sourdough, kind: article}\n")
    result, found = checked(catalog, "--input", str(plain), "--input", str(listed))
    assert result.exit_code == 1
    assert [one["verdict"] for one in found.values()] == ["dead", "ok", "ok"]
    assert found["http://alive.test/a"]["where"][0]["line"] == 4
    assert not (root / "catalog" / "state").exists()


@pytest.mark.usefixtures("farm")
def test_a_line_that_is_no_link_is_told_and_the_others_are_checked(
    catalog: Catalog, tmp_path: Path
) -> None:
    (tmp_path / "links.txt").write_text("http://alive.test/\nbread\n")
    result, found = checked(catalog, "--input", str(tmp_path / "links.txt"))
    assert (result.exit_code, [*found]) == (1, ["http://alive.test/"])
    assert "links.txt:2: found 'bread', expected an http or https address" in result.stderr


def test_a_list_without_any_link_cannot_be_checked(catalog: Catalog, tmp_path: Path) -> None:
    (tmp_path / "links.txt").write_text("# nothing yet\n")
    assert catalog("check", "--input", str(tmp_path / "links.txt")).exit_code == 2


def test_only_some_links(catalog: Catalog, farm: Farm) -> None:
    for word, expected in (
        ("gone", ["http://dead.test/"]),
        ("alive.test", ["http://alive.test/", "http://alive.test/more"]),
        ("http://moved.test/old", ["http://moved.test/old"]),
    ):
        assert [*checked(catalog, "--only", word)[1]] == expected
    assert [*checked(catalog, "--only", "dead")[1]] == ["http://dead.test/"]
    assert [*checked(catalog, "--only", "fix")[1]] == ["http://dead.test/"]
    result = catalog("check", "--only", "brioche")
    assert result.exit_code == 2
    assert "found 'brioche'" in result.stderr
    assert farm.record("moved.test").arrivals


def test_only_what_a_change_adds(catalog: Catalog, root: Path, farm: Farm) -> None:
    def git(*words: str) -> None:
        subprocess.run(["git", "-C", str(root), *words], check=True, capture_output=True)

    git("init", "-q")
    git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "a")
    git("add", "-A")
    git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "b")
    write(root, "new", "http://dead.test/new")
    result = catalog("check", *HERE_ALLOWED, "--changed-since", "HEAD", "--format", "github")
    assert result.exit_code == 1
    assert result.stdout.startswith("::error file=catalog/resources/new.yml,line=2,")
    assert len(farm.record("dead.test").arrivals) == 1
    assert catalog("check", "--changed-since", "nothing").exit_code == 2


def test_a_dry_run_asks_nothing(catalog: Catalog, farm: Farm) -> None:
    result = catalog("check", "--dry-run")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "http://alive.test/"
    assert "4 links to ask" in result.stderr
    assert not farm.records


@pytest.mark.usefixtures("farm")
@pytest.mark.parametrize("form", ["text", "json", "jsonl", "markdown", "junit", "sarif", "github"])
def test_a_report_goes_to_a_file_in_every_form(catalog: Catalog, root: Path, form: str) -> None:
    file = root / "reports" / "links"
    result = catalog("check", *HERE_ALLOWED, "--format", form, "--output", str(file))
    assert result.exit_code == 1
    assert "dead.test" in file.read_text(encoding="utf-8")
    assert result.stdout == ""
    assert "4 links: " in result.stderr


@pytest.mark.usefixtures("farm")
def test_an_interrupted_run_leaves_what_it_found(
    catalog: Catalog, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Run.found

    def interrupted(run: Run) -> Iterator[CheckedLink]:
        for checked_link in found(run):
            yield checked_link
            if len(run.found_so_far) == 2:
                raise KeyboardInterrupt

    monkeypatch.setattr(Run, "found", interrupted)
    file = root / "links.json"
    result = catalog("check", *HERE_ALLOWED, "--format", "json", "--output", str(file))
    assert result.exit_code == 2
    report = json.loads(file.read_text())
    assert (report["complete"], len(report["links"])) == (False, 2)
    assert len((root / "catalog" / "state" / "links.jsonl").read_text().splitlines()) == 2
    assert not (root / "catalog" / "state" / "run.json").exists()


def test_a_run_ends_with_its_seconds(catalog: Catalog) -> None:
    with (
        farming({**HOSTS, "alive.test": Host(otherwise=after(9, GOOD))}) as farm,
        resolving(farm.ground),
    ):
        result, found = checked(catalog, "--max-seconds", "0.5")
    assert found["http://alive.test/"]["verdict"] == "unknown"
    assert result.exit_code == 1  # For the one that is known to be gone.


@pytest.mark.usefixtures("farm")
def test_the_memory_is_shown(catalog: Catalog) -> None:
    assert catalog("report").exit_code == 2
    checked(catalog)
    result = catalog("report")
    assert result.exit_code == 0
    assert "ok\t2" in result.stdout
    assert "dead.test\t\t\t1" in result.stdout
    assert "less than a week\t3\t\t1" in result.stdout
    assert "dead\t" in catalog("report", "--by", "link").stdout


@pytest.mark.usefixtures("farm")
def test_one_link_with_all_that_is_known(catalog: Catalog) -> None:
    checked(catalog)
    result = catalog("show", "gone", "--allow-network", f"{HERE}/32")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0] == "stands at: catalog/resources/gone.yml:2"
    assert lines[1].startswith("remembered: dead since ")
    assert "now: dead" in lines
    offline = catalog("show", "http://alive.test/", "--offline")
    assert (offline.exit_code, "now" in offline.stdout) == (0, False)
    assert catalog("show", "brioche").exit_code == 2


@pytest.mark.usefixtures("farm")
def test_what_moved_is_shown_and_then_written(catalog: Catalog, root: Path) -> None:
    assert catalog("fix").exit_code == 2
    checked(catalog)
    file = root / "catalog" / "resources" / "moved.yml"
    before = file.read_text()
    shown = catalog("fix")
    assert "-url: http://moved.test/old  # as the note has it" in shown.stdout
    assert "+url: http://moved.test/new  # as the note has it" in shown.stdout
    assert "+aliases: [http://moved.test/old]" in shown.stdout
    assert file.read_text() == before
    assert "1 page gone without an archived copy" in shown.stderr
    assert catalog("fix", "--write").exit_code == 0
    assert "url: http://moved.test/new  # as the note has it" in file.read_text()
    assert "1 file to change" not in catalog("fix").stderr


@pytest.mark.usefixtures("farm")
def test_a_memory_that_cannot_be_read_is_not_overwritten(catalog: Catalog, root: Path) -> None:
    memory = root / "catalog" / "state" / "links.jsonl"
    memory.parent.mkdir()
    memory.write_text("{broken\n")
    result = catalog("check", *HERE_ALLOWED)
    assert result.exit_code == 2
    assert "links.jsonl:1" in result.stderr
    assert memory.read_text() == "{broken\n"
