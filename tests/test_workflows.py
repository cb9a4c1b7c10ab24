"""The workflows: valid, pinned, with few rights, and made of what is tested here."""

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests.workflow_rules import MAKEFILE, line_fault, read_workflow, run_lines, workflow_faults
from tools.cli import main as catalog

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
README_COMMANDS = ["make site", "make check", "make audit", "make test"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_is_without_fault(path: Path) -> None:
    assert list(workflow_faults(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("line", sorted({line for path in WORKFLOWS for line in run_lines(path)}))
def test_a_step_is_a_target_of_make_or_a_catalog_command(line: str) -> None:
    assert line_fault(line, catalog) == ""


def test_github_would_read_every_file_of_it() -> None:
    for schema, files in (
        ("vendor.github-workflows", WORKFLOWS),
        ("custom.github-workflows-require-timeout", WORKFLOWS),
        ("vendor.dependabot", [ROOT / ".github/dependabot.yml"]),
    ):
        command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *files]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
    assert [path.stem for path in WORKFLOWS] == ["ci", "links", "pages"]


def test_an_action_has_one_version_everywhere() -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in WORKFLOWS)
    pins = set(re.findall(r"uses: (\S+@\S+ # \S+)", texts))
    assert len({pin.partition("@")[0] for pin in pins}) == len(pins)


def test_ci_runs_the_commands_of_the_readme_in_their_order() -> None:
    script = ROOT / ".ci/run"
    assert os.access(script, os.X_OK)
    steps = re.findall(r"^step (.+)$", script.read_text(encoding="utf-8"), re.M)
    assert steps == README_COMMANDS
    assert run_lines(ROOT / ".github/workflows/ci.yml") == [".ci/run"]
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("## In CI\n")[2]
    assert re.findall(r"`(make \w+)`", section.partition("\n## ")[0])[:4] == README_COMMANDS


def test_the_weekly_check_and_its_issue_believe_after_the_same_time() -> None:
    check = next(line for line in run_lines(WORKFLOWS[1]) if "--fail-after" in line)
    tell = next(line for line in MAKEFILE.splitlines() if "tools.ci tell" in line)
    for sign in (r"--fail-after \d+", r"--over \d+", r"\.build/links\.md"):
        assert re.findall(sign, check) == re.findall(sign, tell) != []


def test_the_site_is_published_after_the_weekly_check_and_never_for_a_pull_request() -> None:
    _, links, pages = (read_workflow(path.read_text(encoding="utf-8")) for path in WORKFLOWS)
    assert pages["on"]["workflow_run"]["workflows"] == [links["name"]]
    assert "workflow_run.event != 'pull_request'" in pages["jobs"]["build"]["if"]
    assert pages["jobs"]["deploy"]["needs"] == "build"


SOUND = """\
name: links
on: [pull_request, schedule]
permissions: {}
jobs:
  weekly:
    if: github.event_name != 'pull_request'
    permissions: {contents: write, issues: write}
    timeout-minutes: 5
    steps:
      - run: make core
  added:
    permissions: {contents: read}
    timeout-minutes: 5
    env: {SINCE: origin/main}
    steps:
      - uses: actions/checkout@0123456789012345678901234567890123456789 # v1.2.3
        with: {fetch-depth: 0, persist-credentials: false}
"""


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("@0123456789012345678901234567890123456789 # v1.2.3", "@v1", "not pinned"),
        (" # v1.2.3", "", "not pinned"),
        (" # v1.2.3", " # v1", "not pinned"),
        ("permissions: {}\n", "", "rights for every job"),
        ("permissions: {}\n", "permissions: write-all\n", "rights for every job"),
        ("pull_request, ", "pull_request_target, ", "foreign code"),
        ("make core", "echo ${{ github.head_ref }}", "weekly: an expression in a shell"),
        ("make core", "make core\n        env: {X: '${{ secrets.X }}'}", "a secret"),
        ("{contents: read}", "{contents: write}", "added: may write ['contents']"),
        ("    permissions: {contents: read}\n", "", "added: may write ['all']"),
        ("issues: write", "pages: write", "weekly: may write ['contents', 'pages']"),
        ("    if: github.event_name != 'pull_request'\n", "", "weekly: writes for a pull request"),
        ("    timeout-minutes: 5\n    env", "    env", "added: no timeout"),
        (", persist-credentials: false", "", "added: keeps a token"),
        ("fetch-depth: 0, ", "", "added: compares with a history"),
    ],
)
def test_every_fault_is_found(old: str, new: str, fault: str) -> None:
    assert list(workflow_faults(SOUND)) == []
    assert old in SOUND
    found = list(workflow_faults(SOUND.replace(old, new, 1)))
    assert [text for text in found if text.startswith(fault)], found


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("make site", ""),
        ("make bread", "no such target: bread"),
        ("make site bread", "no such target: bread"),
        (".ci/run", ""),
        ("pip install requests", "neither make nor catalog"),
        (".venv/bin/catalog bake", "No such command 'bake'."),
        (".venv/bin/catalog links check --format github --max-seconds 600", ""),
        (".venv/bin/catalog links check --frmt github", "No such option '--frmt'."),
        (".venv/bin/catalog links check --max-seconds soon", "not a valid integer"),
        (".venv/bin/catalog links check --format bread", "'bread' is not"),
        (".venv/bin/catalog links check now", "unexpected extra argument"),
    ],
)
def test_a_line_is_read_as_make_and_click_would_read_it(line: str, fault: str) -> None:
    options = [
        click.Option(["--format"], type=click.Choice(["github"])),
        click.Option(["--max-seconds"], type=int),
    ]
    links = click.Group("links", commands=[click.Command("check", params=options)])
    found = line_fault(line, click.Group("catalog", commands=[links]))
    assert fault in found if fault else found == ""
