"""Ratios: kept for the pages as long as the file they were measured of stays the same."""

from pathlib import Path

from tools.model.ratio import PathRatio, Ratio
from tools.storage.ratios import ratio_key, read_ratio, write_ratio


def kept(root: Path) -> Ratio:
    (root / "snippets/mixing").mkdir(parents=True)
    (root / "snippets/mixing/fold.py").write_text("x = 1\n")
    ratio = Ratio(
        snippet="mixing/fold", key=ratio_key(root, "mixing/fold"), twin="nn.Fold", shape="B = 1",
        paths=(PathRatio(forward=1.5, both=2.25), PathRatio(name="by hand", forward=3, both=4)),
        machine="an oven", threads=2, day="2026-11-20",
        versions={"torch": "2"},
    )  # fmt: skip
    write_ratio(root, ratio)
    return ratio


def test_a_ratio_reads_back_as_it_was(tmp_path: Path) -> None:
    assert read_ratio(tmp_path, "mixing/fold") is None
    ratio = kept(tmp_path)
    assert read_ratio(tmp_path, "mixing/fold") == ratio


def test_a_ratio_of_an_older_file_is_none(tmp_path: Path) -> None:
    kept(tmp_path)
    (tmp_path / "snippets/mixing/fold.py").write_text("x = 2\n")
    assert read_ratio(tmp_path, "mixing/fold") is None


def test_a_torn_record_is_none(tmp_path: Path) -> None:
    kept(tmp_path)
    for text in ("", "{", "[]", '{"snippet": 1}'):
        (tmp_path / "benchmarks/records/mixing/fold.json").write_text(text)
        assert read_ratio(tmp_path, "mixing/fold") is None
