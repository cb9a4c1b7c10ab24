"""Fixtures: the clean site of `sites.py`, with some files changed."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tools.audit import tour
from tools.audit.checks import validity
from tools.audit.site import Site, load
from tools.audit.visit import Visit

from .sites import Files, clean_files, write


@pytest.fixture
def page() -> Callable[..., str]:
    return write


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., Site]:
    """The clean site with some files changed, added, or (None) left out."""

    def built(changes: Files | None = None, visits: tuple[Visit, ...] = (), at: str = "/") -> Site:
        for path, text in (clean_files() | (changes or {})).items():
            if text is not None:
                target = tmp_path / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8")
        return replace(load(tmp_path, at), visits=visits)

    return built


@pytest.fixture
def judges() -> None:
    """The Nu Html Checker with its Java, and axe-core; skips where they are not installed."""
    there = shutil.which("java") and validity.JAR.is_file() and tour.AXE.is_file()
    sentence = "run npm ci in tools/audit, and install Java, to test the borrowed judges"
    if not there and os.environ.get("BROWSER") == "1":
        raise RuntimeError(sentence)
    if not there:
        pytest.skip(sentence)
