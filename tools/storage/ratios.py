"""The ratios that `make bench` measured, committed beside the benchmarks, one file a snippet."""

import json
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from tools.model.ratio import Ratio
from tools.storage.files import UnreadableFile, read_text, write_whole
from tools.storage.shapes import ShapeError, reader_of

_FOLDER = "benchmarks/records"


def ratio_key(root: Path, snippet: str) -> str:
    """What a ratio was measured of: the snippet's file as it is."""
    return sha256((root / f"snippets/{snippet}.py").read_bytes()).hexdigest()


def write_ratio(root: Path, ratio: Ratio) -> Path:
    """Keep a ratio for the pages; the file it is in."""
    path = root / _FOLDER / f"{ratio.snippet}.json"
    write_whole(path, json.dumps(asdict(ratio), ensure_ascii=False, indent=1) + "\n")
    return path


def read_ratio(root: Path, snippet: str) -> Ratio | None:
    """The ratio of the snippet as it is; None where it was not measured since it changed."""
    path = root / _FOLDER / f"{snippet}.json"
    try:
        ratio: Ratio = reader_of(Ratio).read(json.loads(read_text(path, root)))
        return ratio if ratio.key == ratio_key(root, snippet) else None
    except (UnreadableFile, ShapeError, ValueError, OSError):
        return None
