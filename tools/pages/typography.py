"""Where the lines of a title may end."""

import re

from markupsafe import Markup

_SLASH_IN_WORD = re.compile(r"(?<=[^\s/])/(?=[^\s/])")
_BEFORE_DASH = re.compile(r" (?=[–—·] )")


def breakable(text: str) -> Markup:
    """A title whose lines may end after a slash, as in `owner/repository`, and never begin with a
    dash.
    """
    words = _SLASH_IN_WORD.split(_BEFORE_DASH.sub("\u00a0", text))
    return Markup("/<wbr>").join(words)
