"""What make says on a machine that lacks something."""

import shutil
import subprocess
from pathlib import Path

import pytest


def run_make(
    folder: Path, root: Path, python: str, target: str
) -> subprocess.CompletedProcess[str]:
    shutil.copy(root / "Makefile", folder)
    script = folder / "python3"
    script.write_text(f"#!/bin/sh\n{python}\n")
    script.chmod(0o755)
    command = ["make", f"PYTHON={script}", target]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("python", "sentence"),
    [
        (
            'case "$*" in *version_info*) exit 1;; --version) echo "Python 3.9.2";; esac',
            "Unrolled needs Python 3.11 or newer; ",
        ),
        ('case "$*" in *ensurepip*) exit 1;; esac', "lacks its venv module"),
    ],
)
def test_a_python_that_will_not_do_gets_one_sentence(
    tmp_path: Path, root: Path, python: str, sentence: str
) -> None:
    done = run_make(tmp_path, root, python, ".venv/bin/python")
    said = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert done.returncode == 2
    assert len(said) == 1
    assert sentence in said[0]


def test_help_lists_every_target_with_a_sentence(root: Path) -> None:
    done = subprocess.run(["make", "help"], cwd=root, capture_output=True, text=True, check=True)
    for target in ("site", "preview", "serve", "test", "check", "audit", "bench", "lock"):
        assert f"make {target} " in done.stdout
