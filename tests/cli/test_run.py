"""`catalog run` on a small project: what it shows, what it keeps, and how it ends."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.notebooks.tiny import WHOLE, line_of, with_demo, write_snippet
from tests.projects import BREAD
from tools.cli import main
from tools.notebooks import running
from tools.notebooks.cells import Finished, Job, Seen
from tools.notebooks.launch import WorkerFailed
from tools.storage.records import run_path

Run = Callable[..., Result]
FAILING = with_demo("raise ValueError('no dough')")
BELOW = "\n# %%\n# --8<-- [start:broken]\nx = 1\n# --8<-- [end:broken]\n"
PRINTED = "  <b> slope 2.0\n"
MEASURED = "  mean squared error 0.25 (expected at most 0.5, guessing gives 1), "


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(BREAD / "catalog", root / "catalog")
    write_snippet(root, "dough/window_pane")  # The one that the catalog of the fixture names.
    write_snippet(root, "dough/slope", WHOLE + BELOW)
    write_snippet(root, "dough/fails", FAILING)
    return root


def _worked(jobs: Sequence[Job], *_: object) -> Iterator[Finished]:
    """What the worker would tell of these; it is tested in tests/notebooks."""
    for job in jobs:
        code = "".join(text for _, text in job.codes)
        if "no dough" in code:
            line = line_of(FAILING, "no dough")
            yield Finished(snippet=job.snippet, line=line, message="ValueError: no dough")
            continue
        value = 0.75 if "= 0.75," in code else 0.25
        metric = {"name": "mean squared error", "value": value, "bar": 0.5, "chance": 1.0}
        drawn = ('<svg fill="red"/>',) if "plt." in code else ()
        left = Seen(printed="<b> slope 2.0\n", picture="<svg/>", drawn=drawn)
        # A cell below, as an ablation is, with a picture of its own.
        below = Seen(picture="<svg/>", drawn=('<svg fill="blue"/>',))
        seen = (Seen(), Seen(), left, below)
        yield Finished(snippet=job.snippet, seen=seen, metric=metric, seconds=0.3)


@pytest.fixture
def run(root: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(running, "worked", _worked)

    def command(*arguments: str | Path) -> Result:
        told = ["--catalog", str(root / "catalog"), "run", *map(str, arguments)]
        result = CliRunner().invoke(main, told)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return command


def test_a_run_is_shown_and_kept(run: Run, root: Path) -> None:
    first = run("dough/slope")
    assert (first.exit_code, first.stderr) == (0, "")
    assert first.stdout.startswith(f"dough/slope\n{PRINTED}{MEASURED}")
    assert first.stdout.endswith(" s\n")
    made = run_path(root, "dough/slope").stat().st_mtime_ns
    again = run("snippets/dough/slope.py")
    assert again.stdout == first.stdout[:-1] + ", as it ran before\n"
    assert run_path(root, "dough/slope").stat().st_mtime_ns == made
    fresh = run("--fresh", "dough/slope", "--picture", root / "slope.svg")
    assert run_path(root, "dough/slope").stat().st_mtime_ns > made
    assert fresh.stdout.endswith(f" s\n  picture: {root / 'slope.svg'}\n")
    # Seen outside the site it must have colours of its own.
    assert (root / "slope.svg").read_text() == '<svg fill="red"/>'


def test_a_failing_cell_ends_with_1_and_its_place_and_others_are_shown(run: Run) -> None:
    result = run("dough/fails", "dough/slope")
    place = f"snippets/dough/fails.py:{line_of(FAILING, 'no dough')}"
    assert result.exit_code == 1
    assert result.stderr == f"{place}: ValueError: no dough\n1 problem\n"
    assert "dough/slope\n" in result.stdout


def test_a_missed_bar_is_shown_and_is_a_problem(run: Run, root: Path) -> None:
    text = WHOLE.replace("= 0.25,", "= 0.75,")
    write_snippet(root, "dough/misses", text)
    result = run("dough/misses")
    assert result.exit_code == 1
    assert "mean squared error 0.75 (expected at most 0.5" in result.stdout
    place = f"snippets/dough/misses.py:{line_of(text, '[start:picture]')}"
    assert f"{place}: mean squared error: found 0.75, expected at most 0.5\n" in result.stderr


def test_without_a_name_all_of_the_catalog_that_lack_a_run_are_run(run: Run) -> None:
    first = run()
    assert (first.exit_code, first.stdout.split("\n")[0]) == (0, "dough/window_pane")
    assert "slope\n  mean" not in first.stdout
    assert run().stdout == "every snippet was run since it changed\n"


@pytest.mark.parametrize(
    ("name", "hint"),
    [("slope", "; did you mean dough/slope?"), ("dough/slop", "; did you mean"), ("x/y", "")],
)
def test_an_unknown_name_ends_with_2_and_a_suggestion(run: Run, name: str, hint: str) -> None:
    result = run(name)
    assert result.exit_code == 2
    assert f"found {name!r}, expected the name of a snippet{hint}" in result.stderr


def test_a_picture_is_of_one_snippet(run: Run, root: Path) -> None:
    result = run("--picture", root / "a.svg")
    assert (result.exit_code, "--picture goes with one NAME" in result.stderr) == (2, True)


def test_a_snippet_that_draws_nothing_has_no_picture(run: Run, root: Path) -> None:
    text = "".join(line for line in WHOLE.splitlines(True) if "    plt." not in line)
    write_snippet(root, "dough/plain", text)
    result = run("dough/plain", "--picture", root / "plain.svg")
    assert result.exit_code == 2
    assert result.stderr == "found no picture in the run of dough/plain, expected one\n"


def test_a_core_installation_says_what_is_missing(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(*_: object) -> object:
        raise WorkerFailed("ModuleNotFoundError: No module named 'torch'")

    monkeypatch.setattr(running, "worked", absent)
    result = run("--fresh", "dough/slope")
    assert result.exit_code == 2
    assert result.stderr == (
        "no snippet can be run here: ModuleNotFoundError: No module named 'torch'; "
        "`make site` installs what it takes\n"
    )
