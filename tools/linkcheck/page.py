"""A page as a reader sees it: title, words, where it refreshes to, and the names of its parts."""

from dataclasses import dataclass

from tools.linkcheck.answer import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """What stood on a page; all texts unescaped, with single spaces.

    `titles` are all it calls itself (title, og:title, citation_title, first heading), in that
    order and without doubles; `text` is what is visible, in order; `ids` are the names that a
    fragment can lead to; `scripted` says that scripts make the page, so that what is missing from
    it proves nothing; `whole` that no bound cut it off.
    """

    titles: tuple[str, ...] = ()
    text: str = ""
    refresh: str = ""
    ids: frozenset[str] = frozenset()
    source: str = ""
    scripted: bool = False
    whole: bool = True

    @property
    def title(self) -> str:
        """What the page calls itself first; nothing where it has no name."""
        return self.titles[0] if self.titles else ""


def read_page(answer: Answer) -> PageView:
    """The page in an answer; an empty one where its body is no HTML or text. Never raises."""
    return PageView()
