"""Where the lines of a title may end."""

import pytest

from tools.pages.typography import breakable


@pytest.mark.parametrize(
    ("title", "markup"),
    [
        ("Rye bread", "Rye bread"),
        ("owner/a-repository", "owner/<wbr>a-repository"),
        ("CS 182 / 282", "CS 182 / 282"),
        ("https://a", "https://a"),
        ("Part 1 – Rye", "Part 1\u00a0– Rye"),
        ("数学 · RNN", "数学\u00a0· RNN"),
        ("<b>/&", "&lt;b&gt;/<wbr>&amp;"),
    ],
)
def test_a_title_breaks_after_slashes_and_not_before_dashes(title: str, markup: str) -> None:
    assert breakable(title) == markup
