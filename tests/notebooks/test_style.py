import io
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from xml.etree import ElementTree

import matplotlib
import pytest

matplotlib.use("svg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from tools.notebooks.style import RC, UnfitPicture, apply_style, svg_of, themed

Draw = Callable[[Axes], object]


@pytest.fixture(autouse=True)
def style() -> Iterator[None]:
    with matplotlib.rc_context():
        apply_style()
        yield
        plt.close("all")


def picture(draw: Draw, id: str = "lstm", **words: str) -> str:
    figure, axes = plt.subplots()
    draw(axes)
    words = {"title": "A title", "description": "What it shows."} | words
    return svg_of(figure, id=id, **words)


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg.replace("xlink:href", "href"))


def line(axes: Axes) -> None:
    axes.plot([0, 1, 2], [3, 1, 2], label="loss")


def test_colours_become_variables_and_none_is_fixed() -> None:
    def draw(axes: Axes) -> None:
        axes.plot([0, 1])
        axes.plot([1, 0])
        axes.bar([0, 1], [1, 2], color="0.9")
        axes.axhline(1, color="black")

    svg = picture(draw)
    for name in ("signal", "gate", "ink", "muted", "wire", "rule"):
        assert f"var(--{name})" in svg
    assert not re.search(r"#[0-9a-fA-F]{6}\b|\b(black|white)\b|rgb", svg)


def test_a_colour_without_meaning_here_is_refused() -> None:
    with pytest.raises(UnfitPicture, match="#ff0000"):
        picture(lambda axes: axes.plot([0, 1], color="red"))


def test_a_bitmap_is_refused() -> None:
    with pytest.raises(UnfitPicture, match="pcolormesh"):
        picture(lambda axes: axes.imshow([[0, 1]]))


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(UnfitPicture, match="fewer points"):
        picture(lambda axes: axes.scatter(range(9000), range(9000)))


def test_a_heatmap_is_one_hue_from_clear_to_full() -> None:
    svg = picture(lambda axes: axes.figure.colorbar(axes.pcolormesh([[0.0, 0.5], [1.0, 0.2]])))
    assert "fill:var(--signal);fill-opacity:0.5" in svg


def test_faint_letters_stay_readable() -> None:
    svg = picture(lambda axes: axes.text(0.5, 0.5, "faint", color="0.8"))
    assert re.search(r'<text style="[^"]*fill:var\(--muted\)">faint', svg)


def test_nothing_is_left_that_belongs_to_a_file_or_reaches_the_page() -> None:
    svg = picture(line)
    for left in ("<?xml", "<!DOCTYPE", "<metadata", "<style", "font-family", "width=", "xmlns"):
        assert left not in svg.split("<clipPath")[0], left
    assert svg.startswith('<svg class="p-plot" lang="en" viewBox="0 0 480 ')


def test_it_is_a_named_image_and_hostile_words_are_only_words() -> None:
    hostile = '</title><script>alert("&")</script>'
    svg = picture(line, title=hostile, description=hostile, id='recurrent/lstm "1"')
    root = parsed(svg)
    title, described = root[0], root[1]
    assert (title.tag, described.tag) == ("title", "desc")
    assert title.text == described.text == hostile
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {described.get('id')}"
    assert title.get("id") == "recurrent-lstm-1-title"
    assert "<script" not in svg


def test_two_pictures_share_no_id_and_each_reference_has_its_target() -> None:
    seen: set[str] = set()
    for id in ("a", "b"):
        svg = picture(line, id=id)
        ids = re.findall(r'\bid="([^"]+)"', svg)
        assert len(ids) == len(set(ids))
        assert not seen & set(ids)
        seen |= set(ids)
        named = set(re.findall(r'(?:url\(#|xlink:href="#)([^)"]+)', svg))
        assert named and named <= set(ids)
    assert " href=" not in svg


def test_lines_keep_their_clip_path() -> None:
    root = parsed(picture(line))
    clipped = [path for path in root.iter("path") if "signal" in path.get("style", "")]
    assert clipped and all(path.get("clip-path", "").startswith("url(#lstm-") for path in clipped)


def test_words_stay_text_and_formulas_flow_in_reading_order() -> None:
    svg = picture(lambda axes: axes.set_title("gate $f_{t-1}$ & <b>"))
    root = parsed(svg)
    words = ["".join(text.itertext()) for text in root.iter("text")]
    assert "gate ft−1 & <b>" in words


@pytest.mark.parametrize(
    ("across", "anchor"), [("left", "start"), ("center", "middle"), ("right", "end")]
)
def test_a_formula_holds_on_to_its_point(across: str, anchor: str) -> None:
    svg = picture(lambda axes: axes.text(0.5, 0.5, "$h_t$", ha=across))
    before = svg[: svg.index('class="p-letter"')]
    assert f"text-anchor:{anchor}" in before[-80:]
    assert before.rsplit("<g", 3)[1].endswith(' translate(0 0)">') == (across == "left")


def test_letters_are_never_too_small_and_every_picture_is_as_wide() -> None:
    figure, axes = plt.subplots(figsize=(12, 3))
    axes.set_title("tiny", fontsize=4)
    svg = svg_of(figure, title="t", description="d", id="x")
    assert min(float(size) for size in re.findall(r"font-size:([\d.]+)px", svg)) >= 15
    assert 'viewBox="0 0 480 120"' in svg


def test_the_same_picture_has_the_same_bytes() -> None:
    assert picture(line) == picture(line)


def test_a_drawing_without_our_style_is_taken_too() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M 0 0"/></svg>'
    assert 'style="fill:var(--ink)' in themed(svg, title="t", description="d", id="x")


def test_reading_the_style_imports_no_matplotlib() -> None:
    code = "import sys, tools.notebooks.style; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_setting_is_one_matplotlib_knows() -> None:
    assert set(RC) <= set(matplotlib.rcParams)


def test_the_drawing_a_notebook_keeps_has_the_same_bytes_too() -> None:
    def drawn() -> str:
        figure, axes = plt.subplots()
        line(axes)
        kept = io.StringIO()
        figure.savefig(kept, format="svg", metadata={"Date": None})
        return kept.getvalue()

    assert drawn() == drawn()
