"""Parts of a page that a link names and the page does not have."""

import re
from urllib.parse import unquote, urlsplit

from tools.linkcheck.page import PageView, is_html
from tools.linkcheck.places import host_of, site_of
from tools.linkcheck.seen import Seen
from tools.model.link import Judgement

# Routes of scripts, text, lines of code, places in media and documents, the top, and what only
# tracks or opens something.
_NOT_OF_A_PAGE = re.compile(
    r"[!/].*|.*:~:.*|.*[=&?].*|l\d+(?:c\d+)?(?:-l?\d+(?:c\d+)?)?|lines?-\d+(?:-\d+)?|_?top"
    r"|rd|wechat_\w+|weixin\w*|at_\w+|(?:\w+[-_])?comments?(?:[-_]?\w*\d\w*)?"
    r"|respond|reply[-_]?\w*|disqus\w*|discussion_r\d+|issuecomment-\d+"
    r"|diff-\w+|giscus|utterances|gitalk|valine"
    r"|share|login|signup|subscribe|\d+",
    re.IGNORECASE,
)
# Where scripts make the parts of a page, or the fragment is for them.
_SCRIPT_MADE = {
    "zhihu.com", "weixin.qq.com", "colab.research.google.com", "docs.google.com", "youtube.com",
    "bilibili.com", "notion.so", "notion.site", "feishu.cn", "yuque.com", "kaggle.com",
    "nbviewer.org", "nbviewer.jupyter.org", "x.com", "twitter.com", "facebook.com",
    "linkedin.com", "csdn.net", "juejin.cn", "qq.com", "jianshu.com", "segmentfault.com",
    "observablehq.com", "figma.com", "codesandbox.io",
}  # fmt: skip
_CODE_HOSTS = {"github.com", "gitlab.com", "gitee.com", "bitbucket.org", "codeberg.org"}
_GIVEN = "user-content-"
# Headings and sections that have their names in the page itself, not by a script.
_NAMED_PART = re.compile(
    r"<(?:h[1-6]|section|dt|article)\s[^<>]*?\bid\s*=|<a\s[^<>]*?\bname\s*=", re.I
)
_NAMED_IN_HEADING = re.compile(r"<h[1-6][^<>]*+>\s*+<(?:a|span)\s[^<>]*?\b(?:id|name)\s*=", re.I)
_ENOUGH = 2


def missing_fragment(seen: Seen) -> Judgement | None:
    """`fragment` where the page is there and whole, but has no part of the name."""
    page = seen.page
    fragment = urlsplit(seen.answer.address).fragment or urlsplit(seen.link.url).fragment
    if not fragment or _NOT_OF_A_PAGE.fullmatch(unquote(fragment)):
        return None
    if seen.answer.status != 200 or not page.whole or page.scripted or not page.ids:
        return None
    if not is_html(seen.answer) or _has(page, fragment) or _by_scripts(seen, fragment):
        return None
    return seen.judged("fragment", "fragment", fragment)


def _has(page: PageView, fragment: str) -> bool:
    """Whether some part has the name, in any case and any escapes."""
    wanted = {name.casefold() for name in (fragment, unquote(fragment))}
    wanted |= {_GIVEN + name for name in wanted}
    names = {name.casefold() for name in page.ids}
    return bool(wanted & names) or bool(wanted & {unquote(name) for name in names})


def _by_scripts(seen: Seen, fragment: str) -> bool:
    """Whether a script may make the part: then what the page lacks proves nothing."""
    host, page = host_of(seen.answer.address), seen.page
    if {host, site_of(seen.answer.address)} & _SCRIPT_MADE or host.endswith(".qq.com"):
        return True
    if site_of(seen.answer.address) in _CODE_HOSTS:
        return not any(name.startswith(_GIVEN) for name in page.ids)
    if "<script" not in page.source.lower():
        return False
    # A table of contents that leads to it was made by what makes the part.
    if any(f'#{name}"' in page.source for name in {fragment, unquote(fragment)}):
        return True
    return _named_parts(page) < _ENOUGH


def _named_parts(page: PageView) -> int:
    patterns = _NAMED_PART, _NAMED_IN_HEADING
    return sum(1 for pattern in patterns for _ in pattern.finditer(page.source))
