"""Data to model: pydantic checks the dataclasses of the model and words every mismatch."""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Generic, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from tools.model.draft import Draft
from tools.model.kept_check import KeptCheck
from tools.model.link import Evidence, Judgement, LinkHealth, LinkRun
from tools.model.note import LedgerLine, Mark, Note
from tools.model.problem import Where, found, listed
from tools.model.question import Question
from tools.model.ratio import PathRatio, Ratio
from tools.model.resource import Mention, Relation, Resource
from tools.model.site import Era, Site
from tools.model.snippet import Ablation, Snippet
from tools.model.topic import Reading, Topic
from tools.model.words import Words

Shape = TypeVar("Shape")

# The model knows no pydantic, so what it should be strict about is told to it here. Words that say
# nothing would be a hole on a page.
_STRICT = ConfigDict(extra="forbid", strict=True)
_SAYING = _STRICT | ConfigDict(str_strip_whitespace=True, str_min_length=1)
for _shape in (
    Words, Mention, Relation, Resource, Draft, Reading, Topic, Question,
    Mark, LedgerLine, Note, Ablation, Snippet, PathRatio, Ratio, Era, Site,
    Evidence, LinkHealth, LinkRun, Judgement, KeptCheck,
):  # fmt: skip
    _config = _SAYING if _shape is Words else _STRICT
    setattr(_shape, "__pydantic_config__", _config)  # noqa: B010 (mypy knows no such name)

_EXPECTED = {
    "string_type": "text",
    "string_too_short": "words",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "keys with values",
    "mapping_type": "keys with values",
    "dataclass_type": "keys with values",
}


class ShapeError(Exception):
    """Why data is not of a shape: every mismatch with its place."""

    def __init__(self, faults: list[tuple[Where, str]]) -> None:
        super().__init__(faults)
        self.faults = faults


class Reader(Generic[Shape]):
    """Reads data into one shape of the model, or tells every way in which it does not fit."""

    def __init__(self, shape: Any) -> None:
        self._adapter: TypeAdapter[Shape] = TypeAdapter(shape)

    def read(self, data: Any) -> Shape:
        """The data as model values; raises ShapeError.

        The catalog's YAML is JSON data, so pydantic's strict JSON rules apply: no text becomes a
        number, and lists become tuples.
        """
        try:
            return self._adapter.validate_json(json.dumps(data))
        except ValidationError as error:
            raise ShapeError(list(_faults(error.errors(include_url=False)))) from None

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the shape."""
        return self._adapter.json_schema()


@cache
def reader_of(shape: Any) -> Reader[Any]:
    """The reader of a shape, made once."""
    return Reader(shape)


def _faults(errors: Iterable[ErrorDetails]) -> Iterator[tuple[Where, str]]:
    for error in errors:
        where: Where = tuple(error["loc"])
        kind = error["type"]
        if kind == "missing":
            yield where[:-1], f"{where[-1]} is missing"
        elif kind in ("unexpected_keyword_argument", "extra_forbidden"):
            yield where, f"found the unknown key {where[-1]!r}, expected a key of the format"
        elif kind == "literal_error":
            yield where, found(error["input"], _alternatives(error["ctx"]["expected"]))
        else:
            yield where, found(error["input"], _EXPECTED.get(kind, error["msg"]))


def _alternatives(expected: str) -> str:
    """Pydantic's `'a', 'b' or 'c'` as the house says it: `one of a, b, c`."""
    return listed(expected.replace("'", "").replace(" or ", ", ").split(", "))
