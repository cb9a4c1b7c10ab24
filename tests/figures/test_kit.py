"""The parts of the kit, each on its own."""

from xml.etree.ElementTree import Element, tostring

import pytest

from tools.figures.drawing import Drawing, Figure
from tools.figures.letters import reach_of, runs_of
from tools.figures.lines import Line
from tools.figures.shapes import Box, Mark, Operation, Shape, Words, short
from tools.figures.tensor import Tensor
from tools.figures.values import Bars, Heatmap

WEIGHTS = ((0.82, 0.18), (0.0, 1.0))


def heatmap(**changed: object) -> Heatmap:
    given = {"values": WEIGHTS, "rows": ("the", "猫"), "columns": ("a", "b")}
    return Heatmap(0, 0, **(given | changed))  # type: ignore[arg-type]


def text_of(element: Element) -> str:
    return "".join(element.itertext())


def markup(shape: Shape) -> str:
    return tostring(shape.svg(), encoding="unicode")


def test_a_line_ends_at_its_tip_and_bends_round() -> None:
    line = Line(((0, 0), (40, 0), (40, 30)))
    way, head = line.svg()
    assert way.get("d") == "M0 0L30 0Q40 0 40 10L40 23"
    assert str(head.get("d")).startswith("M40 30L")
    assert (line.bounds.right, line.bounds.bottom) == (45.1, 31.5)


def test_a_bend_takes_no_more_than_there_is() -> None:
    line = Line(((0, 0), (8, 0), (8, 100)), head=False, corner=50)
    assert line.svg()[0].get("d") == "M0 0L4 0Q8 0 8 50L8 100"


def test_a_line_without_a_head_is_only_its_way() -> None:
    assert len(Line(((0, 0), (9, 0)), head=False).svg()) == 1


@pytest.mark.parametrize(
    ("symbols", "runs"),
    [
        ("h_{t−1}", [("h", None, ""), ("t−1", "4", "f-sub")]),
        ("x_t", [("x", None, ""), ("t", "4", "f-sub")]),
        ("x_t + b", [("x", None, ""), ("t", "4", "f-sub"), (" ", "-4", ""),
                     ("+ ", None, "f-up"), ("b", None, "")]),
        ("A", [("A", None, "")]),
    ],
)  # fmt: skip
def test_symbols_become_letters_and_indices(
    symbols: str, runs: list[tuple[str, str | None, str]]
) -> None:
    found = [(run.text, run.get("dy"), run.get("class", "")) for run in runs_of(symbols)]
    assert found == runs


def test_chinese_takes_more_room_than_latin_and_anchors_share_it() -> None:
    assert reach_of("保留", "plain", "start")[2] == 36
    left, _, right, _ = reach_of("保留", "plain", "middle")
    assert left == right == 18
    assert reach_of("ab", "plain", "end")[0] < 36


def test_a_tensor_stacks_its_sheets_and_writes_its_shape() -> None:
    tensor = Tensor(0, 0, 7, 4, "x (B, T, D)", lit=2)
    group = tensor.svg()
    looks = [part.get("class") for part in group]
    assert looks == ["f-box", "f-box", "f-state", "f-heat", "f-grid", "f-m"]
    assert group[3].get("x") == "40"
    assert text_of(group) == "x (B, T, D)"
    assert tensor.bounds.right == 7 * 20 + 22


def test_a_heatmap_shades_every_value_and_says_it() -> None:
    group = heatmap().svg()
    shades = [part.get("fill-opacity") for part in group if part.get("class") == "f-heat"]
    assert shades == ["0.82", "0.18", "0.00", "1.00"]
    written = [part.text for part in group if "f-val" in part.get("class", "")]
    assert written == [".82", "1.00"]
    assert heatmap().said == "the: a 0.82, b 0.18; 猫: a 0.00, b 1.00"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"values": ((0.5,), (0.5, 0.5))}, r"2 rows of 2 values, got rows of \[1, 2\]"),
        ({"rows": ("one",)}, "1 rows of 2 values"),
        ({"values": ((1.5, 0), (0, 0))}, "from 0 to 1"),
        ({"values": ((float("nan"), 0), (0, 0))}, "from 0 to 1"),
    ],
)
def test_a_heatmap_refuses_what_it_cannot_show(changed: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        heatmap(**changed)


def test_bars_stand_on_a_line_with_their_values() -> None:
    bars = Bars(0, 0, (0.6, 0.3), ("cat", "dog"))
    heights = [part.get("height") for part in bars.svg() if part.tag == "rect"]
    assert heights == ["90", "45"]
    assert text_of(bars.svg()) == "0.60cat0.30dog"
    assert bars.said == "cat 0.60, dog 0.30"


def test_bars_of_nothing_have_no_height() -> None:
    bars = Bars(0, 0, (0.0, 0.0), ("a", "b"))
    assert [part.get("height") for part in bars.svg() if part.tag == "rect"] == ["0", "0"]


def test_signs_are_drawn_not_written() -> None:
    assert "<text" not in markup(Operation(0, 0, "×")) + markup(Operation(0, 0, "+"))
    assert markup(Operation(0, 0, "×")) != markup(Operation(0, 0, "+"))


@pytest.mark.parametrize("look", ["", "gate", "state"])
def test_a_mark_carries_its_number(look: str) -> None:
    assert text_of(Mark(0, 0, 3, look).svg()) == "3"  # type: ignore[arg-type]


def test_hostile_words_are_only_words() -> None:
    hostile = '"><script>alert(1)</script>&'
    drawing = Drawing(width=10, height=10, shapes=(Words(hostile, 0, 0), Box(0, 0, 9, 9)))
    svg = Figure(name="x", title=hostile, description=hostile, wide=drawing).svg()
    assert "<script" not in svg and svg.count("&lt;script&gt;") == 3


@pytest.mark.parametrize(
    ("number", "text"), [(1.0, "1"), (1.25, "1.2"), (-0.04, "0"), (12.349, "12.3")]
)
def test_lengths_are_short(number: float, text: str) -> None:
    assert short(number) == text
