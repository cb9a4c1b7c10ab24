"""`make site` runs and proves what lacks it before any page is built; `make preview` does not."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.projects import bread_project
from tools import site as surface
from tools.model.problem import Problem
from tools.model.proof import Proof
from tools.notebooks.running import Outcome, WorkerFailed

ID = "dough/window_pane"
PROOF = Proof(snippet=ID, key="", tests=("test_a",), seconds=0.1)


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What happened, in order; nothing is run or built here."""
    happened: list[str] = []
    monkeypatch.chdir(bread_project(tmp_path))

    def built(*_: object) -> None:
        happened.append("build")

    def swapped(_: Path, output: Path) -> None:
        output.mkdir()

    monkeypatch.setattr(surface, "build_languages", built)
    monkeypatch.setattr(surface, "swap", swapped)
    _answer(monkeypatch, happened, "run_snippets", Outcome(snippet=ID))
    _answer(monkeypatch, happened, "prove", PROOF)
    return happened


def _answer(
    monkeypatch: pytest.MonkeyPatch, happened: list[str], name: str, *answers: object
) -> None:
    def made(_: Path, ids: list[str]) -> Iterator[object]:
        for answer in answers:
            happened.append(f"{name} {' '.join(ids)}")
            yield answer

    monkeypatch.setattr(surface, name, made)


def build(*options: str) -> Result:
    return CliRunner().invoke(surface.site, ["build", *options])


def test_snippets_are_run_and_proven_first(steps: list[str]) -> None:
    result = build()
    assert result.exit_code == 0
    assert steps == [f"run_snippets {ID}", f"prove {ID}", "build"]
    assert [line.split()[0] for line in result.stdout.splitlines()] == [
        "validate", "run", "run", "prove", "prove", "build", "swap", "The",
    ]  # fmt: skip


def test_what_has_a_record_is_left_alone(steps: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("lacking_run", "lack_proof"):
        monkeypatch.setattr(surface, name, lambda *_: ())
    assert build().exit_code == 0
    assert steps == ["build"]


def test_without_runs_the_site_is_built_all_the_same(steps: list[str]) -> None:
    assert build("--no-run").exit_code == 0
    assert steps == ["build"]


def test_preview_builds_without_running(steps: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    class _Server:
        def __init__(self, *_: object) -> None: ...
        def __enter__(self) -> "_Server":
            return self

        def __exit__(self, *_: object) -> None: ...
        def serve_forever(self) -> None:
            raise KeyboardInterrupt

    monkeypatch.setattr(surface.http.server, "ThreadingHTTPServer", _Server)
    assert CliRunner().invoke(surface.site, ["preview"]).exit_code == 0
    assert steps == ["build"]


def _failed_run() -> Outcome:
    return Outcome(snippet=ID, problems=(Problem("snippets/a.py", 3, "", "no"),))


def _failed_proof() -> Proof:
    return Proof(snippet=ID, key="", tests=(), failures=(("tests/a.py:4", "no"),), seconds=0.1)


@pytest.mark.parametrize(
    ("step", "answer", "said"),
    [
        ("run_snippets", _failed_run, "snippets/a.py:3: no"),
        ("prove", _failed_proof, "tests/a.py:4: no"),
    ],
)
def test_the_first_failure_stops_all_with_its_place(
    steps: list[str],
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    answer: Callable[[], object],
    said: str,
) -> None:
    happened: list[str] = []
    _answer(monkeypatch, happened, step, answer(), answer())
    result = build()
    assert result.exit_code == 1
    assert said in result.stderr
    assert "1 problem; the site was not built" in result.stderr
    assert happened == [f"{step} {ID}"]
    assert "build" not in steps
    assert not Path("site").exists()


def test_a_machine_without_torch_is_told(steps: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(*_: object) -> Iterator[Outcome]:
        raise WorkerFailed("No module named 'torch'")
        yield

    monkeypatch.setattr(surface, "run_snippets", absent)
    result = build()
    assert (result.exit_code, steps) == (1, [])
    assert "no snippet can be run: No module named 'torch'" in result.stderr


def test_a_broken_catalog_is_found_before_anything_is_run(steps: list[str]) -> None:
    Path("catalog/topics.yml").write_text("- a: b: c")
    result = build()
    assert result.exit_code == 1
    assert "catalog/topics.yml:1: not YAML" in result.stderr
    assert steps == []
