"""Runs of small snippets in forked children: what they leave, and how they may end badly."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.notebooks.tiny import WHOLE, line_of, with_demo, write_snippet
from tools.notebooks import running
from tools.notebooks.notebook import pictures_of
from tools.notebooks.running import (
    Outcome,
    WorkerFailed,
    kept_notebook,
    kept_run,
    lacking_run,
    run_snippets,
)
from tools.storage import keys
from tools.storage.records import run_path

SNIPPETS = {
    "slope": WHOLE,
    "twice": WHOLE,
    "raises": with_demo("raise ValueError('expected 3, got 4\\nand more')"),
    "torch": with_demo("return torch.zeros(2) + torch.zeros(3)"),
    "leaves": with_demo("import os\nos._exit(0)"),
    "quits": with_demo("raise SystemExit"),
    "killed": with_demo("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"),
    "loud": with_demo("print('a' * 30_000)"),
    "misses": WHOLE.replace("= 0.25,", "= 0.75,"),
    "nan": WHOLE.replace("= 0.25,", "= float('nan'),"),
    "half": WHOLE.replace("0.25, 0.5, 1.0, ", "0.25, 0.5, ").replace(", chance", ""),
    "plain": WHOLE.replace("result = demo()", "demo()"),
    "uncompiled": WHOLE + "\n# %%\nreturn 1\n",
    "unmarked": WHOLE.replace(":picture]", ":drawing]"),
    "later": WHOLE.replace("-> Result:", "-> Later:"),  # Fine below `from __future__`.
    "draws": WHOLE.replace("    plt.plot(", "    plt.figure()\n    plt.plot(").replace(
        "# --8<-- [end:demo]",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2])\n# --8<-- [end:demo]",
    ),
    "spawns": with_demo(
        """
        import fcntl, subprocess
        held = open(__file__ + ".lock", "w")
        fcntl.flock(held, fcntl.LOCK_EX)
        subprocess.Popen(["sleep", "20"], pass_fds=[held.fileno()])
        return Result()
        """
    ),
    "looks": with_demo("import os\nprint(os.listdir(), __file__, torch.get_num_threads())"),
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    for name, text in SNIPPETS.items():
        write_snippet(root, f"small/{name}", text)
    return root


@pytest.fixture(scope="module")
def ended(root: Path) -> dict[str, Outcome]:
    """How each of them ended; torch is imported once for all."""
    ids = [f"small/{name}" for name in (*SNIPPETS, "absent")]
    outcomes = list(run_snippets(root, ids))
    assert sorted(outcome.snippet for outcome in outcomes) == sorted(ids)
    return {outcome.snippet.removeprefix("small/"): outcome for outcome in outcomes}


def test_a_run_holds_every_cell_with_what_it_left(ended: dict[str, Outcome]) -> None:
    outcome = ended["slope"]
    assert outcome.problems == ()
    assert outcome.run and outcome.run.metric
    assert outcome.run.metric.name == "mean squared error"
    assert (outcome.run.metric.value, outcome.run.metric.chance) == (0.25, 1.0)
    assert set(outcome.run.versions) == {"torch", "numpy", "matplotlib"}
    cell = outcome.run.cell("picture")
    assert cell.printed == "<b> slope 2.0\n"
    assert cell.picture.startswith("<svg")
    assert "A line &amp; more</title>" in cell.picture
    assert "var(--signal)" in cell.picture
    assert [cell.kind for cell in outcome.run.cells] == ["words", "words", "code", "code", "code"]
    assert not outcome.run.cell("model").picture


def test_the_notebook_has_the_colours_that_pages_replace(
    ended: dict[str, Outcome], root: Path
) -> None:
    notebook = kept_notebook(root, "small/slope")
    assert notebook
    (drawing,) = pictures_of(notebook, 4)
    assert "var(--" not in drawing
    assert "#0b6e75" in drawing


def test_a_snippet_need_not_measure_anything(ended: dict[str, Outcome]) -> None:
    run = ended["plain"].run
    assert run and run.metric is None


def test_two_runs_leave_the_same(ended: dict[str, Outcome], root: Path) -> None:
    once, again = ended["slope"].run, ended["twice"].run
    assert once and again
    assert once.metric == again.metric
    assert [cell.html for cell in once.cells] == [cell.html for cell in again.cells]
    other = again.cell("picture").picture.replace("small-twice", "small-slope")
    assert once.cell("picture").picture == other
    assert kept_notebook(root, "small/slope") == kept_notebook(root, "small/twice")


# What is no one line's fault is told at the beginning of its cell.
IN_THE_CELL = "# --8<-- [start:picture]"


@pytest.mark.parametrize(
    ("name", "place", "said"),
    [
        ("raises", "raise ValueError", "ValueError: expected 3, got 4"),
        ("torch", "return torch.zeros", "RuntimeError: The size of tensor a (2) must match"),
        ("quits", "raise SystemExit", "SystemExit"),
        ("loud", "print('a'", "ValueError: expected at most 20,000 printed characters"),
        ("uncompiled", "return 1", "SyntaxError: 'return' outside function"),
        ("leaves", IN_THE_CELL, "the process ended with exit code 0"),
        ("killed", IN_THE_CELL, "the process ended with SIGKILL"),
        ("misses", IN_THE_CELL, "found 0.75, expected at most 0.5"),
        ("nan", IN_THE_CELL, "found the metric nan, expected a number"),
        ("half", IN_THE_CELL, "found a result without metric, expected, chance or measure"),
    ],
)
def test_what_fails_is_told_with_file_and_line(
    ended: dict[str, Outcome], name: str, place: str, said: str
) -> None:
    (problem,) = ended[name].problems
    assert problem.path == f"snippets/small/{name}.py"
    assert said in problem.message
    assert "\n" not in str(problem)
    assert problem.line == line_of(SNIPPETS[name], place)


def test_a_broken_snippet_is_not_even_begun(ended: dict[str, Outcome]) -> None:
    assert "found no section 'picture'" in str(ended["unmarked"].problems[0])
    assert str(ended["absent"].problems[0]).startswith("snippets/small/absent.py: found no file")


def test_cells_run_on_one_thread_in_an_empty_folder_and_know_their_file(
    ended: dict[str, Outcome], root: Path
) -> None:
    run = ended["looks"].run
    assert run
    said = run.cell("picture").printed.splitlines()[0]
    assert said == f"[] {(root / 'snippets/small/looks.py').resolve()} 1"


def test_a_cell_has_the_pictures_it_drew_itself(ended: dict[str, Outcome]) -> None:
    run = ended["draws"].run
    assert run
    counts = {cell.name: cell.picture.count("<svg") for cell in run.cells if cell.name}
    assert counts == {"model": 0, "demo": 1, "picture": 1}


def test_the_future_of_one_cell_holds_for_the_next(ended: dict[str, Outcome]) -> None:
    assert ended["later"].problems == ()


def test_what_a_snippet_started_ends_with_it(ended: dict[str, Outcome], root: Path) -> None:
    assert ended["spawns"].problems == ()
    start = time.monotonic()
    with (root / "snippets/small/spawns.py.lock").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # Waits for whoever still holds it.
    assert time.monotonic() - start < 5


def test_only_a_good_run_is_kept(ended: dict[str, Outcome], root: Path) -> None:
    kept = [name for name in ended if kept_run(root, f"small/{name}")]
    assert sorted(kept) == ["draws", "later", "looks", "plain", "slope", "spawns", "twice"]


def test_a_run_is_kept_until_the_snippet_changes(ended: dict[str, Outcome], root: Path) -> None:
    ids = ["small/slope", "small/twice"]
    assert lacking_run(root, ids) == ()
    write_snippet(root, "small/twice", WHOLE + "# One more line.\n")
    assert lacking_run(root, ids) == ("small/twice",)
    assert kept_notebook(root, "small/twice") is None
    write_snippet(root, "small/twice", WHOLE)
    assert lacking_run(root, ids) == ()


def test_another_torch_makes_every_run_an_old_one(
    ended: dict[str, Outcome], root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = keys._version
    monkeypatch.setattr(keys, "_version", lambda name: "9.9" if name == "torch" else real(name))
    assert lacking_run(root, ["small/slope"]) == ("small/slope",)


def test_a_record_that_cannot_be_read_is_none(ended: dict[str, Outcome], root: Path) -> None:
    path = run_path(root, "small/plain")
    for text in ("", "{}", '{"snippet": 3}', "\x00\xff"):
        path.write_text(text)
        assert kept_run(root, "small/plain") is None


def test_nothing_to_do_starts_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> Iterator[None]:
        raise AssertionError("a worker was started")

    monkeypatch.setattr(running, "worked", forbidden)
    assert list(run_snippets(root, [])) == []
    assert len(list(run_snippets(root, ["small/absent"]))) == 1


def test_no_torch_is_told_and_not_a_snippets_fault(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "torch.py").write_text("raise ModuleNotFoundError(\"No module named 'torch'\")")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(WorkerFailed, match="No module named 'torch'"):
        list(run_snippets(root, ["small/slope"]))


def test_a_snippet_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    text = WHOLE.replace("import torch\n", "import torch\nwhile True:\n    pass\n", 1)
    write_snippet(tmp_path, "small/hangs", text)
    (outcome,) = run_snippets(tmp_path, ["small/hangs"], limit=0.5)
    (problem,) = outcome.problems
    assert problem.message == "still ran after 0.5 s"
    # On a busy machine the first cell may not have begun.
    assert problem.line in (line_of(text, "from __future__"), 1)


def test_closing_ends_what_still_runs(tmp_path: Path) -> None:
    """A surface that stops at the first failure leaves no process behind."""
    write_snippet(tmp_path, "small/fails", with_demo("raise KeyError"))
    pid = tmp_path / "pid"
    body = f"import os\nopen({str(pid)!r}, 'w').write(str(os.getpid()))\nwhile True:\n    pass"
    write_snippet(tmp_path, "small/hangs", with_demo(body))
    outcomes = run_snippets(tmp_path, ["small/hangs", "small/fails"], limit=60)
    assert next(outcomes).snippet == "small/fails"
    start = time.monotonic()
    outcomes.close()
    assert time.monotonic() - start < 20
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), signal.SIG_DFL)


def test_asking_what_lacks_a_run_imports_no_torch() -> None:
    code = (
        "import sys; from pathlib import Path; from tools.notebooks.running import lacking_run; "
        "lacking_run(Path(), ['small/absent']); "
        "print([m for m in ('torch', 'matplotlib', 'nbformat', 'nbconvert') if m in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"
