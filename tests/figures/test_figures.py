"""Promises of every figure, and the bytes of each."""

import re
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tools.figures import FIGURES
from tools.figures.drawing import Drawing, Figure
from tools.figures.lines import Line
from tools.figures.lstm_cell import lstm_cell
from tools.figures.shapes import Bounds, Point, Words
from tools.figures.unrolled import unrolled

HERE = Path(__file__).parent
SHEET = HERE.parents[1] / "docs/assets/stylesheets/figures.css"
MADE = [make(language) for make in (lstm_cell, unrolled) for language in ("en", "zh")]
CASES = [(name, language) for name in FIGURES for language in ("en", "zh")]

each_figure = pytest.mark.parametrize("figure", MADE, ids=lambda figure: figure.title)
each_svg = pytest.mark.parametrize(("name", "language"), CASES)


def drawings(figure: Figure) -> Iterator[Drawing]:
    yield figure.wide
    if figure.narrow:
        yield figure.narrow


def roots(svg: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(f"<page>{svg}</page>"))


@each_svg
def test_a_figure_has_the_bytes_it_had(name: str, language: str) -> None:
    golden = HERE / "golden" / f"{name}.{language}.svg"
    assert FIGURES[name](language) == golden.read_text(encoding="utf-8").rstrip("\n")


@each_figure
def test_every_part_keeps_inside_the_sheet(figure: Figure) -> None:
    for drawing in drawings(figure):
        for shape in drawing.shapes:
            found = shape.bounds
            assert found.left >= 0 and found.top >= 0, shape
            assert found.right <= drawing.width and found.bottom <= drawing.height, shape


@each_figure
def test_no_two_words_lie_on_each_other(figure: Figure) -> None:
    narrow = figure.narrow or figure.wide  # Where letters are largest.
    words = [shape for shape in narrow.shapes if isinstance(shape, Words)]
    for one, other in combinations(words, 2):
        assert not overlap(one.bounds, other.bounds), (one, other)


def overlap(one: Bounds, other: Bounds) -> bool:
    beside = one.right <= other.left or other.right <= one.left
    return not beside and not (one.bottom <= other.top or other.bottom <= one.top)


@each_figure
def test_no_two_lines_cross(figure: Figure) -> None:
    for drawing in drawings(figure):
        lines = [shape for shape in drawing.shapes if isinstance(shape, Line)]
        for one, other in combinations(lines, 2):
            for a in pairwise(one.points):
                for b in pairwise(other.points):
                    assert not cross(*a, *b), (one, other)


def cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether the way from a to b and that from c to d cross between their ends."""

    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


@each_svg
def test_colours_come_from_the_sheet_alone(name: str, language: str) -> None:
    known = set(re.findall(r"\.([a-z][\w-]*)", SHEET.read_text(encoding="utf-8")))
    svg = FIGURES[name](language)
    assert not re.search(r'#[0-9a-fA-F]{3,6}\b|rgb|\b(fill|stroke|color)="|(fill|stroke):', svg)
    for element in roots(svg)[0].iter():
        assert set(element.get("class", "").split()) <= known
        assert "style" not in element.attrib or element.tag == "svg"


@each_svg
def test_it_is_named_for_those_who_do_not_see_it(name: str, language: str) -> None:
    for root in roots(FIGURES[name](language)):
        named = {child.get("id"): child.text for child in root[:2]}
        assert root.get("role") == "img"
        assert " ".join(map(str, named)) == root.get("aria-labelledby")
        assert all(named.values())


@each_svg
def test_it_is_light_and_needs_nothing_around_it(name: str, language: str) -> None:
    svg = FIGURES[name](language)
    assert len(svg.encode()) <= 40_000
    assert "href" not in svg and "url(" not in svg and "<script" not in svg


def test_no_two_drawings_share_an_id() -> None:
    ids = re.findall(r'\bid="([^"]+)"', "".join(make("en") for make in FIGURES.values()))
    assert len(ids) == len(set(ids)) == 4 * len(FIGURES)


def test_both_languages_show_the_same_drawing() -> None:
    for make in (lstm_cell, unrolled):
        one, other = make("en").wide, make("zh").wide
        assert [type(shape) for shape in one.shapes] == [type(shape) for shape in other.shapes]
        assert (one.width, one.height) == (other.width, other.height)


def test_the_cell_says_its_shapes_and_gates() -> None:
    for drawing in drawings(lstm_cell("en")):
        words = [shape.text for shape in drawing.shapes if isinstance(shape, Words)]
        assert {"f_t", "i_t", "g_t", "o_t", "(B, H)", "(B, D)", "(B, 4H)"} <= set(words)
        gates = [s.text for s in drawing.shapes if isinstance(s, Words) and s.hue == "gate"]
        assert "g_t" not in gates  # The candidate is no gate.
