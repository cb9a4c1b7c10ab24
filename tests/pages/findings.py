"""What machines might have found of a snippet, with whatever a test changes in it."""

from typing import Any

from tools.model.proof import Comparison, Proof
from tools.model.ratio import PathRatio, Ratio
from tools.model.record import SnippetRecord
from tools.model.run import Cell, Metric, Run

PICTURE = '<svg viewBox="0 0 2 2" role="img"><title>Loaf</title><path d="M0 0"/></svg>'


def cell(name: str = "", **changed: Any) -> Cell:
    return Cell(
        **{"kind": "code", "source": "bake()", "name": name, "html": "<p>bake</p>"} | changed
    )


def run(*cells: Cell, **changed: Any) -> Run:
    valid = {
        "snippet": "mixing/fold",
        "key": "k",
        "cells": cells or (cell("model"), cell("picture", printed="risen\n", picture=PICTURE)),
        "metric": Metric(name="accuracy", value=0.98765, bar=0.95, chance=0.5),
        "seconds": 1.234,
        "versions": {"oven": "2.1"},
    }
    return Run(**valid | changed)


def comparison(**changed: Any) -> Comparison:
    valid = {"oracle": "scales", "what": "forward", "dtype": "float64", "cases": 12}
    return Comparison(**{**valid, "largest": 2.5e-16} | changed)


def proof(*comparisons: Comparison, **changed: Any) -> Proof:
    valid = {
        "snippet": "mixing/fold",
        "key": "k",
        "tests": ("test_it_rises", "test_it_browns"),
        "comparisons": comparisons,
        "seconds": 3.0,
        "versions": {"oven": "2.1"},
    }
    return Proof(**valid | changed)


def ratio(**changed: Any) -> Ratio:
    valid = {
        "snippet": "mixing/fold",
        "key": "k",
        "twin": "the machine",
        "shape": "12 loaves",
        "paths": (PathRatio(forward=1.26, both=2.0),),
        "machine": "wood fire",
        "threads": 2,
        "day": "2026-01-02",
        "versions": {"oven": "2.1"},
    }
    return Ratio(**valid | changed)


def record(**changed: Any) -> SnippetRecord:
    return SnippetRecord(**{"run": run(), "proof": proof(comparison()), "ratio": ratio()} | changed)
