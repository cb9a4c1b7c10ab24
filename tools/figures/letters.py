"""Symbols as runs of letters, and about how much room words take."""

import re
from collections.abc import Iterator
from typing import Literal
from xml.etree.ElementTree import Element

Size = Literal["plain", "small", "shape", "symbol"]
Hue = Literal["", "signal", "gate", "muted"]
Anchor = Literal["start", "middle", "end"]

# A letter's height in a narrow room, where letters are largest (figures.css: --fs).
_LARGEST = 18.0
_OF_IT = {"plain": 1.0, "small": 0.94, "shape": 0.94, "symbol": 1.2}
_NARROW, _MONO, _WIDE = 0.56, 0.62, 1.0  # A letter's width in heights: Latin, code, Chinese.
_LOWERED = 4
_PIECE = re.compile(r"_\{(?P<braced>[^}]*)\}|_(?P<one>.)|(?P<plain>[^_]+)")


def runs_of(symbols: str) -> Iterator[Element]:
    """`h_{t−1}` as runs: the letter, and its index smaller and lower; signs stand upright."""
    lowered = False
    for piece in _PIECE.finditer(symbols):
        index = piece["braced"] or piece["one"]
        for text, classes in [(index, "f-sub")] if index else _upright_apart(piece["plain"]):
            run = Element("tspan", {"class": classes} if classes else {})
            run.text = text
            if bool(index) != lowered:
                run.set("dy", str(_LOWERED if index else -_LOWERED))
                lowered = bool(index)
            yield run


def _upright_apart(text: str) -> Iterator[tuple[str, str]]:
    for run in re.findall(r"[^+=·()]+|[+=·()]+\s?", text):
        yield run, "f-up" if run[0] in "+=·()" else ""


def reach_of(text: str, size: Size, anchor: Anchor) -> tuple[float, float, float, float]:
    """How far words reach from their point: to the left, up, to the right and down."""
    high = _LARGEST * _OF_IT[size]
    width = high * sum(_widths(text, size))
    share = {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
    return share * width, 0.8 * high, (1 - share) * width, 0.25 * high


def _widths(text: str, size: Size) -> Iterator[float]:
    for piece in _PIECE.finditer(text) if size == "symbol" else ():
        index = piece["braced"] or piece["one"]
        letters = index or piece["plain"]
        yield from (_NARROW * (0.72 if index else 0.9) for _ in letters)
    if size != "symbol":
        latin = _MONO if size == "shape" else _NARROW
        yield from (latin if ord(letter) < 0x2E80 else _WIDE for letter in text)
