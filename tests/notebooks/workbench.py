"""A small project with snippets of a few lines, and the real fixture that proves them."""

import shutil
from collections.abc import Mapping
from pathlib import Path

FIXTURE = Path(__file__).parents[1] / "snippets"

TWICE = "def twice(x):\n    return x + x\n"
HOLDS = """
import pytest
import torch
from snippets.basics.{name} import twice


@pytest.mark.parametrize("n", [1, 3])
def test_twice(compare, n):
    x = torch.arange(n, dtype=torch.float64)
    compare(twice(x), 2 * x, oracle="a product", what="forward")


def test_state(compare):
    x = torch.ones(2)
    compare((twice(x), 2.5), [2 * x, 2.25], oracle="a product", what="state", atol=0.5)
"""


def write_project(root: Path, tests: Mapping[str, str], code: str = TWICE) -> Path:
    """A project whose snippets `basics/NAME` all hold `code`, each with its own tests."""
    for folder in (root / "snippets/basics", root / "tests/snippets/basics"):
        folder.mkdir(parents=True)
    (root / "tests/__init__.py").touch()
    for file in FIXTURE.glob("*.py"):
        shutil.copy(file, root / "tests/snippets" / file.name)
    for name, text in tests.items():
        (root / f"snippets/basics/{name}.py").write_text(code)
        told = text.replace("{name}", name)
        (root / f"tests/snippets/basics/test_{name}.py").write_text(told)
    return root
