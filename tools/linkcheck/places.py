"""What an address says of the place it names: a home page, an error page, a file, a site."""

import re
from functools import cache
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from tldextract import TLDExtract

_CODES = (
    "ar bg bn ca cn cs da de el en es et fa fi fr he hi hk hr hu id it ja jp ko kr lt lv ms nl no "
    "pl pt ro ru sk sl sr sv ta th tr tw uk us vi zh"
)
_LANGUAGES = frozenset(_CODES.split())
_HOME_NAMES = frozenset(("index", "default", "home", "main", "homepage", "welcome"))
_PAGE_ENDING = re.compile(r"\.(?:html?|php\d?|aspx?|jsp|do|cgi|shtml|xhtml)$")
# A home page stays one whichever of these it is asked with.
_ASIDE_KEYS = "lang locale language hl l from ref source src r redirect redirected spm fr tab"
_ASIDE = frozenset(_ASIDE_KEYS.split())
_ERROR_NAMES = re.compile(
    r"(?:error[-_]?)?(?:404|410)(?:[-_]?(?:error|page|not[-_]?found))?|errors?|error[-_]?page"
    r"|(?:page[-_]?|file[-_]?|404[-_]?)?not[-_]?found|no[-_]?such[-_]?page|page[-_]?(?:removed|deleted)"
    r"|deleted|removed|oops|page[-_]?missing|expired|gone"
)
_ERROR_KEYS = frozenset(("aspxerrorpath", "notfound", "not_found", "pagenotfound"))
_STATUS_KEYS = frozenset(("error", "err", "status", "code", "errorcode", "error_code", "msg"))
_STATUS_VALUES = re.compile(r"404|410|(?:page[-_ ]?)?not[-_ ]?found|deleted|removed|gone")
_FILE = re.compile(
    r"\.(?:pdf|ps|djvu|epub|zip|gz|tgz|bz2|xz|7z|rar|tar|ipynb|pptx?|docx?|xlsx?|csv|mp[34]|avi|mov"
    r"|mkv|webm|png|jpe?g|gif|svg|py|whl|exe|dmg|jar|bin|pth?|h5)$"
)


def segments(address: str) -> tuple[str, ...]:
    """The names in an address's path, bare of escapes, in lower case."""
    return tuple(name for name in unquote(_split(address).path).lower().split("/") if name)


def stem(name: str) -> str:
    """A name in a path without the ending that pages have: `404` of `404.html`."""
    return _PAGE_ENDING.sub("", name)


def is_home(address: str) -> bool:
    """Whether it names the front page of a site, or that page in one language."""
    parts = _split(address)
    if parts.fragment.startswith(("/", "!")):
        return False
    keys = {key.lower() for key, _ in parse_qsl(parts.query, keep_blank_values=True)}
    if not all(key in _ASIDE or key.startswith("utm_") for key in keys):
        return False
    names = [stem(name) for name in segments(address)]
    return len(names) < 3 and all(name in _HOME_NAMES or is_language(name) for name in names)


def is_language(name: str) -> bool:
    """Whether a name in a path or a host is a language's, as in `/zh-cn/`."""
    first, *rest = re.split("[-_]", name.lower())
    return first in _LANGUAGES and len(rest) < 2 and all(2 <= len(one) <= 4 for one in rest)


def says_error(address: str) -> bool:
    """Whether it names a page that exists to say that another does not."""
    if any(_ERROR_NAMES.fullmatch(stem(name)) for name in segments(address)):
        return True
    pairs = parse_qsl(_split(address).query.lower(), keep_blank_values=True)
    return any(
        key in _ERROR_KEYS or (key in _STATUS_KEYS and _STATUS_VALUES.fullmatch(value))
        for key, value in pairs
    )


def file_name(address: str) -> str:
    """The name of the file that it leads to, in lower case; nothing where it leads to a page."""
    name = (segments(address) or ("",))[-1]
    return name if _FILE.search(name) else ""


def host_of(address: str) -> str:
    """Its host in lower case, without the dot of the root."""
    return (_split(address).hostname or "").rstrip(".")


def site_of(address: str) -> str:
    """The name that somebody registered: `a.github.io`, `example.co.uk`; else the host itself."""
    host = host_of(address)
    registered = _registered()(host).top_domain_under_public_suffix
    if registered or ":" in host or host.replace(".", "").isdigit():
        return registered or host
    # Of an ending that is on no list, one name in front of it is registered.
    return ".".join(host.split(".")[-2:])


@cache
def _registered() -> TLDExtract:
    """By the list that comes with tldextract, private suffixes too: never by the network."""
    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")
