"""`catalog fmt`: keys of a resource in the order of the format, with every comment kept.

The pieces of the file are put in order, so nothing inside a piece changes.
"""

from dataclasses import MISSING, fields

from tools.model.resource import Resource
from tools.storage.editing import read_for_editing
from tools.storage.pieces import cut
from tools.storage.yaml import Data, read_yaml

ORDER = tuple(field.name for field in fields(Resource) if field.name != "id")
_OPTIONAL = {
    field.name
    for field in fields(Resource)
    if field.default is not MISSING or field.default_factory is not MISSING
}


def tidy(text: str) -> str:
    """The same resource with its keys in order, empty keys gone and the ends of lines clean.

    Raises YamlError for text that is not the catalog's YAML, ValueError for text whose pieces
    cannot be told apart, such as a resource written as one flow mapping.
    """
    pieces = cut(text)
    data = pieces.data
    kept = [key for key, lines in pieces.by_key.items() if not _goes(key, data[key], lines)]
    ordered = sorted(kept, key=rank)
    return _checked(pieces.text(ordered), {key: data[key] for key in ordered})


def rank(key: str) -> int:
    """The place of a key in the order of the format; unknown keys come last."""
    return ORDER.index(key) if key in ORDER else len(ORDER)


def _goes(key: str, value: Data, lines: list[str]) -> bool:
    empty = value in (None, "", [], {})
    return empty and key in _OPTIONAL and not any("#" in line for line in lines)


def _checked(text: str, expected: Data) -> str:
    """The text, if both YAML libraries read the expected data from it."""
    if read_yaml(text) != expected or read_for_editing(text) != expected:
        raise ValueError("the text in order would no longer say the same")
    return text
