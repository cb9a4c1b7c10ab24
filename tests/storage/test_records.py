"""Records of runs and proofs, and the keys that say how long they hold."""

from pathlib import Path

import pytest

from tools.model.proof import Comparison, Proof
from tools.model.run import Cell, Metric, Run
from tools.storage import keys
from tools.storage.keys import proof_key, run_key
from tools.storage.records import (
    notebook_path,
    proof_path,
    read_record,
    read_records,
    run_path,
    write_record,
)

ID = "small/slope"
FILES = (
    "snippets/small/slope.py", "tests/snippets/small/test_slope.py", "tests/snippets/conftest.py",
)  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for file in FILES:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(f"# {file}\n")
    return tmp_path


def a_run(key: str) -> Run:
    return Run(
        snippet=ID,
        key=key,
        cells=(
            Cell(kind="words", source="$a$", html="<p>a</p>"),
            Cell(
                kind="code", source="a = 'é'", name="model", printed="\x1b 循\n", picture="<svg/>"
            ),
        ),
        metric=Metric(name="accuracy", value=0.9, bar=0.8, chance=0.5),
        seconds=1.5,
        versions={"torch": "2"},
    )


def a_proof(key: str, largest: float = 1e-12) -> Proof:
    compared = Comparison(
        oracle="nn.Linear", what="forward", dtype="float64", cases=3, largest=largest
    )
    return Proof(
        snippet=ID, key=key, tests=("test_a",), comparisons=(compared,),
        failures=(("test_slope.py:3", "no"),), seconds=0.5,
    )  # fmt: skip


def test_what_is_written_is_read_again(root: Path) -> None:
    run, proof = a_run(run_key(root, ID)), a_proof(proof_key(root, ID))
    write_record(run_path(root, ID), run)
    write_record(proof_path(root, ID), proof)
    record = read_records(root, [ID, "small/other"])[ID]
    assert (record.run, record.proof, record.ratio) == (run, proof, None)
    assert notebook_path(root, ID).parent == run_path(root, ID).parent


def test_a_difference_without_bound_can_be_kept(root: Path) -> None:
    proof = a_proof("k", largest=float("inf"))
    write_record(proof_path(root, ID), proof)
    assert read_record(proof_path(root, ID), Proof, "k") == proof


def test_what_was_never_run_has_no_record(root: Path) -> None:
    record = read_records(root, [ID])[ID]
    assert (record.run, record.proof, record.ratio) == (None, None, None)


@pytest.mark.parametrize(
    ("file", "run_holds", "proof_holds"),
    [(FILES[0], False, False), (FILES[1], True, False), (FILES[2], True, False)],
)
def test_a_change_ends_what_rests_on_it(
    root: Path, file: str, run_holds: bool, proof_holds: bool
) -> None:
    before = run_key(root, ID), proof_key(root, ID)
    (root / file).write_text("# changed\n")
    after = run_key(root, ID), proof_key(root, ID)
    assert (before[0] == after[0], before[1] == after[1]) == (run_holds, proof_holds)


@pytest.mark.parametrize(
    ("package", "run_holds", "proof_holds"),
    [
        ("torch", False, False), ("numpy", False, False), ("matplotlib", False, True),
        ("pytest", True, False), ("click", True, True),
    ],
)  # fmt: skip
def test_another_version_ends_what_rests_on_it(
    root: Path, monkeypatch: pytest.MonkeyPatch, package: str, run_holds: bool, proof_holds: bool
) -> None:
    before = run_key(root, ID), proof_key(root, ID)
    real = keys._version
    monkeypatch.setattr(keys, "_version", lambda name: "0" if name == package else real(name))
    after = run_key(root, ID), proof_key(root, ID)
    assert (before[0] == after[0], before[1] == after[1]) == (run_holds, proof_holds)


def test_a_change_of_the_machinery_ends_every_run(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = run_key(root, ID)
    monkeypatch.setattr(keys, "_MACHINERY", tmp_path)
    assert run_key(root, ID) != before


def test_every_file_of_the_machinery_is_there() -> None:
    assert [n for n in keys._SHAPING if not (keys._MACHINERY / f"{n}.py").is_file()] == []


def test_bytes_that_move_to_the_next_file_are_seen(root: Path) -> None:
    before = proof_key(root, ID)
    first, second = root / FILES[0], root / FILES[1]
    first.write_text(first.read_text() + second.read_text())
    second.write_text("")
    assert proof_key(root, ID) != before


def test_a_package_that_is_missing_has_no_version() -> None:
    assert keys.versions(["no-such-package-here"]) == {"no-such-package-here": ""}
