"""Formulas between dollars become MathML; what is no LaTeX is said and never shown raw."""

import re

import markdown
import pytest

from tools.pages.mathematics import FormulaError, with_mathml


def page(text: str) -> str:
    return markdown.markdown(
        text,
        extensions=["pymdownx.arithmatex", "pymdownx.superfences"],
        extension_configs={"pymdownx.arithmatex": {"generic": True}},
    )


def test_a_formula_in_a_line_is_inline_mathml() -> None:
    made = with_mathml(page("with $h_t = \\tanh(x)$ in it"))
    assert "<math" in made
    assert "<msub>" in made
    assert "u-math" not in made
    assert "arithmatex" not in made


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("令$x$，则", "", "，"),
        ("（$x$）。", "（", "）。"),
        ("a ($x$), b", "(", "),"),
        ("$x$?", "", "?"),
    ],
)
def test_a_formula_stays_on_the_line_of_its_punctuation(text: str, before: str, after: str) -> None:
    made = with_mathml(page(text))
    assert f'<span class="u-keep">{before}<math>' in made
    assert f"</math>{after}</span>" in made


@pytest.mark.parametrize("text", ["with $x$ in it", "令$x$为零", "$x$-th"])
def test_a_formula_without_punctuation_needs_no_company(text: str) -> None:
    assert "u-keep" not in with_mathml(page(text))


def test_a_formula_of_its_own_is_a_block_that_scrolls_with_keys() -> None:
    made = with_mathml(page("a\n\n$$\n\\frac{1}{2}\n$$\n\nb"))
    assert '<div class="u-math" tabindex="0"><math display="block">' in made
    assert "<mfrac>" in made


def test_signs_of_markup_are_signs_in_a_formula() -> None:
    made = with_mathml(page("$a < b > c$"))
    assert "&lt;" in made
    assert "&gt;" in made


def test_every_formula_of_a_page_is_made() -> None:
    made = with_mathml(
        page("$a$ and $b$\n\n$$c$$\n\n$$\n\\begin{aligned}d&=e\\\\f&=g\\end{aligned}\n$$")
    )
    assert made.count("<math") == 4
    assert "<mtable" in made


@pytest.mark.parametrize("text", ["no formula, 5$ and 6$", "`$x$`", "```\n$x$\n```", r"\$x\$"])
def test_what_is_no_formula_is_left_alone(text: str) -> None:
    assert with_mathml(page(text)) == page(text)


@pytest.mark.parametrize("latex", [r"\frac{1}{2", r"\nosuchcommand x", r"\left( x"])
def test_a_formula_that_is_no_latex_is_named(latex: str) -> None:
    with pytest.raises(FormulaError) as caught:
        with_mathml(page(f"x ${latex}$ y"))
    assert str(caught.value).startswith(f"found the formula {latex!r}, expected LaTeX: ")


@pytest.mark.parametrize(
    "latex",
    [
        r"\tfrac{1}{2}",
        r"a \big/ \textstyle\sum_j b_j",
        r"\begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}",
        r"\begin{cases} 1 & x \\ 0 & y \end{cases}",
        r"\begin{aligned} a &= \tfrac{1}{2} \\ b &= \textstyle\sum_k c \end{aligned}",
    ],
)
def test_only_mstyle_says_how_large_a_part_is_set(latex: str) -> None:
    made = with_mathml(page(f"$${latex}$$"))
    tags = re.findall(r"<(\w+)[^>]*\s(displaystyle|scriptlevel)=", made)
    assert set(tags) <= {
        ("mstyle", "displaystyle"),
        ("mstyle", "scriptlevel"),
        ("mtable", "displaystyle"),
    }
    for tag in ("mstyle", "mrow", "mfrac", "mtable"):
        assert made.count(f"<{tag}") == made.count(f"</{tag}>")
