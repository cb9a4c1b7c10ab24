"""Whether a page shows what the catalog knows of it: then no notice on it means the page itself."""

import re
import unicodedata

from tools.linkcheck.places import host_of
from tools.linkcheck.seen import Seen
from tools.linkcheck.titles import names_itself, words_in

_BETWEEN = re.compile(r"[\W_]+")
# A title stands near the top; all of a long page need not be squeezed.
_TEXT_WITHIN = 20_000
# So few characters turn up anywhere: a Chinese character says as much as a Latin syllable.
_FEWEST, _FEWEST_WIDE = 6, 3
# Words in common with a shorter title are no proof: `bread.example is for sale` has one of two.
_FEWEST_WORDS = 3


def shows_known_title(seen: Seen) -> bool:
    """Whether the page shows one of the titles that the catalog knows, whatever stands around it.

    A title that is only the name of the host proves nothing: whoever sells it shows it too.
    """
    titles = [title for title in seen.link.titles if len(words_in(title)) >= _FEWEST_WORDS]
    return names_itself(seen.page, titles) or _holds_title(seen)


def _holds_title(seen: Seen) -> bool:
    host = _squeezed(host_of(seen.link.url))
    squeezed = {_squeezed(title) for title in seen.link.titles}
    known = {title for title in squeezed if _says_enough(title) and title not in host}
    if not known:
        return False
    shown = _squeezed(" ".join((*seen.page.titles, seen.page.text[:_TEXT_WITHIN])))
    return any(title in shown for title in known)


def _squeezed(text: str) -> str:
    """Letters and digits alone, of one width and case."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text).casefold())


def _says_enough(title: str) -> bool:
    return len(title) >= (_FEWEST if title.isascii() else _FEWEST_WIDE)
