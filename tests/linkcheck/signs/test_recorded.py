"""The table of recorded answers: each gets the verdict that a maintainer would give."""

from pathlib import Path
from typing import Any

import pytest

from tests.linkcheck.signs.recorded import answer_of, link_of
from tools.linkcheck.policy import judge_answer
from tools.storage.yaml import read_yaml

TABLE = Path(__file__).parents[2] / "cases/links.yml"
CASES: list[dict[str, Any]] = read_yaml(TABLE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['verdict']}: {case['name']}")
def test_a_recorded_answer_gets_its_verdict(case: dict[str, Any]) -> None:
    judgement = judge_answer(link_of(case), answer_of(case))
    assert judgement.verdict == case["verdict"], judgement
    assert judgement.evidence or judgement.verdict == "ok"
    if "kind" in case:
        assert judgement.evidence[0].kind == case["kind"]
    assert judgement.suggest == case.get("suggest", "")
    assert judgement.final == answer_of(case).address
