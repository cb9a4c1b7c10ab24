"""The LSTM cell, one time step: the cell state on top, the gates below it, one product for all."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tools.figures.drawing import Drawing, Figure
from tools.figures.letters import Hue
from tools.figures.lines import Line
from tools.figures.lstm_words import LSTM_WORDS
from tools.figures.shapes import Box, Mark, Operation, Point, Shape, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """Where things stand in one layout: columns by their middle, rows by theirs."""

    width: float
    height: float
    cell: Box
    product: Box
    columns: Mapping[str, float]
    gate_width: float
    state: float
    meet: float
    gates: float
    shown: Point
    leaves: tuple[Point, ...]
    squash: Box
    outside: tuple[float, float]  # From where words outside the cell begin, left and right.


_WIDE = _Plan(
    width=842,
    height=446,
    cell=Box(118, 22, 612, 376, "cell", 14),
    product=Box(178, 308, 424, 44),
    columns={"f": 228, "i": 346, "g": 446, "o": 560},
    gate_width=64,
    state=84,
    meet=152,
    gates=226,
    shown=(672, 226),
    leaves=((672, 239), (672, 330), (830, 330)),
    squash=Box(642, 130, 60, 34),
    outside=(16, 780),
)
_NARROW = _Plan(
    width=486,
    height=466,
    cell=Box(66, 22, 354, 396, "cell", 14),
    product=Box(84, 338, 312, 48),
    columns={"f": 118, "i": 198, "g": 284, "o": 366},
    gate_width=60,
    state=76,
    meet=158,
    gates=262,
    shown=(366, 187),
    leaves=((379, 187), (408, 187), (408, 362), (484, 362)),
    squash=Box(334, 104, 64, 34),
    outside=(2, 436),
)


def lstm_cell(language: str) -> Figure:
    """The figure with its words in a language."""
    words = LSTM_WORDS[language]
    return Figure(
        name="lstm-cell",
        title=words["title"],
        description=words["description"],
        wide=_drawing(_WIDE, words),
        narrow=_drawing(_NARROW, words),
    )


def _drawing(plan: _Plan, words: Mapping[str, str]) -> Drawing:
    shapes = [
        plan.cell,
        *_product(plan, words),
        *_lines(plan),
        *_operations(plan),
        *(shape for letter in plan.columns for shape in _gate(plan, letter)),
        *_states(plan),
        *_purposes(plan, words),
        *_marks(plan),
    ]
    return Drawing(width=plan.width, height=plan.height, shapes=tuple(shapes))


def _product(plan: _Plan, words: Mapping[str, str]) -> Iterator[Shape]:
    box = plan.product
    line = box.y + box.height / 2 + 6
    yield box
    yield Words("W x_t + U h_{t−1} + b", box.x + 18, line, "symbol")
    yield Words("(B, 4H)", box.x + box.width - 12, line - 1, "shape", anchor="end")
    if plan is _WIDE:
        yield Words(words["product"], box.x + 262, line - 1, "small", anchor="middle")


def _lines(plan: _Plan) -> Iterator[Shape]:
    column, box, meet = plan.columns, plan.product, plan.meet
    middle = box.y + box.height / 2
    top, bottom = plan.gates - 24, plan.gates + 24
    for x in column.values():
        yield Line(((x, box.y), (x, bottom)))
    yield Line(((plan.outside[0], middle), (box.x, middle)), "flow")
    yield Line(((column["f"], plan.height - 10), (column["f"], box.y + box.height)))
    yield Line(((plan.outside[0], plan.state), (plan.leaves[-1][0], plan.state)), "flow")
    yield Line(((column["f"], top), (column["f"], plan.state + 13)), "ctl")
    yield Line(((column["i"], top), (column["i"], meet), (column["g"] - 13, meet)), "ctl")
    yield Line(((column["g"], top), (column["g"], meet + 13)))
    yield Line(((column["g"], meet - 13), (column["g"], plan.state + 13)))
    x, y = plan.shown
    yield Line(((x, plan.state), (x, y - 13)))
    if x == column["o"]:
        yield Line(((x, top), (x, y + 13)), "ctl")
    else:
        yield Line(((column["o"] + plan.gate_width / 2, y), (x - 13, y)), "ctl")
    yield Line(plan.leaves, "flow")


def _operations(plan: _Plan) -> Iterator[Shape]:
    squash = plan.squash
    yield squash
    middle = squash.x + squash.width / 2
    yield Words("tanh", middle, squash.y + squash.height / 2 + 5, "small", anchor="middle")
    yield Operation(plan.columns["f"], plan.state, "×")
    yield Operation(plan.columns["g"], plan.state, "+")
    yield Operation(plan.columns["g"], plan.meet, "×")
    yield Operation(*plan.shown, "×")


def _gate(plan: _Plan, letter: str) -> Iterator[Shape]:
    """A gate with its letter and σ; the candidate is no gate and has neither hue nor σ."""
    candidate = letter == "g"
    width = plan.gate_width + 22 * candidate
    x, y = plan.columns[letter] - width / 2, plan.gates
    hue: Hue = "" if candidate else "gate"
    yield Box(x, y - 24, width, 48, "box" if candidate else "gate")
    yield Words(f"{letter}_t", x + 21, y + 6, "symbol", hue, "middle", bold=True)
    if candidate:
        yield Words("tanh", x + width - 27, y + 5, "small", anchor="middle")
    else:
        yield Words("σ", x + width - 17, y + 5, "plain", hue, "middle")


def _states(plan: _Plan) -> Iterator[Shape]:
    left, right = plan.outside
    low = plan.product.y + plan.product.height / 2
    for letter, y in (("c", plan.state), ("h", low)):
        yield Words(f"{letter}_{{t−1}}", left, y - 14, "symbol", "signal")
        yield Words(f"{letter}_t", right + 12, y - 14, "symbol", "signal")
        yield Words("(B, H)", plan.leaves[-1][0], y + 24, "shape", anchor="end")
    yield Words("x_t", plan.columns["f"] + 14, plan.height - 14, "symbol")
    yield Words("(B, D)", plan.columns["f"] + 44, plan.height - 15, "shape")


def _purposes(plan: _Plan, words: Mapping[str, str]) -> Iterator[Shape]:
    """What each gate is for, beside the line that does it."""
    columns, meet = plan.columns, plan.meet
    yield Words(words["keep"], columns["f"] + 11, meet + 12, "small", "gate")
    yield Words(words["write"], columns["i"] + 12, meet - 9, "small", "gate")
    x, y = plan.shown
    if x == columns["o"]:
        yield Words(words["show"], x - 11, y + 34, "small", "gate", "end")
    else:
        middle = (columns["o"] + plan.gate_width / 2 + x - 13) / 2 - 2
        yield Words(words["show"], middle, y - 10, "small", "gate", "middle")


def _marks(plan: _Plan) -> Iterator[Shape]:
    """The order of computing, which is that of the equations."""
    corner, f = plan.product, plan.columns["f"]
    yield Mark(corner.x + 2, corner.y - 2, 1)
    yield Mark(f - plan.gate_width / 2, plan.gates - 24, 2, "gate")
    yield Mark(f - 24, plan.state - 22, 3, "state")
    x, y = plan.shown
    yield Mark(x - 29 if x == plan.columns["o"] else x + 31, y, 4, "state")
