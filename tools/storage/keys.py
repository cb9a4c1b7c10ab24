"""Keys of runs and proofs: one digest of everything that a result depends on."""

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# What makes the numbers and pictures of a run, and what tells equal from different in a proof.
RUN_PACKAGES = ("torch", "numpy", "matplotlib")
PROOF_PACKAGES = ("torch", "numpy", "pytest")
# These write the markup that a run keeps, but no number of it.
_MARKUP_PACKAGES = ("mkdocs-jupyter", "pygments")
_MACHINERY = Path(__file__).parents[1] / "notebooks"
_SHAPING = (
    "parts", "launch", "worker", "cells", "pictures", "style", "themed", "lettering",
    "notebook", "markup", "running",
)  # fmt: skip


def snippet_file(id: str) -> str:
    """The path of a snippet inside the project: `snippets/recurrent/lstm.py`."""
    return f"snippets/{id}.py"


def test_file(id: str) -> str:
    """The path of a snippet's tests: `tests/snippets/recurrent/test_lstm.py`."""
    group, _, name = id.rpartition("/")
    return f"tests/snippets/{group}/test_{name}.py"


def run_key(root: Path, id: str) -> str:
    """The key of a run: the snippet, what runs and shows it, and the versions."""
    shaping = (_MACHINERY / f"{name}.py" for name in _SHAPING)
    return _digest([root / snippet_file(id), *shaping], (*RUN_PACKAGES, *_MARKUP_PACKAGES))


def proof_key(root: Path, id: str) -> str:
    """The key of a proof: the snippet, its tests, the fixture they use, and the versions."""
    fixture = sorted((root / "tests/snippets").glob("*.py"))
    return _digest([root / snippet_file(id), root / test_file(id), *fixture], PROOF_PACKAGES)


def versions(packages: Iterable[str]) -> dict[str, str]:
    """The installed version of each package, without importing any; "" for one that is not."""
    return {package: _version(package) for package in packages}


@cache
def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _digest(paths: Iterable[Path], packages: Iterable[str]) -> str:
    whole = hashlib.sha256()
    for path in paths:
        content = path.read_bytes() if path.is_file() else b""
        # The length keeps bytes from wandering between two files unseen.
        whole.update(f"{path.name} {len(content)}\n".encode() + content)
    for package, number in versions(packages).items():
        whole.update(f"{package}=={number}\n".encode())
    return whole.hexdigest()
