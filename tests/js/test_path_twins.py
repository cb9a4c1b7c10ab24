"""Both twins of the path rule on roads, statuses and wishes made by chance."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from tests.conftest import ROOT
from tests.roads import roads, statuses, wishes, written_path
from tools.model.listed import ListedTopic
from tools.model.path import Wish
from tools.model.planning import plan
from tools.pages.path_page import compact

TEST = "tests/js/path.test.mjs"


def made_by_chance() -> list[dict[str, Any]]:
    """Cases as the table has them, with the path that Python makes."""
    cases: list[dict[str, Any]] = []

    @settings(max_examples=300)
    @given(roads(), statuses, wishes)
    def gather(topics: list[ListedTopic], said: dict[str, str], wish: Wish) -> None:
        asked = {
            "goal": wish.goal,
            "languages": wish.languages,
            "kinds": wish.kinds,
            "reach": wish.reach,
            "week": wish.minutes_a_week,
        }
        cases.append(
            {
                "why": f"chance {len(cases)}",
                "topics": [compact(topic) for topic in topics],
                "statuses": said,
                "wish": asked,
                "path": written_path(plan(topics, said, wish)),
            }
        )

    gather()
    return cases


@pytest.mark.node
def test_both_languages_make_the_same_path(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs/assets/javascripts", tmp_path / "docs/assets/javascripts")
    (tmp_path / TEST).parent.mkdir(parents=True)
    shutil.copy(ROOT / TEST, tmp_path / TEST)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    cases = made_by_chance()
    assert len({len(case["path"].get("steps", [])) for case in cases}) > 3
    table = tmp_path / "path.json"
    table.write_text(json.dumps({"topics": [], "cases": cases}), encoding="utf-8")
    run = subprocess.run(
        ["node", "--test", str(tmp_path / TEST)],
        env=os.environ | {"CASES": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stdout[-5000:] + run.stderr[-2000:]
    assert f"pass {len(cases)}" in run.stdout
