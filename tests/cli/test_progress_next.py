"""`catalog progress next` on the small catalog about bread: what it says, and how it ends."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.builders import resource_data, topic_data, words, write_catalog
from tests.projects import BREAD
from tools.cli.progress import progress

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `catalog progress next` on the fixture's catalog unless it is told another."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str | Path, catalog: Path = BREAD / "catalog") -> Result:
        result = CliRunner().invoke(progress, ["next", *map(str, arguments)], obj=catalog)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return command


def reading(*resources: str) -> list[dict[str, Any]]:
    return [{"resource": one, "why": words(one)} for one in resources]


@pytest.fixture
def bakery(tmp_path: Path) -> Path:
    """Dough before baking, resources in two languages."""
    return write_catalog(
        tmp_path / "catalog",
        {
            "flour": resource_data("flour", minutes=90, former_ids=["meal"]),
            "flour-zh": resource_data("flour-zh", language="zh-Hans", reach=["islands"]),
            "oven": resource_data("oven", minutes=10, kind="book"),
        },
        topics=[
            topic_data("dough", reading=reading("flour", "flour-zh"), snippets=["mixing/fold"]),
            topic_data("baking", requires=["dough"], reading=reading("oven"), former_ids=["heat"]),
        ],
    )


def test_a_path_tells_what_to_read_and_run_and_why(run: Run, bakery: Path) -> None:
    result = run(catalog=bakery)
    assert (result.exit_code, result.stderr) == (0, "2 topics, 1 h 40 min of reading\n")
    assert result.stdout == (
        "1. dough in English (needed for baking in English)\n"
        "   read All about flour (flour, 90 min): first in the reading list\n"
        "   run mixing/fold in English (mixing/fold): code to run\n"
        "2. baking in English (an end of the road)\n"
        "   read All about oven (oven, 10 min): first in the reading list; short: 10 minutes\n"
    )


def test_wishes_leave_out_and_say_so(run: Run, bakery: Path) -> None:
    result = run("--goal", "heat", "--language", "zh-Hans", "--reach", "islands",
                 "--minutes-a-week", 60, catalog=bakery)  # fmt: skip
    assert result.stdout == (
        "1. dough in English (needed for baking in English, week 1)\n"
        "   read All about flour-zh (flour-zh): the only one in Chinese\n"
        "   run mixing/fold in English (mixing/fold): code to run\n"
        "2. baking in English (your goal, week 1)\n"
        "   nothing in its list fits: in English\n"
    )
    assert result.stderr == "2 topics, at least 0 min of reading, 1 of unknown length\n"
    result = run("--kind", "book", "--minutes-a-week", 4, catalog=bakery)
    assert "   nothing in its list fits: another kind: article\n" in result.stdout
    assert result.stderr == "2 topics, 10 min of reading, 3 weeks\n"


def test_what_is_known_is_told_and_left_out(run: Run, bakery: Path, tmp_path: Path) -> None:
    event = '- {"device":"a","n":1,"at":null,"subject":"resource/meal","status":"done"}\n'
    (bakery / "progress.yml").write_text(f"format: unrolled-progress/1\nevents:\n{event}")
    assert run(catalog=bakery).stdout.startswith(
        "known: dough in English (you have read All about flour)\n1. baking in English ("
    )
    mine = tmp_path / "mine.yml"
    mine.write_text('format: unrolled-progress/1\nevents:\n- {"device":"a","n":1,"at":null,'
                    '"subject":"topic/baking","status":"done"}\n')  # fmt: skip
    result = run("--file", mine, catalog=bakery)
    assert (result.exit_code, result.stderr) == (0, "0 topics, 0 min of reading\n")
    assert result.stdout == (
        "known: baking in English (you marked it as known)\nYou know all of this already.\n"
    )


def test_an_event_that_is_none_is_told_and_stops_nothing(run: Run, tmp_path: Path) -> None:
    mine = tmp_path / "mine.yml"
    mine.write_text('format: unrolled-progress/1\nevents:\n- {"device":"a","n":0}\n')
    result = run("--file", mine)
    assert result.exit_code == 0
    assert f"{mine}:3: " in result.stderr
    assert result.stdout.startswith("1. Kneading (needed for Baking)\n")


def test_a_topic_without_a_list_says_so(run: Run, tmp_path: Path) -> None:
    folder = write_catalog(tmp_path / "catalog", topics=[topic_data("dough")])
    assert run(catalog=folder).stdout == (
        "1. dough in English (an end of the road)\n   nothing is listed yet\n"
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--goal", "bakin"), "--goal: found 'bakin', expected the id of a topic; did you mean "
         "baking?"),
        (("--goal", "zzz"), "--goal: found 'zzz', expected the id of a topic"),
        (("--language", "fr"), "--language: found 'fr', expected one of en, zh"),
        (("--reach", "moon"), "--reach: found 'moon', expected nothing"),
        (("--file", "absent.yml"), "--file: found no file 'absent.yml', expected your progress"),
    ],
)  # fmt: skip
def test_a_wish_that_nothing_can_meet_ends_with_2(
    arguments: tuple[str, str], told: str, run: Run
) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"{told}\n")
