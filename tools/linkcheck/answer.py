"""What one GET brought, as a value: the page, the way to it, or why there is none."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

# The permanent moves of HTTP; the other redirects say nothing of tomorrow.
PERMANENT = (301, 308)

Failure = Literal[
    "address", "name", "connect", "broken", "deadline", "tls", "private", "hops", "proxy",
]  # fmt: skip

_SENTENCES: Mapping[Failure, str] = {
    "address": "it leads to something that is no web address",
    "name": "no such host was found",
    "connect": "nothing answers at that host",
    "broken": "the connection broke off or spoke no HTTP",
    "deadline": "no whole answer came in time",
    "tls": "its certificate is not to be trusted",
    "private": "it leads into a private network",
    "hops": "it redirects without end",
    "proxy": "the proxy that the environment names did not help",
}
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect: which address gave it, with which status; 200 is a page that refreshes away."""

    address: str
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The last answer of a chain of redirects; `status` is None where none came.

    An answer that broke off has a status, the bytes that came, and a `failure`. `bytes` and
    `requests` count the whole chain, on the wire; `body` is bare of packing, and `cut` where it
    was longer than the bounds.
    """

    address: str
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    cut: bool = False
    hops: tuple[Hop, ...] = ()
    failure: Failure | None = None
    detail: str = ""
    requests: int = 0
    bytes: int = 0

    @property
    def media_type(self) -> str:
        """`text/html` of the header `text/html; charset=gbk`, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str:
        """The charset that the headers declare, or nothing."""
        match = _CHARSET.search(self.headers.get("content-type", ""))
        return match[1].lower() if match else ""

    @property
    def permanent(self) -> str:
        """Where the permanent redirects at the start of the chain lead, by their own word."""
        for hop in self.hops:
            if hop.status not in PERMANENT:
                return hop.address
        return self.address

    @property
    def reason(self) -> str:
        """Why there is no page to read, in one sentence; nothing where there is one."""
        if self.failure:
            detail = f" ({self.detail})" if self.detail else ""
            return _SENTENCES[self.failure] + detail
        if self.status is not None and not 200 <= self.status < 300:
            return f"it answers with status {self.status}"
        return ""
