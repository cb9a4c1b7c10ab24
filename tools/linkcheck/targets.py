"""The last look at an address before it is written into a file: what speaks against it."""

import re
from collections.abc import Callable, Sequence
from functools import cache
from urllib.parse import SplitResult, parse_qsl, urlsplit

from tldextract import TLDExtract

from tools.model.text import is_web_address

# The bundled list, never the network. Sub-domains of hosts such as github.io are sites of their
# own, which its private part knows.
_suffixes = TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)

_LOGIN = re.compile(
    r"(?:user-?)?(?:log|sign)[-_]?(?:in|on|up)|register|passport|accounts?|auth|oauth2?|sso|cas",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"(?:page-?)?(?:4\d\d|5\d\d|errors?|not-?found|gone|removed|deleted|unavailable|blocked|expired)"
    r"|(?:geo|region)-?(?:block\w*|restrict\w*)",
    re.IGNORECASE,
)
_CONSENT = re.compile(r"consent|cookies?|privacy|gdpr|captcha|challenge|verify", re.IGNORECASE)
_HOME = re.compile(r"index|home|default|[a-z]{2}(?:[-_][a-z]{2,4})?", re.IGNORECASE)
_ENDING = re.compile(r"\.(?:html?|php|aspx?|jsp|do)$", re.IGNORECASE)
_PASSING = re.compile(
    r".*sess(?:ion)?(?:_?id)?|sid|.*token|sig(?:nature)?|expires|ticket|nonce|"
    r"return\w*|redirect\w*|next|continue|from|referer|referrer|callback",
    re.IGNORECASE,
)


def objection(url: str, target: str) -> str:
    """Why `target` should not stand where `url` stands, as words after "it"; nothing if it may.

    It sees the two addresses alone, not the page: whether that is still the one the catalog knows
    has to be known before.
    """
    if not is_web_address(target):
        return "is no web address"
    old, new = urlsplit(url), urlsplit(target)
    for reason, speaks_against in _OBJECTIONS:
        if speaks_against(old, new):
            return reason
    return ""


def site_of(host: str) -> str:
    """The registrable domain of a host: `ox.ac.uk`, `ada.github.io`; numbers stay as they are."""
    return _site(host.lower().rstrip("."))


@cache
def _site(host: str) -> str:
    parts = _suffixes(host)
    if parts.ipv4 or parts.ipv6 or parts.top_domain_under_public_suffix:
        return parts.top_domain_under_public_suffix or host
    # The rule of the list for an ending that it does not know: `x.example` is a site.
    return ".".join(host.split(".")[-2:])


def _names(parts: SplitResult) -> list[str]:
    """The names of a path without their endings: `/a/Login.html` has `a` and `Login`."""
    return [_ENDING.sub("", name) for name in parts.path.split("/") if name]


def _deep(names: Sequence[str]) -> list[str]:
    """What a path has beyond a home page in some language."""
    start = 0
    while start < len(names) and _HOME.fullmatch(names[start]):
        start += 1
    return list(names[start:])


def _newly(pattern: re.Pattern[str], old: SplitResult, new: SplitResult) -> bool:
    """Whether the pattern names a part of the new path or host that the old one did not have."""
    known = {*_names(old), *(old.hostname or "").split(".")}
    first = (new.hostname or "").split(".")[0]
    return any(pattern.fullmatch(name) for name in (*_names(new), first) if name not in known)


def _passes_by(old: SplitResult, new: SplitResult) -> bool:
    """Whether a parameter came that is of this visit only, or tells of an error."""
    known = {name for name, _ in parse_qsl(old.query, keep_blank_values=True)}
    added = {name for name, _ in parse_qsl(new.query, keep_blank_values=True)} - known
    return any(_PASSING.fullmatch(name) or _ERROR.fullmatch(name) for name in added)


def _leads_home(old: SplitResult, new: SplitResult) -> bool:
    return bool(_deep(_names(old)) or old.query) and not _deep(_names(new)) and not new.query


def _leads_above(old: SplitResult, new: SplitResult) -> bool:
    """`/a/b/c` to `/a/b`: mostly the list that a deleted page was in."""
    above, below = (_deep([n for n in _names(p) if n != "index"]) for p in (new, old))
    return not new.query and len(above) < len(below) and below[: len(above)] == above


_OBJECTIONS: Sequence[tuple[str, Callable[[SplitResult, SplitResult], bool]]] = (
    ("gives up https", lambda old, new: old.scheme == "https" and new.scheme == "http"),
    (
        "leads to another site",
        lambda old, new: site_of(old.hostname or "") != site_of(new.hostname or ""),
    ),
    ("leads to a login", lambda old, new: _newly(_LOGIN, old, new)),
    ("leads to an error page", lambda old, new: _newly(_ERROR, old, new)),
    ("leads to a question, not to the page", lambda old, new: _newly(_CONSENT, old, new)),
    ("leads to the home page", _leads_home),
    ("leads to the page above", _leads_above),
    ("is of one visit only", _passes_by),
    ("loses the part after #", lambda old, new: old.fragment not in ("", new.fragment)),
)
