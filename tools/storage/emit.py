"""Data of the catalog as new YAML text, in the layout that hand-written files have."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from io import StringIO
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from tools.storage.editing import editor
from tools.storage.yaml import read_yaml

# Text that looks like a number to people and to older YAML readers stands in quotes.
_QUOTED = ("published", "added")


def plain(value: Any) -> Any:
    """A value of the model as YAML data: no dataclasses, no empty keys."""
    if is_dataclass(value) and not isinstance(value, type):
        pairs = ((field.name, getattr(value, field.name)) for field in fields(value))
        return {key: plain(part) for key, part in pairs if part not in (None, "", False, ())}
    if isinstance(value, Mapping):
        return {key: plain(part) for key, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, tuple) else value


def yaml_text(data: Mapping[str, Any]) -> str:
    """A mapping as block YAML, its lists of plain values on one line; read back, it is `data`."""
    return _checked(_dumped(_block(data)), data)


def yaml_line(data: Mapping[str, Any]) -> str:
    """A mapping on one line: `{line: 5, url: "…"}`."""
    return _checked(_dumped(_flow(data)).strip("\n"), data)


def _dumped(document: Any) -> str:
    yaml = editor()
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def _block(data: Mapping[str, Any]) -> CommentedMap:
    return CommentedMap({key: _block_value(key, value) for key, value in data.items()})


def _block_value(key: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return _block(value)
    if isinstance(value, (list, tuple)):
        plain = not any(isinstance(part, Mapping) for part in value)
        return _flow_list(value) if plain else CommentedSeq([_block(part) for part in value])
    return DoubleQuotedScalarString(value) if key in _QUOTED else value


def _flow(data: Mapping[str, Any]) -> CommentedMap:
    quoted = {
        key: DoubleQuotedScalarString(value) if key == "url" or key in _QUOTED else value
        for key, value in data.items()
    }
    line = CommentedMap(quoted)
    line.fa.set_flow_style()
    return line


def _flow_list(values: Any) -> CommentedSeq:
    line = CommentedSeq(values)
    line.fa.set_flow_style()
    return line


def _checked(text: str, expected: Mapping[str, Any]) -> str:
    """The text, if the catalog's reader finds in it what was meant."""
    found = read_yaml(text)
    if found != _as_lists(expected):
        raise ValueError(f"the text would not say the same: {text!r}")
    return text


def _as_lists(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _as_lists(part) for key, part in value.items()}
    return [_as_lists(part) for part in value] if isinstance(value, (list, tuple)) else value
