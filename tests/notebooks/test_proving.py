"""Proofs: what a session records, what it refuses to record, and what a failure says."""

import gc
import os
import re
import sys
from multiprocessing import active_children
from pathlib import Path

import pytest

from tests.notebooks.workbench import HOLDS, write_project
from tools.model.proof import Comparison, Proof
from tools.notebooks.proving import (
    lack_proof,
    problems_of,
    prove,
    read_proof,
    warm_context,
)
from tools.storage import keys
from tools.storage.records import proof_path, write_record

_HEAD = "import os, pytest, torch\nfrom snippets.basics.{name} import twice\n\n"
_COMPARED = """
def test_one(compare):
    compare(twice(1.0), 2.0, oracle="a product", what="value")

"""
_HANGS = "import threading\ndef test_long():\n    threading.Event().wait()\n"

# Each is the test file of a snippet of that name, told what its proof has to say.
_FILES = {
    "holds": HOLDS,
    "apart": _HEAD + "def test_apart(compare):\n    x = torch.tensor([[1.0, 2.0]])\n"
    "    compare(twice(x), 2 * x + 1, oracle='a product', what='forward')\n",
    "raises": _HEAD + "def test_none():\n    twice(None)\n",
    "unready": _HEAD + "@pytest.fixture\ndef made():\n    raise OSError('no room')\n\n"
    "def test_it(made):\n    pass\n",
    "unimported": "import nowhere_at_all\n",
    "unread": "def test_it(:\n    pass\n",
    "aside": _HEAD + "def test_it():\n    assert twice(1) == 2\n",
    "empty": "",
    "absent": _HEAD + _COMPARED + "def test_gone():\n    pytest.skip('no oracle here')\n",
    "nothing": _HEAD + "def test_parts(compare):\n"
    "    compare((), [], oracle='a product', what='value')\n",
    "cuda": _HEAD + _COMPARED + "@pytest.mark.cuda\ndef test_device():\n    pass\n",
    "crashes": _HEAD + _COMPARED + "def test_end():\n    os.abort()\n",
    "leaves": _HEAD + _COMPARED + "def test_end():\n    os._exit(3)\n",
    "expected": _HEAD + _COMPARED + "@pytest.mark.xfail(strict=True)\n"
    "def test_wrong():\n    pass\n",
    "nan": _HEAD + "def test_nan(compare):\n    x = torch.tensor([1.0, torch.nan])\n"
    "    compare(x, x, oracle='itself', what='value')\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def proven(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Proof]]:
    """A project with all of these files, and what proving them gave."""
    root = write_project(tmp_path_factory.mktemp("project"), _FILES)
    (root / "snippets/basics/untested.py").write_text("")
    ids = [f"basics/{name}" for name in (*_FILES, "untested", "nowhere")]
    return root, {proof.snippet.removeprefix("basics/"): proof for proof in prove(root, ids)}


def test_what_was_compared_is_recorded(proven: tuple[Path, dict[str, Proof]]) -> None:
    root, proofs = proven
    proof = proofs["holds"]
    assert proof.passed
    assert proof.tests == ("test_twice[1]", "test_twice[3]", "test_state")
    assert proof.comparisons == (
        Comparison(oracle="a product", what="forward", dtype="float64", cases=2, largest=0.0),
        Comparison(
            oracle="a product", what="state", dtype="float32, float64", cases=1, largest=0.25
        ),
    )
    assert 0 < proof.seconds < 60
    assert set(proof.versions) == {"torch", "numpy", "pytest"}
    assert all(proof.versions.values())
    assert read_proof(root, "basics/holds") == proof


def test_every_snippet_gets_one_proof(proven: tuple[Path, dict[str, Proof]]) -> None:
    assert set(proven[1]) == {*_FILES, "untested", "nowhere"}


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("apart", "tests/snippets/basics/test_apart.py:6: test_apart: forward: 1 from a product at "
         "(0, 0), expected at most 1e-09"),
        ("raises", "snippets/basics/raises.py:2: test_none: TypeError: unsupported operand type(s) "
         "for +: 'NoneType' and 'NoneType'"),
        ("unready", "tests/snippets/basics/test_unready.py:6: test_it: OSError: no room"),
        ("unimported", "tests/snippets/basics/test_unimported.py:1: ModuleNotFoundError: No module "
         "named 'nowhere_at_all'"),
        ("unread", "tests/snippets/basics/test_unread.py:1: SyntaxError: invalid syntax "
         "(test_unread.py, line 1)"),
        ("aside", "tests/snippets/basics/test_aside.py: found no comparison with an oracle, "
         "expected one through `compare`"),
        ("empty", "tests/snippets/basics/test_empty.py: found no comparison with an oracle, "
         "expected one through `compare`"),
        ("crashes", "tests/snippets/basics/test_crashes.py: ended by SIGABRT"),
        ("leaves", "tests/snippets/basics/test_leaves.py: left no proof: ended with exit code 3"),
        ("expected", "tests/snippets/basics/test_expected.py: test_wrong: [XPASS(strict)]"),
        ("nan", "tests/snippets/basics/test_nan.py:6: test_nan: found nan in ours, expected "
         "numbers"),
        ("nothing", "tests/snippets/basics/test_nothing.py:5: test_parts: value: found nothing to "
         "compare with a product"),
        ("untested", "tests/snippets/basics/test_untested.py: found no file, expected tests that "
         "compare snippets/basics/untested.py with an oracle"),
        ("nowhere", "snippets/basics/nowhere.py: found no file, expected the snippet"),
    ],
)  # fmt: skip
def test_a_failure_tells_its_place(
    name: str, problem: str, proven: tuple[Path, dict[str, Proof]]
) -> None:
    proof = proven[1][name]
    assert not proof.passed
    assert [str(one) for one in problems_of(proof)] == [problem]


def test_only_a_pass_is_taken_on_trust(proven: tuple[Path, dict[str, Proof]]) -> None:
    root = proven[0]
    ids = [f"basics/{name}" for name in _FILES]
    passed = {id.removeprefix("basics/") for id in ids} - {
        id.removeprefix("basics/") for id in lack_proof(root, ids)
    }
    assert passed == {"holds", "cuda"}


def test_a_test_that_needs_cuda_may_be_skipped_and_no_other(
    proven: tuple[Path, dict[str, Proof]],
) -> None:
    proofs = proven[1]
    assert proofs["cuda"].passed
    assert proofs["cuda"].tests == ("test_one",)
    assert not proofs["absent"].passed
    [problem] = problems_of(proofs["absent"])
    assert re.fullmatch(
        r"left no proof: 1 passed, 1 skipped in [\d.]+s; "
        r"SKIPPED \[1\] tests/snippets/basics/test_absent\.py:9: no oracle here",
        problem.message,
    )


def test_a_proof_ends_with_what_it_rests_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, id = write_project(tmp_path, {"holds": HOLDS}), "basics/holds"

    def keep() -> None:
        key = keys.proof_key(root, id)
        proof = Proof(snippet=id, key=key, tests=("test_twice",), seconds=1.0)
        write_record(proof_path(root, id), proof)
        assert lack_proof(root, [id]) == []

    for file in (
        "snippets/basics/holds.py",
        "tests/snippets/basics/test_holds.py",
        "tests/snippets/conftest.py",
        "tests/snippets/comparing.py",
    ):
        keep()
        (root / file).write_text((root / file).read_text() + "\n")
        assert lack_proof(root, [id]) == [id], file
    keep()
    (root / "snippets/basics/other.py").write_text("")
    assert lack_proof(root, [id]) == []
    numbers = keys.versions(keys.PROOF_PACKAGES)
    monkeypatch.setattr(keys, "versions", lambda packages: numbers | {"torch": "0"})
    assert lack_proof(root, [id]) == [id]


def test_an_older_pass_does_not_hide_a_crash(tmp_path: Path) -> None:
    root, id = write_project(tmp_path, {"crashes": _FILES["crashes"]}), "basics/crashes"
    kept = Proof(snippet=id, key=keys.proof_key(root, id), tests=("test_end",), seconds=1.0)
    write_record(proof_path(root, id), kept)
    assert lack_proof(root, [id]) == []
    [proof] = prove(root, [id])
    assert not proof.passed
    assert lack_proof(root, [id]) == [id]


def test_a_broken_fixture_is_told_in_its_own_words(tmp_path: Path) -> None:
    root = write_project(tmp_path, {"holds": HOLDS})
    (root / "tests/snippets/conftest.py").write_text("import nowhere_at_all\n")
    [proof] = prove(root, ["basics/holds"])
    [problem] = problems_of(proof)
    assert problem.message == (
        "left no proof: E   ModuleNotFoundError: No module named 'nowhere_at_all'"
    )


def test_options_meant_for_other_sessions_do_not_reach_a_proof(tmp_path: Path) -> None:
    root = write_project(tmp_path, {"holds": HOLDS})
    (root / "pyproject.toml").write_text("[tool.pytest.ini_options]\naddopts = '-k state'\n")
    [proof] = prove(root, ["basics/holds"])
    assert proof.passed
    assert len(proof.tests) == 3


def test_what_takes_too_long_is_ended(tmp_path: Path) -> None:
    root = write_project(tmp_path, {"hangs": _HANGS})
    [proof] = prove(root, ["basics/hangs"], limit=0.5)
    [problem] = problems_of(proof)
    assert str(problem) == "tests/snippets/basics/test_hangs.py: took longer than 0.5 s"
    assert active_children() == []


def test_closing_ends_what_still_runs(tmp_path: Path) -> None:
    root = write_project(tmp_path, {"hangs": _HANGS, "holds": HOLDS})
    proofs = prove(root, ["basics/hangs", "basics/holds"])
    assert next(proofs).snippet == "basics/holds"
    assert len(active_children()) == 1
    proofs.close()
    assert active_children() == []


# ── sessions that were started by hand ────────────────────────────────────────


def _session(root: Path, arguments: list[str]) -> None:
    """In a fork with torch in memory: pytest as people call it."""
    gc.freeze()
    for name in [name for name in sys.modules if name.split(".")[0] == "tests"]:
        del sys.modules[name]
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    os.chdir(root)
    sys.path.insert(0, str(root))
    pytest.main([*arguments, "--rootdir", str(root)])


def _run_session(root: Path, *arguments: str) -> None:
    process = warm_context().Process(target=_session, args=(root, list(arguments)))
    process.start()
    process.join(60)
    assert process.exitcode == 0


_TESTS = "tests/snippets/basics/test_holds.py"
_FAILING_FIRST = _HEAD + "def test_bad():\n    assert 0\n" + _COMPARED


@pytest.mark.parametrize(
    "arguments",
    [
        (f"{_TESTS}::test_state",),
        (f"{_TESTS}::test_twice[1]", f"{_TESTS}::test_state"),
        ("tests", "-k", "state"),
        ("tests", "-m", "cuda"),
        ("tests", "--deselect", f"{_TESTS}::test_twice[3]"),
        ("tests", "--collect-only"),
        ("tests", "--setup-only"),
    ],
)
def test_a_part_of_a_file_proves_nothing(arguments: tuple[str, ...], tmp_path: Path) -> None:
    root = write_project(tmp_path, {"holds": HOLDS})
    _run_session(root, "-p", "no:cacheprovider", *arguments)
    assert not (root / ".cache").exists()


def test_a_session_that_stops_early_proves_nothing(tmp_path: Path) -> None:
    root = write_project(tmp_path, {"stops": _FAILING_FIRST})
    _run_session(root, "tests", "-p", "no:cacheprovider", "-x")
    assert not (root / ".cache").exists()


def test_the_last_failed_alone_prove_nothing(tmp_path: Path) -> None:
    root = write_project(tmp_path, {"stops": _FAILING_FIRST})
    _run_session(root, "tests")
    record = proof_path(root, "basics/stops")
    record.unlink()
    _run_session(root, "tests", "--last-failed")
    assert not record.exists()


@pytest.mark.parametrize(
    "arguments", [("tests",), (_TESTS,), (f"{_TESTS}::test_twice", f"{_TESTS}::test_state")]
)
def test_a_whole_file_is_proven_by_any_session(arguments: tuple[str, ...], tmp_path: Path) -> None:
    root = write_project(tmp_path, {"holds": HOLDS})
    _run_session(root, "-p", "no:cacheprovider", *arguments)
    assert lack_proof(root, ["basics/holds"]) == []


def test_a_snippet_that_changes_under_its_tests_is_not_proven(tmp_path: Path) -> None:
    edits = "\ndef test_edit():\n    open('snippets/basics/edited.py', 'a').write('#')\n"
    root = write_project(tmp_path, {"edited": HOLDS + edits})
    _run_session(root, "tests", "-p", "no:cacheprovider")
    assert not (root / ".cache").exists()


def test_two_workers_leave_one_proof_of_each_file(tmp_path: Path) -> None:
    root = write_project(tmp_path, {"one": HOLDS, "two": HOLDS, "bad": _FAILING_FIRST})
    _run_session(root, "tests", "-p", "no:cacheprovider", "-n", "2", "--dist", "loadfile")
    kept = sorted(path.name for path in (root / ".cache/proofs/basics").iterdir())
    assert kept == ["bad.json", "one.json", "two.json"]
    assert lack_proof(root, [f"basics/{name}" for name in ("one", "two", "bad")]) == ["basics/bad"]
    proof = read_proof(root, "basics/one")
    assert proof and proof.cases == 3
