"""What pages do to code and formulas: shapes stand out, and search leaves both alone."""

import re

from tools.pages.page import Html

# A comment that begins with the shape of what its line made: `# (B, T, 4H)`, `# 2 × (T+1, B, H)`;
# words may follow behind a colon.
_SIZE = r"[\w…]+(?: ?[·×*+/-] ?[\w…]+)*"
_SHAPE = re.compile(
    rf'<span class="c1">(# ?(?:\d+ × )?\({_SIZE}(?:, {_SIZE})*,?\)[^:<]*)(:[^<]*)?</span>'
)
# What a formatter is told says nothing to a reader: behind a line, or on a line of its own.
_TOLD = '<span class="c1"># fmt: (?:skip|off|on)</span>'
_NOTE = re.compile(rf"^[ \t]*{_TOLD}\n|[ \t]*{_TOLD}", re.MULTILINE)
# Whoever searches wants what explains, neither code nor the answers to questions about it.
_ASIDE = re.compile(r'<(div|details) (?=class="[^"]*\b(?:highlight|u-math|u-ask)\b)')


def readable(page: Html) -> Html:
    """The page with the shapes among its comments marked as such, and no notes to a formatter."""
    return _SHAPE.sub(_marked, _NOTE.sub("", page))


def _marked(comment: re.Match[str]) -> Html:
    rest = f'<span class="c1">{comment[2]}</span>' if comment[2] else ""
    return f'<span class="c1 shape">{comment[1]}</span>{rest}'


def out_of_search(page: Html) -> Html:
    """The page with code, displayed formulas and folded answers marked as nothing to search for."""
    return _ASIDE.sub(r"<\1 data-search-exclude ", page)
