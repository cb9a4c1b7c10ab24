"""The catalog's YAML: YAML 1.2 core types, without anchors, tags and duplicate keys.

Read from libyaml's events by a stack instead of recursion: deep nesting and alias bombs end in a
sentence, and the place of every value is known when it is asked for.
"""

import re
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml._yaml import CParser

from tools.model.problem import Where, shown
from tools.model.text import control_character

Data = Any
Event = Any  # The types that PyYAML ships say less of events than they hold.
Places = MutableMapping[Where, int]

DEEPEST = 32
LARGEST = 1_000_000
_CONTROL_MESSAGE = "found the control character {!r}, expected visible text"

_CONSTANTS: dict[str, Data] = {"": None, "~": None} | {
    spelling: value
    for word, value in (("null", None), ("true", True), ("false", False))
    for spelling in (word, word.capitalize(), word.upper())
}
# What is longer than a 64-bit integer can be stays text: as a float it would lose its last digits.
INTEGER = r"[-+]?[0-9]{1,18}|0o[0-7]{1,16}|0x[0-9a-fA-F]{1,16}"
FLOAT = (
    r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?[0-9]+[eE][-+]?[0-9]+"
)
NOT_FINITE = r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
_INTEGER, _FLOAT, _NOT_FINITE = map(re.compile, (INTEGER, FLOAT, NOT_FINITE))


@dataclass(slots=True)
class YamlError(Exception):
    """Why a text is not the catalog's YAML: all faults found, each with its line."""

    faults: list[tuple[int, str]]


def read_yaml(text: str, places: Places | None = None) -> Data:
    """The data of one YAML document; `places`, when given, learns the line of every value.

    Raises YamlError with every fault of the text.
    """
    faults = list(_control_faults(text))
    builder = _Builder(faults, places)
    if not faults:
        try:
            _feed(builder, text)
        except yaml.YAMLError as error:
            faults.append(_syntax_fault(error))
    if faults:
        raise YamlError(sorted(set(faults)))
    return builder.data


def plain_value(text: str) -> Data:
    """The value of an unquoted scalar in YAML 1.2's core schema; `no` and dates stay text."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _INTEGER.fullmatch(text):
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _NOT_FINITE.fullmatch(text):
        return float(text.replace(".", ""))
    return text


def _control_faults(text: str) -> Iterator[tuple[int, str]]:
    if control_character(text):
        for line, content in enumerate(text.split("\n"), start=1):
            if found := control_character(content):
                yield line, _CONTROL_MESSAGE.format(found)


def _syntax_fault(error: yaml.YAMLError) -> tuple[int, str]:
    mark = getattr(error, "problem_mark", None)
    reason = " ".join(str(getattr(error, "problem", None) or error).split())
    context = getattr(error, "context", None)
    return (mark.line + 1 if mark else 0), f"not YAML: {f'{context}, ' if context else ''}{reason}"


def _feed(builder: "_Builder", text: str) -> None:
    parser = CParser(text)
    try:
        while builder.depth <= DEEPEST and parser.check_event():
            builder.take(parser.get_event())
    finally:
        parser.dispose()


@dataclass(slots=True)
class _Frame:
    """A mapping or sequence being filled; `key` is the last one read, `waiting` for its value."""

    value: dict[str, Data] | list[Data]
    key: str = ""
    waiting: bool = False

    @property
    def wants_key(self) -> bool:
        return not self.waiting and isinstance(self.value, dict)

    @property
    def step(self) -> str | int:
        return self.key if isinstance(self.value, dict) else len(self.value) - 1


@dataclass(slots=True)
class _Builder:
    faults: list[tuple[int, str]]
    places: Places | None
    data: Data = None
    documents: int = 0
    frames: list[_Frame] = field(default_factory=list)

    @property
    def depth(self) -> int:
        return len(self.frames)

    def take(self, event: Event) -> None:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._scalar(event)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            self._open(event, {} if kind is yaml.MappingStartEvent else [])
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self.frames.pop()
        elif kind is yaml.AliasEvent:
            self._fault(event, f"found the alias *{event.anchor}, expected the value itself")
            self._put(event, None)
        elif kind is yaml.DocumentStartEvent:
            self._document(event)

    def _document(self, event: Event) -> None:
        self.documents += 1
        if self.documents == 2:
            self._fault(event, "found a second document, expected one document a file")
        if event.version or event.tags:
            self._fault(event, "found a % directive, expected none")

    def _scalar(self, event: Event) -> None:
        self._refuse_marks(event)
        text = event.value
        if not text.isprintable() and (found := control_character(text)):
            self._fault(event, _CONTROL_MESSAGE.format(found))
        frame = self.frames[-1] if self.frames else None
        value = plain_value(text) if event.implicit[0] and not event.style else text
        if frame and frame.wants_key:
            self._key(event, frame, value)
        else:
            self._put(event, value)

    def _key(self, event: Event, frame: _Frame, key: Data) -> None:
        if not isinstance(key, str):
            self._fault(event, f"found the key {key!r}, expected a key that is text")
            key = event.value
        if key in frame.value:
            self._fault(event, f"found the key {shown(key)} twice, expected it once")
        frame.key, frame.waiting = key, True
        self._place(event)

    def _open(self, event: Event, value: dict[str, Data] | list[Data]) -> None:
        self._refuse_marks(event)
        if self.frames and self.frames[-1].wants_key:
            self._fault(event, "found a collection as a key, expected a key that is text")
        self._put(event, value)
        self.frames.append(_Frame(value))
        if self.depth > DEEPEST:
            self._fault(event, f"found more than {DEEPEST} levels of nesting, expected fewer")

    def _put(self, event: Event, value: Data) -> None:
        if not self.frames:
            self.data = value
            return
        frame = self.frames[-1]
        if isinstance(frame.value, list):
            frame.value.append(value)
            self._place(event)
        else:
            frame.value[frame.key] = value
            frame.waiting = False

    def _place(self, event: Event) -> None:
        if self.places is not None:
            self.places[tuple(frame.step for frame in self.frames)] = event.start_mark.line + 1

    def _refuse_marks(self, event: Event) -> None:
        if event.anchor is not None:
            self._fault(event, f"found the anchor &{event.anchor}, expected none")
        if event.tag is not None:
            self._fault(event, f"found the tag {event.tag}, expected none")

    def _fault(self, event: Event, message: str) -> None:
        self.faults.append((event.start_mark.line + 1, message))
