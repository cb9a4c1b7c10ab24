"""What pages add to highlighted code."""

import pytest

from tools.pages.code import out_of_search, readable


@pytest.mark.parametrize(
    ("comment", "shape", "rest"),
    [
        ("# (B, T, 4H)", "# (B, T, 4H)", ""),
        ("# (B,)", "# (B,)", ""),
        ("# (B, H) each", "# (B, H) each", ""),
        ("# 2 × (T+1, B, H)", "# 2 × (T+1, B, H)", ""),
        ("# (B, 4H) -&gt; 4 × (B, H)", "# (B, 4H) -&gt; 4 × (B, H)", ""),
        ("# (layers · directions, B, H)", "# (layers · directions, B, H)", ""),
        ("# (B, H): keep some", "# (B, H)", ": keep some"),
    ],
)
def test_shapes_stand_out_among_comments(comment: str, shape: str, rest: str) -> None:
    marked = f'<span class="c1 shape">{shape}</span>'
    after = f'<span class="c1">{rest}</span>' if rest else ""
    assert readable(f'x <span class="c1">{comment}</span>') == f"x {marked}{after}"


@pytest.mark.parametrize("comment", ["# (see above)", "# keep (B, H)", "# (nn.LSTM does, too)"])
def test_other_comments_stay_comments(comment: str) -> None:
    page = f'<span class="c1">{comment}</span> <span class="s1"># (B, H)</span>'
    assert readable(page) == page


def test_notes_to_a_formatter_are_not_shown() -> None:
    off, skip, on = (f'<span class="c1"># fmt: {word}</span>' for word in ("off", "skip", "on"))
    page = f"<code>{off}\n<b>)</b>  {skip}\nx\n{on}\n</code>"
    assert readable(page) == "<code>\n<b>)</b>\nx\n</code>"
    kept = '<span class="c1"># fmt is a tool</span>'
    assert readable(kept) == kept


def test_code_and_formulas_are_nothing_to_search_for() -> None:
    page = '<div class="language-python highlight">x</div><div class="u-math">y</div>'
    assert out_of_search(page) == page.replace("<div", "<div data-search-exclude")
    other = '<div class="highlights">x</div><div class="u-maths">y</div>'
    assert out_of_search(other) == other
