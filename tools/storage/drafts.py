"""Drafts in their folder: written with what is missing on top, read with patience."""

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from tools.model.draft import Draft, missing_keys
from tools.model.text import visible
from tools.storage.emit import plain, yaml_text
from tools.storage.files import UnreadableFile, read_text, write_whole
from tools.storage.shapes import ShapeError, reader_of
from tools.storage.tidy import ORDER
from tools.storage.yaml import YamlError, read_yaml

# The mark keeps a stranger's words from being taken for a word to the editor, as the next line is.
_REMARK = "# > "
_SCHEMA = "# yaml-language-server: $schema=../schema/resource.schema.json\n"


def draft_text(draft: Draft, remarks: Sequence[str] = ()) -> str:
    """The draft as a resource file that names what is still missing.

    Remarks stand below as comments: lines for whoever finishes it, whatever strangers wrote there.
    Raises YamlError where its text holds what the catalog's YAML refuses, such as controls.
    """
    missing = missing_keys(draft)
    open_keys = f" Still missing: {', '.join(missing)}." if missing else ""
    known = {
        key: plain(value)
        for key in ORDER
        if (value := getattr(draft, key, None)) not in (None, "", (), {})
    }
    return f"{_SCHEMA}# A draft: finish it, then move it to ../resources/.{open_keys}\n" + (
        yaml_text(known) + "".join(f"{_REMARK}{visible(line)}".rstrip() + "\n" for line in remarks)
    )


def write_draft(folder: Path, draft: Draft, remarks: Sequence[str] = ()) -> Path:
    """Write a new draft below the catalog's folder; the path it has now.

    Raises FileExistsError rather than replace one, and YamlError as `draft_text` does.
    """
    path = folder / draft.file
    text = draft_text(draft, remarks)
    if path.exists():
        raise FileExistsError(17, "there is a draft of that name", str(path))
    write_whole(path, text)
    return path


def read_drafts(folder: Path) -> dict[str, Draft]:
    """The drafts whose address can be read, by id; nobody promised that the others are whole."""
    found = {}
    for path in sorted((folder / "drafts").glob("*.yml")):
        try:
            data = read_yaml(read_text(path, folder))
            found[path.stem] = reader_of(Draft).read({**_of_format(data), "id": path.stem})
        except (UnreadableFile, YamlError, ShapeError):
            continue
    return found


def _of_format(data: Any) -> dict[str, Any]:
    """The keys that a draft knows; a person may have added any other key of a resource."""
    known = {field.name for field in fields(Draft)}
    pairs = data.items() if isinstance(data, dict) else ()
    return {key: value for key, value in pairs if key in known and value is not None}
