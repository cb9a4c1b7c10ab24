"""LaTeX between dollars to MathML, when the page is built: no script, read by screen readers."""

import html
import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from math_core import LatexError, LatexToMathML

from tools.pages.page import Html

# Browsers draw a root only in a font with a MATH table, which phones lack; a sign and a line over
# the radicand are seen everywhere.
_ROOT = ("<msqrt>", '<mrow class="u-root"><mo form="prefix" lspace="0" rspace="0">√</mo><mrow>')
_END_OF_ROOT = ("</msqrt>", "</mrow></mrow>")
# Signs that HTML knows by name and XML does not.
_NAMED = re.compile(r"&(?!(?:lt|gt|amp|quot|apos);)\w+;")
_SIZES = ("displaystyle", "scriptlevel")
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
    return _valid(formula).replace(*_ROOT).replace(*_END_OF_ROOT)


def _valid(formula: str) -> str:
    """The same with the size of a part said where HTML's checkers know it: by an mstyle around.

    A table may say `displaystyle` itself; its letters have the size of those around it.
    """
    root = ElementTree.fromstring(_NAMED.sub(lambda name: html.unescape(name[0]), formula))
    for parent in list(root.iter()):
        for at, part in enumerate(parent):
            style = {name: part.attrib.pop(name) for name in _SIZES if name in part.attrib}
            if part.tag == "mtable" and "displaystyle" in style:
                part.set("displaystyle", style["displaystyle"])
            elif part.tag in ("mstyle", "mrow"):
                part.tag = "mstyle" if style else part.tag
                part.attrib.update(style)
            elif style:
                parent[at] = Element("mstyle", style)
                parent[at].append(part)
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=False)
