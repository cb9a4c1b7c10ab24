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
_INLINE = re.compile(
    r'(?P<before>[(（“「《]?)<span class="arithmatex">\\\((?P<latex>.*?)\\\)</span>'
    r"(?P<after>[,.;:!?)，。；：、！？）”」》]*)",
    re.DOTALL,
)
_DISPLAY = re.compile(r'<div class="arithmatex">\\\[(?P<latex>.*?)\\\]</div>', re.DOTALL)


class FormulaError(ValueError):
    """A formula that is no LaTeX: what it says, and why it cannot be shown."""


def with_mathml(page: Html) -> Html:
    """The page with every formula as MathML; raises FormulaError for one that cannot be read."""
    return _DISPLAY.sub(_displayed, _INLINE.sub(_inline, page))


def _displayed(match: re.Match[str]) -> str:
    """A formula wider than a phone scrolls by itself, with keys too."""
    return f'<div class="u-math" tabindex="0">{_mathml(match["latex"], display=True)}</div>'


def _inline(match: re.Match[str]) -> str:
    """Browsers end a line at a formula, whatever follows; its punctuation must not begin one."""
    formula = f"{match['before']}{_mathml(match['latex'], display=False)}{match['after']}"
    has_company = match["before"] or match["after"]
    return f'<span class="u-keep">{formula}</span>' if has_company else formula


def _mathml(text: str, *, display: bool) -> str:
    latex = html.unescape(text).strip()
    try:
        formula = LatexToMathML().convert_with_local_state(latex, displaystyle=display)
    except LatexError as error:
        raise FormulaError(f"found the formula {latex!r}, expected LaTeX: {error}") from None
    return formula.replace(*_NOT_HTML).replace(*_ROOT).replace(*_END_OF_ROOT)
