"""What the contract asks of every snippet here, beyond its own tests."""

import ast
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tools.storage.catalog import load_catalog

MOST_LINES = 120
# What readers and pages call these by, where it is not the name of the file.
NAMES = {
    "alibi": {"alibi_bias"},
    "attention_masks": {"causal_mask", "padding_mask", "window_mask"},
    "packed_sequences": {"pack", "unpack"},
    "residual_highway": {"highway"},
    "sampling": {"sample", "temperature", "top_k", "top_p"},
    "seq2seq": {"Seq2Seq", "greedy_decode"},
    "text_extractors": {"CNNExtractor", "RNNExtractor", "TransformerExtractor"},
    "training": {"label_smoothing", "warmup"},
    "transformer_layer": {"EncoderLayer", "DecoderLayer"},
}
FILES = sorted((ROOT / "snippets").glob("*/*.py"))


def lines_of_code(text: str) -> int:
    """The lines that are neither blank nor comment nor docstring."""
    told: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        body = getattr(node, "body", None)
        first = body[0] if isinstance(body, list) and body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            told.update(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    lines = enumerate(text.splitlines(), start=1)
    code = [n for n, line in lines if line.strip() and not line.lstrip().startswith("#")]
    return len([n for n in code if n not in told])


def test_lines_are_counted_without_what_only_people_read() -> None:
    assert (
        lines_of_code('"""Two\nlines."""\n\n# one\nx = 1\n\ndef f():\n    """D."""\n    return x\n')
        == 3
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_snippet_is_short_enough_to_be_read(path: Path) -> None:
    assert lines_of_code(path.read_text(encoding="utf-8")) <= MOST_LINES


def spelt(name: str) -> str:
    return name.replace("_", "").lower()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_snippet_can_be_relied_on_by_name(path: Path) -> None:
    named = (ast.ClassDef, ast.FunctionDef)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    public = {node.name for node in tree.body if isinstance(node, named)}
    assert "demo" in public
    if path.stem in NAMES:
        assert public >= NAMES[path.stem]
    else:
        assert spelt(path.stem) in {spelt(name) for name in public if not name.startswith("_")}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_snippet_is_held_against_an_oracle_and_tried_on_other_devices(path: Path) -> None:
    tests = ROOT / f"tests/snippets/{path.parent.name}/test_{path.stem}.py"
    text = tests.read_text(encoding="utf-8")
    for needed in ("compare(", "pytest.mark.cuda"):
        assert needed in text, needed
    # Autocast changes the products of a module; what a search or a sampler is given has been made.
    assert "autocast" in text or "(nn.Module)" not in path.read_text(encoding="utf-8")


def test_every_file_has_its_words_and_its_tests_and_names_what_notices() -> None:
    catalog = load_catalog(ROOT / "catalog").catalog
    ids = [f"{path.parent.name}/{path.stem}" for path in FILES]
    assert sorted(snippet.id for snippet in catalog.snippets) == ids
    for snippet in catalog.snippets:
        group, name = snippet.id.split("/")
        tests = (ROOT / f"tests/snippets/{group}/test_{name}.py").read_text(encoding="utf-8")
        for ablation in snippet.ablations:
            assert f"def {ablation.noticed_by}(" in tests, ablation.id
    shown = {id for topic in catalog.topics for id in topic.snippets}
    assert shown == set(ids)


def test_every_topic_shows_code_of_its_own_with_its_proof() -> None:
    for topic in load_catalog(ROOT / "catalog").catalog.topics:
        text = (ROOT / f"docs/en/learn/{topic.id}.md").read_text(encoding="utf-8")
        embedded = {id for id in topic.snippets if f'--8<-- "{id}.py:' in text}
        assert any(f"<!-- block: proof {id} -->" in text for id in embedded), topic.id


def oracles_named(path: Path) -> set[str]:
    """What the tests of a snippet call their oracles, as far as it is written out."""
    tests = ROOT / f"tests/snippets/{path.parent.name}/test_{path.stem}.py"
    keywords = (
        n for n in ast.walk(ast.parse(tests.read_text("utf-8"))) if isinstance(n, ast.keyword)
    )
    values = (one.value for one in keywords if one.arg == "oracle")
    return {value.value for value in values if isinstance(value, ast.Constant)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_chinese_pages_can_say_every_oracle(path: Path) -> None:
    known = load_catalog(ROOT / "catalog").catalog.site.oracles
    in_words = {name for name in oracles_named(path) if " " in name.partition(", ")[0]}
    assert in_words <= known.keys() | {"nn.LSTM × 2"}
