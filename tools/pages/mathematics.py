"""LaTeX between dollars to MathML, when the page is built: no script, read by screen readers."""

import html
import re

from math_core import LatexError, LatexToMathML

from tools.pages.page import Html

# Browsers draw a root only in a font with a MATH table, which phones lack; a sign and a line over
# the radicand are seen everywhere.
_ROOT = ("<msqrt>", '<mrow class="u-root"><mo form="prefix" lspace="0" rspace="0">√</mo><mrow>')
_END_OF_ROOT = ("</msqrt>", "</mrow></mrow>")
# The standard has no such attribute here; the size of an array's letters is that around it.
_NOT_HTML = ('<mtable displaystyle="true" scriptlevel="0">', '<mtable displaystyle="true">')
# What pymdownx.arithmatex leaves of `$…$` and `$$…$$` in its generic mode.
_FORMULA = re.compile(
    r'<(?P<tag>span|div) class="arithmatex">\\(?:\(|\[)(?P<latex>.*?)\\(?:\)|\])</(?P=tag)>',
    re.DOTALL,
)


class FormulaError(ValueError):
    """A formula that is no LaTeX: what it says, and why it cannot be shown."""


def with_mathml(page: Html) -> Html:
    """The page with every formula as MathML; raises FormulaError for one that cannot be read."""
    return _FORMULA.sub(_mathml, page)


def _mathml(match: re.Match[str]) -> str:
    latex = html.unescape(match["latex"]).strip()
    display = match["tag"] == "div"
    try:
        formula = LatexToMathML().convert_with_local_state(latex, displaystyle=display)
    except LatexError as error:
        raise FormulaError(f"found the formula {latex!r}, expected LaTeX: {error}") from None
    formula = formula.replace(*_NOT_HTML).replace(*_ROOT).replace(*_END_OF_ROOT)
    # A formula wider than a phone scrolls by itself, with keys too.
    return f'<div class="u-math" tabindex="0">{formula}</div>' if display else formula
