"""A recurrent cell with its loop, and the same cell once for each step."""

from collections.abc import Iterator, Mapping

from tools.figures.drawing import Drawing, Figure
from tools.figures.lines import Line
from tools.figures.shapes import Box, Point, Shape, Words

_WORDS: Mapping[str, tuple[str, str]] = {
    "en": (
        "A loop, and the same loop unrolled",
        "On the left one cell A takes the input x at step t and, through a loop, its own state. On "
        "the right the same cell is drawn once for each step from 1 to T: the state runs from cell "
        "to cell, the inputs x come from below, the states h leave above. All cells share their "
        "weights.",
    ),
    "zh": (
        "一个循环，以及把它展开",
        "左边只有一个单元A：它接收第t步的输入x，并通过循环接收自己的状态。右边把同一个单元"
        "从第1步到第T步各画一次：状态在单元之间传递，输入x从下方进入，状态h从上方离开。"
        "所有单元共用一套权重。",
    ),
}
_SIDE, _HIGH = 48.0, 42.0
_ROW = 118.0


def unrolled(language: str) -> Figure:
    """The figure with its words in a language; narrow rooms get three steps instead of four."""
    title, description = _WORDS[language]
    return Figure(
        name="unrolled",
        title=title,
        description=description,
        wide=_drawing(("1", "2", "3", "T"), 96),
        narrow=_drawing(("1", "2", "T"), 84),
    )


def _drawing(steps: tuple[str, ...], apart: float) -> Drawing:
    first = 190.0
    middles = [first + n * apart for n in range(len(steps))]
    shapes = [*_looped(62), *_equals(126), *unrolled_cells(steps, (first, _ROW), apart)]
    return Drawing(width=middles[-1] + _SIDE / 2 + 16, height=228, shapes=tuple(shapes))


def unrolled_cells(steps: tuple[str, ...], first: Point, apart: float) -> Iterator[Shape]:
    """A cell for each step, the first with its middle at a point, a gap before the last.

    The state runs level, inputs come from below, states leave above.
    """
    x, y = first
    for n, step in enumerate(steps):
        middle = x + n * apart
        if n:
            left_out = n == len(steps) - 1
            ends = ((middle - apart + _SIDE / 2, y), (middle - _SIDE / 2, y))
            yield Line(ends, "cut" if left_out else "flow")
        yield from _cell((middle, y), step)


def _cell(middle: Point, step: str) -> Iterator[Shape]:
    x, y = middle
    top, bottom = y - _HIGH / 2, y + _HIGH / 2
    yield Line(((x, bottom + 44), (x, bottom)))
    yield Line(((x, top), (x, top - 44)), "flow")
    yield Box(x - _SIDE / 2, top, _SIDE, _HIGH, "state")
    yield Words("A", x, y + 6, "symbol", anchor="middle")
    yield Words(f"x_{step}", x, bottom + 64, "symbol", anchor="middle")
    yield Words(f"h_{step}", x, top - 54, "symbol", "signal", "middle")


def _looped(x: float) -> Iterator[Shape]:
    right, top, left = x + 42, _ROW - 58, x - 44
    loop = ((x + _SIDE / 2, _ROW), (right, _ROW), (right, top), (left, top), (left, _ROW))
    yield Line((*loop, (x - _SIDE / 2, _ROW)), "flow", corner=16)
    yield Line(((x, _ROW + _HIGH / 2 + 44), (x, _ROW + _HIGH / 2)))
    yield Box(x - _SIDE / 2, _ROW - _HIGH / 2, _SIDE, _HIGH, "state")
    yield Words("A", x, _ROW + 6, "symbol", anchor="middle")
    yield Words("x_t", x, _ROW + _HIGH / 2 + 64, "symbol", anchor="middle")


def _equals(x: float) -> Iterator[Shape]:
    for y in (_ROW - 4, _ROW + 4):
        yield Line(((x - 8, y), (x + 8, y)), head=False)
