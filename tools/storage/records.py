"""What machines found of the snippets: runs and proofs, kept in `.cache`."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

from tools.model.proof import Proof
from tools.model.record import SnippetRecord
from tools.model.run import Run
from tools.storage.files import write_whole
from tools.storage.keys import proof_key, run_key
from tools.storage.ratios import read_ratio
from tools.storage.shapes import ShapeError, reader_of

Record = TypeVar("Record", Run, Proof)


def run_path(root: Path, id: str) -> Path:
    """Where the run of a snippet is kept."""
    return root / ".cache" / "runs" / f"{id}.json"


def notebook_path(root: Path, id: str) -> Path:
    """Where the executed notebook of that run is kept: written before it, so never without."""
    return run_path(root, id).with_suffix(".ipynb")


def proof_path(root: Path, id: str) -> Path:
    """Where the proof of a snippet is kept."""
    return root / ".cache" / "proofs" / f"{id}.json"


def read_record(path: Path, shape: Callable[..., Record], key: str) -> Record | None:
    """The record at `path`; None where there is none, it cannot be read or its key is another."""
    try:
        record: Record = reader_of(shape).read(json.loads(path.read_bytes()))
    except (OSError, ValueError, ShapeError):
        return None
    return record if record.key == key else None


def write_record(path: Path, record: Run | Proof) -> None:
    """Keep a record, in one step."""
    write_whole(path, json.dumps(asdict(record), ensure_ascii=False, indent=1) + "\n")


def read_records(root: Path, ids: Iterable[str]) -> dict[str, SnippetRecord]:
    """What is known of each snippet as its files are today."""
    return {id: _record(root, id) for id in ids}


def _record(root: Path, id: str) -> SnippetRecord:
    return SnippetRecord(
        run=read_record(run_path(root, id), Run, run_key(root, id)),
        proof=read_record(proof_path(root, id), Proof, proof_key(root, id)),
        ratio=read_ratio(root, id),
    )
