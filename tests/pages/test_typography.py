"""Where the lines of titles and names may end."""

import pytest

from tools.pages.typography import breakable, breakable_name


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


@pytest.mark.parametrize(
    ("name", "markup"),
    [
        ("test_dough_rises", "test_<wbr>dough_<wbr>rises"),
        ("__init__", "__init__"),
        ("crust", "crust"),
        ("a_<b>", "a_<wbr>&lt;b&gt;"),
    ],
)
def test_a_name_in_code_breaks_after_underscores(name: str, markup: str) -> None:
    assert breakable_name(name) == markup
