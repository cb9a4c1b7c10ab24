"""YAML for editing in place: ruamel.yaml keeps comments, and reads what `yaml.read_yaml` reads.

Both libraries are held to one table of cases, `tests/cases/yaml.yml`.
"""

import re
from collections import defaultdict
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.resolver import VersionedResolver

from tools.storage.yaml import FLOAT, INTEGER, NOT_FINITE

_CORE = (
    ("bool", "true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", "~|null|Null|NULL|", " ~nN"),
    ("int", INTEGER, "-+0123456789"),
    ("float", f"{FLOAT}|{NOT_FINITE}", "-+.0123456789"),
)
_BY_FIRST_LETTER: dict[str, list[tuple[str, re.Pattern[str]]]] = defaultdict(list)
for _name, _pattern, _letters in _CORE:
    for _letter in _letters:
        _BY_FIRST_LETTER[_letter.strip()].append(
            (f"tag:yaml.org,2002:{_name}", re.compile(rf"(?:{_pattern})$"))
        )


class _CoreResolver(VersionedResolver):
    """YAML 1.2's core schema: no dates, no underscores, no merge keys."""

    @property
    def versioned_resolver(self) -> dict[str, list[tuple[str, re.Pattern[str]]]]:
        """The tags to try, by the first letter of a plain scalar."""
        return _BY_FIRST_LETTER


def editor() -> YAML:
    """A ruamel.yaml that keeps comments and quotes and never folds a line."""
    yaml = YAML(typ="rt")
    yaml.Resolver = _CoreResolver
    yaml.preserve_quotes = True
    yaml.width = 1_000_000
    return yaml


def read_for_editing(text: str) -> Any:
    """The document as ruamel.yaml holds it: mappings and lists with their comments."""
    return editor().load(text)


def edited_text(document: Any) -> str:
    """A document from `read_for_editing` as text again."""
    out = StringIO()
    editor().dump(document, out)
    return out.getvalue()
