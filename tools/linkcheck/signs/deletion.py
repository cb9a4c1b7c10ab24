"""Pages that are gone though the server says 200: by a notice, by where it sends, by what it sends.

An article that merely writes of such pages has its own title, or is long: a notice counts where a
page calls itself so, or where there is hardly anything else.
"""

import re
from urllib.parse import urlsplit

from tools.linkcheck.markup import lines_of
from tools.linkcheck.page import is_html, width
from tools.linkcheck.places import file_name, host_of, is_home, says_error, segments, site_of, stem
from tools.linkcheck.seen import Seen, chain_of
from tools.linkcheck.signs.drift import drift
from tools.linkcheck.signs.notices import hint_in, notice_among, notice_in
from tools.linkcheck.titles import holds, is_shown, names_itself, squeezed
from tools.model.link import Evidence, Judgement

# The longest page, in columns, whose title is believed, and whose words are: with a known title
# that it does not show, and without any.
_TITLED, _TITLED_BLINDLY = 12_000, 4_000
_SAID, _SAID_BLINDLY, _HINTED = 3_000, 800, 1_000
# Who shows a file on a page names it at the top.
_NAMED_WITHIN = 2_000
# What these lead to bears no likeness to their own paths.
_SHORTENERS = {
    "bit.ly", "t.cn", "t.co", "tinyurl.com", "goo.gl", "git.io", "aka.ms", "hf.co", "lnkd.in",
    "url.cn", "dwz.cn", "doi.org", "purl.org", "w3id.org", "handle.net", "ow.ly", "is.gd",
}  # fmt: skip
# Where a file is shown on a page of its own.
_VIEWERS = {
    "github.com", "gitlab.com", "gitee.com", "bitbucket.org", "huggingface.co", "kaggle.com",
    "nbviewer.org", "nbviewer.jupyter.org", "colab.research.google.com", "drive.google.com",
    "docs.google.com", "dropbox.com", "www.dropbox.com", "semanticscholar.org", "archive.org",
}  # fmt: skip


def deletion(seen: Seen) -> Judgement | None:
    """`soft-404` where the page is gone in all but its status."""
    if not 200 <= (seen.answer.status or 0) < 300:
        return None
    return _sent_away(seen) or _notice(seen) or _page_for_file(seen)


def _sent_away(seen: Seen) -> Judgement | None:
    """From a deep page to a front page, or to one that says that it is an error."""
    link, final = seen.link.url, seen.answer.address
    if not seen.answer.hops or names_itself(seen.page, seen.link.titles):
        return None
    if says_error(final) and not says_error(link):
        return _by_chain(seen)
    if is_home(link) or not is_home(final) or _is_own_home(link, final):
        return None
    if site_of(link) in _SHORTENERS or host_of(link) in _SHORTENERS:
        return None
    elsewhere = site_of(link) != site_of(final)
    if elsewhere and not seen.link.titles and len(segments(link)) < 2:
        return None
    return _by_chain(seen)


def _is_own_home(link: str, final: str) -> bool:
    """Whether what a path named has got a host of its name: `/~me/` and `me.github.io`."""
    if urlsplit(link).query or host_of(link) == host_of(final):
        return False
    names = [name for name in segments(link) if stem(name) not in ("index", "home", "default")]
    words = set(re.findall(r"[a-z0-9]{3,}", names[-1])) if names else set()
    labels = set(re.split(r"[.-]", host_of(final))) - set(re.split(r"[.-]", host_of(link)))
    return bool(words & labels) or "".join(sorted(words)) in labels


def _by_chain(seen: Seen) -> Judgement:
    title = (Evidence(kind="title", value=seen.page.title),) if seen.page.title else ()
    return Judgement(
        verdict="soft-404",
        evidence=(*chain_of(seen.answer), *title),
        final=seen.answer.address,
    )


def _notice(seen: Seen) -> Judgement | None:
    """What it calls itself, or the little that it says, is a notice."""
    titles = seen.link.titles
    length = width(seen.page.text)
    said = next(filter(None, map(notice_in, seen.page.titles)), "")
    if said:
        fits = length <= (_TITLED if titles else _TITLED_BLINDLY)
        if fits and not _is_known(seen, said):
            return seen.judged("soft-404", "phrase", said)
        return None
    if length > (_SAID if titles else _SAID_BLINDLY) or names_itself(seen.page, titles):
        return None
    said = notice_among(lines_of(seen.page.source), seen.page.text)
    if not said and length <= _HINTED and drift(seen):
        # It is another page than the known one in any case: less is enough to tell which.
        said = hint_in(seen.page.text)
    if said and not holds(seen.page, titles):
        return seen.judged("soft-404", "phrase", said)
    return None


def _is_known(seen: Seen, said: str) -> bool:
    """Whether a known title stands beside the notice, or is about such notices itself."""
    others = [called for called in seen.page.titles if not notice_in(called)]
    return any(
        notice_in(title) or is_shown(title, said) or any(is_shown(title, one) for one in others)
        for title in seen.link.titles
    )


def _page_for_file(seen: Seen) -> Judgement | None:
    """A page in place of a file, which shows neither the known title nor the file."""
    name = file_name(seen.link.url)
    page, titles = seen.page, seen.link.titles
    if not name or not titles or not is_html(seen.answer) or page.scripted:
        return None
    if {host_of(seen.answer.address), site_of(seen.answer.address)} & _VIEWERS:
        return None
    shown = squeezed(" ".join([*page.titles, page.text[:_NAMED_WITHIN]]))
    if squeezed(name) in shown or names_itself(page, titles) or holds(page, titles):
        return None
    return seen.judged("soft-404", "header", seen.answer.media_type or "text/html")
