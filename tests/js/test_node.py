"""The site's JavaScript under Node's own test runner, with the tables that Python tests read."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.progresses import RENAMED, as_json, as_lines, random_values
from tools.model.progress import Progress, live, merge, next_count, state
from tools.storage.progress_text import parse_progress, progress_json, progress_text
from tools.storage.yaml import read_yaml

ROOT = Path(__file__).parents[2]
TABLES = ("query", "path", "progress")


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    """A copy that says it holds modules: older Nodes do not find that out by themselves."""
    for folder in ("docs/assets/javascripts", "tests/js"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    return tmp_path


def node(folder: Path, *arguments: str) -> str:
    run = subprocess.run(
        ["node", *arguments],
        env=os.environ | {"CASES": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stdout[-5000:] + run.stderr[-2000:]
    return run.stdout


@pytest.mark.node
def test_the_javascript_passes_its_own_tests(modules: Path) -> None:
    for name in TABLES:
        table = read_yaml((ROOT / f"tests/cases/{name}.yml").read_text(encoding="utf-8"))
        (modules / f"{name}.json").write_text(json.dumps(table), encoding="utf-8")
    node(modules, "--test", *map(str, sorted((modules / "tests/js").glob("*.test.mjs"))))


def told(progress: Progress) -> dict[str, Any]:
    """All that follows from a set of events, as twin.mjs tells it."""
    return {
        "yaml": progress_text(progress),
        "json": progress_json(progress),
        "live": [event.canonical for event in live(progress.events)],
        "next": next_count(progress.events),
        "state": {
            subject: {
                "status": one.status,
                "rating": one.rating,
                "note": one.note,
                "spent": one.spent,
                "since": one.since,
                "setBy": {name: list(key) for name, key in one.set_by.items()},
            }
            for subject, one in state(progress.events, RENAMED).items()
        },
    }


def random_texts(chance: Random) -> list[str]:
    """Some files as chance has it, in both forms."""
    values = [random_values(chance, most=25) for _ in range(3)]
    members = ",\n ".join(as_json(chance, value) for value in values[0])
    as_one = f'{{"format": "unrolled-progress/1", "events": [{members}]}}'
    return [as_one, *(as_lines(chance, part) for part in values[1:])]


@pytest.mark.node
def test_both_languages_read_merge_and_write_alike(modules: Path) -> None:
    asked = [random_texts(Random(seed)) for seed in range(300)]
    (modules / "asked.json").write_text(json.dumps({"renamed": RENAMED, "asked": asked}))
    answers = json.loads(node(modules, str(modules / "tests/js/twin.mjs")))
    for texts, answer in zip(asked, answers, strict=True):
        reads = [parse_progress(text) for text in texts]
        assert answer["strange"] == [
            [[line, where[2] if where[2:] else ""] for line, where, _ in read.strange]
            for read in reads
        ]
        merged = merge(*(read.progress for read in reads))
        assert answer["merged"] == told(merged)
        # What the page exports, the command reads with the same meaning and writes back the same.
        for name in ("yaml", "json"):
            again = parse_progress(answer["merged"][name])
            assert (again.progress, again.broken) == (merged, ())
