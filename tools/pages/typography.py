"""Where the lines of titles and names may end, and how many figures a number shows."""

import re

from markupsafe import Markup

_SLASH_IN_WORD = re.compile(r"(?<=[^\s/])/(?=[^\s/])")
_UNDERSCORE_IN_NAME = re.compile(r"(?<=[^_])_(?=[^_])")
_BEFORE_DASH = re.compile(r" (?=[–—·] )")


def breakable(text: str) -> Markup:
    """A title whose lines may end after a slash, as in `owner/repository`, and never begin with a
    dash.
    """
    words = _SLASH_IN_WORD.split(_BEFORE_DASH.sub("\u00a0", text))
    return Markup("/<wbr>").join(words)


def breakable_name(name: str) -> Markup:
    """A name in code whose lines may end after an underscore: `test_a_name`."""
    return Markup("_<wbr>").join(_UNDERSCORE_IN_NAME.split(name))


def measured(value: float) -> str:
    """A measured number to three figures, without an exponent where that is short."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"


def tiny(value: float) -> str:
    """A difference as its size: `2.5e-16`, or `0` where there was none."""
    return f"{value:.1e}" if value else "0"
