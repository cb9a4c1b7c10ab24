"""`catalog prove` on a small project: its table, its sentences and how it ends."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.notebooks.workbench import HOLDS, write_project
from tests.projects import BREAD
from tools.cli import prove
from tools.storage.records import proof_path

Run = Callable[..., Result]
_FAILS = """
from snippets.basics.{name} import twice

def test_three(compare):
    compare(twice(1.0), 2.0, oracle="a product", what="value")
    assert twice(1) == 3
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_project(tmp_path_factory.mktemp("project"), {"holds": HOLDS, "fails": _FAILS})
    shutil.copytree(BREAD / "catalog", root / "catalog")
    return root


@pytest.fixture
def run(root: Path) -> Run:
    """Runs `catalog prove` on the project."""

    def command(*arguments: str) -> Result:
        result = CliRunner().invoke(prove.prove_snippets, arguments, obj=root / "catalog")
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return command


def test_a_proof_is_a_line_a_comparison_and_is_kept(run: Run, root: Path) -> None:
    rows = (
        "basics/holds\ta product\tforward\tfloat64\t2\t0\n"
        "basics/holds\ta product\tstate\tfloat32, float64\t1\t2.5e-01\n"
    )
    first = run("basics/holds")
    assert (first.exit_code, first.stdout) == (0, rows)
    assert first.stderr.startswith("basics/holds: proven, 3 tests, 3 comparisons, ")
    record = proof_path(root, "basics/holds")
    made = record.stat().st_mtime_ns
    again = run("basics/holds")
    assert (again.exit_code, again.stdout) == (0, rows)
    assert again.stderr.endswith(" s, as it was proven before\n")
    assert record.stat().st_mtime_ns == made
    assert run("--fresh", "snippets/basics/holds.py").stdout == rows
    assert record.stat().st_mtime_ns > made


def test_a_failure_has_its_place_and_ends_with_1(run: Run) -> None:
    result = run("basics/fails")
    assert (result.exit_code, result.stdout) == (
        1,
        "basics/fails\ta product\tvalue\tfloat64\t1\t0\n",
    )
    assert result.stderr.splitlines()[1:] == [
        "tests/snippets/basics/test_fails.py:6: test_three: assert 2 == 3",
        "1 problem",
    ]


def test_without_a_name_all_of_the_catalog_that_lack_a_proof_are_proven(run: Run) -> None:
    result = run()
    assert result.exit_code == 1
    [snippet] = (BREAD / "catalog/snippets.yml").read_text().splitlines()[0].split("id: ")[1:]
    assert f"snippets/{snippet}.py: found no file, expected the snippet" in result.stderr


def test_an_unknown_name_gets_a_suggestion(run: Run) -> None:
    result = run("basics/hold")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "found 'basics/hold', expected the name of a snippet; did you mean" in result.stderr


def test_without_torch_nothing_can_be_proven(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prove, "find_spec", lambda package: None if package == "torch" else 1)
    result = run("--fresh", "basics/holds")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "no snippet can be proven here without torch; `make site` installs it\n"
    )
