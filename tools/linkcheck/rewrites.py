"""Which new address of a link may be written back without harm."""

import re
from urllib.parse import parse_qsl, urlsplit

from tools.linkcheck.answer import Answer
from tools.linkcheck.page import PageView
from tools.linkcheck.places import (
    host_of,
    is_home,
    is_language,
    says_error,
    segments,
    site_of,
    stem,
)
from tools.linkcheck.titles import holds, names_itself
from tools.model.address import without_tracking
from tools.model.link import Link
from tools.model.text import is_web_address

_LONGEST = 500
_LOGIN_NAMES = re.compile(
    r"(?:user[-_]?)?(?:log|sign)[-_]?(?:in|on|up)|auth(?:orize|enticate|entication)?|oauth2?|sso|cas"
    r"|register|accounts?|session|checkpoint|consent|captcha|challenge|verify|uas|wall|subscribe"
)
_LOGIN_HOSTS = re.compile(r"(?:login|signin|passport|accounts?|sso|auth|id|cas|consent)\d?\..*")
# Of one visit, one visitor or one country; never of the page.
_OF_A_VISIT = re.compile(
    r"(?:.*_)?(?:sid|session(?:_?id)?|jsessionid|phpsessid|token|nonce|state|ticket|sig|signature"
    r"|expires|redirect\w*|return\w*|next|continue|callback|from|gi|ref|referer|referrer|source"
    r"|lang|language|locale|hl|country|region|geo|currency|consent|cookie\w*|gdpr|_ga|_gl|ts|t|time"
    r"|timestamp|uuid|visitor|autologin|r|cb|cache\w*)|x-amz-.*|x-goog-.*"
)


def safe_rewrite(link: Link, answer: Answer, page: PageView) -> str:
    """The address after the permanent redirects, with the link's fragment; "" where it may harm.

    Harm is whatever is not the same page for every reader tomorrow: a login, a front page in place
    of a deep one, an error page, another site that does not show the known title, a step back to
    http, a session, a language or a country that the robot was given.
    """
    new = _with_fragment(without_tracking(answer.permanent), link.url)
    if new == link.url or len(new) > _LONGEST or not is_web_address(new):
        return ""
    harmful = (
        _is_no_page(link.url, new)
        or _is_of_a_visit(link.url, new)
        or _is_for_some(link, new)
        or (site_of(new) != site_of(link.url) and not _shows(link, page))
    )
    return "" if harmful else new


def _is_no_page(old: str, new: str) -> bool:
    if says_error(new) and not says_error(old):
        return True
    names = [stem(name) for name in segments(new) if name not in segments(old)]
    if any(map(_LOGIN_NAMES.fullmatch, names)) or _LOGIN_HOSTS.fullmatch(host_of(new)):
        return True
    return is_home(new) and not is_home(old)


def _is_of_a_visit(old: str, new: str) -> bool:
    before, after = urlsplit(old), urlsplit(new)
    if after.username or (after.port != before.port and after.port not in (None, 80, 443)):
        return True
    if before.scheme == "https" and after.scheme == "http":
        return True
    had = {key for key, _ in parse_qsl(before.query, keep_blank_values=True)}
    added = {key.lower() for key, _ in parse_qsl(after.query, keep_blank_values=True)} - had
    return any(map(_OF_A_VISIT.fullmatch, added)) or ";jsessionid=" in after.path.lower()


def _is_for_some(link: Link, new: str) -> bool:
    """Whether the only news is a language, or a page for telephones."""
    if re.match(r"(?:m|mobile|wap|amp)\.", host_of(new)) and host_of(new) != host_of(link.url):
        return True
    added = [name for name in segments(new) if name not in segments(link.url)]
    if not added or not is_language(added[0]) or len(added) > 1:
        return False
    return not link.language or not added[0].startswith(link.language.lower()[:2])


def _shows(link: Link, page: PageView) -> bool:
    return names_itself(page, link.titles) or holds(page, link.titles)


def _with_fragment(new: str, old: str) -> str:
    fragment = urlsplit(old).fragment
    parts = urlsplit(new)
    return new if parts.fragment or not fragment else parts._replace(fragment=fragment).geturl()
