"""What pages add to code and formulas: shapes stand out, and search leaves both alone."""

import re

from tools.pages.page import Html

# A comment that begins with the shape of what its line made: `# (B, T, 4H)`, `# 2 × (T+1, B, H)`;
# words may follow behind a colon.
_SIZE = r"[\w…]+(?: ?[·×*+/-] ?[\w…]+)*"
_SHAPE = re.compile(
    rf'<span class="c1">(# ?(?:\d+ × )?\({_SIZE}(?:, {_SIZE})*,?\)[^:<]*)(:[^<]*)?</span>'
)
# Whoever searches wants what explains, neither code nor the answers to questions about it.
_ASIDE = re.compile(r'<(div|details) (?=class="[^"]*\b(?:highlight|u-math|u-ask)\b)')


def with_shapes(page: Html) -> Html:
    """The page with the shapes among its comments marked as such."""
    return _SHAPE.sub(_marked, page)


def _marked(comment: re.Match[str]) -> Html:
    rest = f'<span class="c1">{comment[2]}</span>' if comment[2] else ""
    return f'<span class="c1 shape">{comment[1]}</span>{rest}'


def out_of_search(page: Html) -> Html:
    """The page with code, displayed formulas and folded answers marked as nothing to search for."""
    return _ASIDE.sub(r"<\1 data-search-exclude ", page)
