"""Whether a page shows what the catalog knows of it: then no notice on it means the page itself."""

from tools.linkcheck.places import host_of
from tools.linkcheck.seen import Seen
from tools.linkcheck.titles import names_itself, squeezed, tells, words_in

# A title stands near the top; all of a long page need not be squeezed.
_TEXT_WITHIN = 20_000
# Words in common with a shorter title are no proof: `bread.example is for sale` has one of two.
_FEWEST_WORDS = 3


def shows_known_title(seen: Seen) -> bool:
    """Whether the page shows one of the titles that the catalog knows, whatever stands around it.

    A title that is only the name of the host proves nothing: whoever sells it shows it too.
    """
    titles = [title for title in seen.link.titles if len(words_in(title)) >= _FEWEST_WORDS]
    return names_itself(seen.page, titles) or _holds_title(seen)


def _holds_title(seen: Seen) -> bool:
    host = squeezed(host_of(seen.link.url))
    titles = {squeezed(title) for title in seen.link.titles}
    known = {title for title in titles if tells(title) and title not in host}
    if not known:
        return False
    shown = squeezed(" ".join((*seen.page.titles, seen.page.text[:_TEXT_WITHIN])))
    return any(title in shown for title in known)
