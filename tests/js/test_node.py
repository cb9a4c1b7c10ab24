"""The site's JavaScript under Node's own test runner, with the tables that Python tests read."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tools.storage.yaml import read_yaml

ROOT = Path(__file__).parents[2]
CASES = {"CASES": "query.yml", "PATH_CASES": "path.yml"}


@pytest.mark.node
def test_the_javascript_passes_its_own_tests(tmp_path: Path) -> None:
    # In a copy that says it holds modules: older Nodes do not find that out by themselves.
    for folder in ("docs/assets/javascripts", "tests/js"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    tables = {}
    for variable, name in CASES.items():
        cases = read_yaml((ROOT / "tests/cases" / name).read_text(encoding="utf-8"))
        table = (tmp_path / name).with_suffix(".json")
        table.write_text(json.dumps(cases), encoding="utf-8")
        tables[variable] = str(table)
    run = subprocess.run(
        ["node", "--test", *map(str, sorted((tmp_path / "tests/js").glob("*.test.mjs")))],
        env=os.environ | tables,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stdout[-5000:] + run.stderr[-2000:]
