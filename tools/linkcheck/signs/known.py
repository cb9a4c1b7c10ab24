"""Whether a page shows what the catalog knows of it: then no notice on it means the page itself."""

import re
import unicodedata

from tools.linkcheck.addresses import host_of
from tools.linkcheck.seen import Seen

_BETWEEN = re.compile(r"[\W_]+")
# A title stands near the top; all of a long page need not be squeezed.
_TEXT_WITHIN = 20_000
# So few characters turn up anywhere: a Chinese character says as much as a Latin syllable.
_FEWEST, _FEWEST_WIDE = 6, 3


def shows_known_title(seen: Seen) -> bool:
    """Whether the page shows one of the titles that the catalog knows, whatever stands around it.

    A title that is only the name of the host proves nothing: whoever sells it shows it too.
    """
    titles = {_squeezed(title) for title in seen.link.titles}
    host = _squeezed(host_of(seen.link.url))
    known = {title for title in titles if _says_enough(title) and title not in host}
    if not known:
        return False
    shown = _squeezed(" ".join((*seen.page.titles, seen.page.text[:_TEXT_WITHIN])))
    return any(title in shown for title in known)


def _squeezed(text: str) -> str:
    """Letters and digits alone, of one width and case."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text).casefold())


def _says_enough(title: str) -> bool:
    return len(title) >= (_FEWEST if title.isascii() else _FEWEST_WIDE)
