"""Notebooks and downloads: valid, the same each time, and able to run with nothing of ours."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests.notebooks.tiny import WHOLE, write_snippet
from tools.notebooks.cells import Seen
from tools.notebooks.downloads import downloads
from tools.notebooks.notebook import notebook_text, pictures_of
from tools.notebooks.parts import parts_of

SEEN = (Seen(), Seen(printed="a\nb\n"), Seen(drawn=("<svg>\n</svg>", "<svg/>")))
FILES = ("snippets/small/slope.py", "snippets/small/slope.ipynb")


@pytest.mark.parametrize("seen", [(), SEEN])
def test_jupyter_reads_a_notebook_and_would_write_the_same(seen: tuple[Seen, ...]) -> None:
    text = notebook_text(parts_of(WHOLE), seen)
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    assert nbformat.writes(notebook) + "\n" == text
    assert [cell.cell_type for cell in notebook.cells] == ["markdown"] * 2 + ["code"] * 3
    assert [cell.source for cell in notebook.cells] == [part.source for part in parts_of(WHOLE)]


def test_what_cells_left_stands_below_them() -> None:
    notebook = nbformat.reads(notebook_text(parts_of(WHOLE), SEEN), as_version=4)
    model, demo, picture = notebook.cells[2:]
    assert (model.outputs, model.execution_count) == ([], 1)
    assert (demo.outputs[0].text, demo.execution_count) == ("a\nb\n", 2)
    assert [output.data["image/svg+xml"] for output in picture.outputs] == list(SEEN[2].drawn)


def test_the_pictures_of_a_cell_are_found_again() -> None:
    notebook = notebook_text(parts_of(WHOLE), SEEN)
    assert [pictures_of(notebook, n) for n in range(5)] == [(), (), (), (), SEEN[2].drawn]
    assert pictures_of(notebook_text(parts_of(WHOLE)), 4) == ()


def test_an_unrun_snippet_can_be_taken_home_too(tmp_path: Path) -> None:
    write_snippet(tmp_path)
    made = downloads(tmp_path, "small/slope")
    assert tuple(made) == FILES
    assert all(b"8<--" not in content for content in made.values())
    assert json.loads(made[FILES[1]])["cells"][-1]["execution_count"] is None


def test_a_snippet_that_is_not_there_has_no_downloads(tmp_path: Path) -> None:
    assert downloads(tmp_path, "small/slope") == {}


def test_the_download_runs_alone_in_an_empty_folder(tmp_path: Path) -> None:
    """`python -I` and an empty folder: of all that is ours nothing can be imported by accident."""
    write_snippet(tmp_path)
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "slope.py").write_bytes(downloads(tmp_path, "small/slope")[FILES[0]])
    said = subprocess.run(
        [sys.executable, "-I", "slope.py"],
        cwd=alone,
        env={**os.environ, "MPLBACKEND": "svg", "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "<b> slope 2.0\n"
    assert [path.name for path in alone.iterdir()] == ["slope.py"]


def test_the_notebook_runs_cell_by_cell_with_nothing_else(tmp_path: Path) -> None:
    write_snippet(tmp_path)
    notebook = nbformat.reads(downloads(tmp_path, "small/slope")[FILES[1]].decode(), as_version=4)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    names = {"__name__": "__main__"}
    picture = code.pop()
    exec("\n".join(code), names)
    assert "slope" in names
    assert "demo" in names
    assert picture.startswith('if __name__ == "__main__":')
