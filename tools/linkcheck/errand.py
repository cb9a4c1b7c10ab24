"""One address on its way through redirects, one request at a time, so that it can be put aside."""

from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from typing import Literal
from urllib.parse import urldefrag

from tools.linkcheck.answer import Hop


@dataclass(slots=True)
class Errand:
    """Where it is now, how it came there, and what it has spent; cookies live as long as it does.

    `seconds` are those spent on requests, not those spent waiting for a turn; `bytes` are on the
    wire.
    """

    address: str
    method: Literal["GET", "HEAD"] = "GET"
    hops: list[Hop] = field(default_factory=list)
    cookies: CookieJar = field(default_factory=CookieJar)
    seconds: float = 0
    requests: int = 0
    bytes: int = 0
    large: bool = False
    _asked: set[tuple[str, str]] = field(default_factory=set)

    def ask(self) -> None:
        """Note that its address is asked for now, with the cookies it has now."""
        self.requests += 1
        self._asked.add(self._state())

    def unask(self) -> None:
        """It was not asked after all."""
        self.requests -= 1
        self._asked.discard(self._state())

    def lead(self, target: str, status: int, most: int) -> str:
        """Go on to where an answer sends it; says why not, where the way has no end.

        A host may send the same address again to someone who now has a cookie, so only the same
        address with the same cookies is a circle.
        """
        self.hops.append(Hop(self.address, status))
        self.address = target
        if self._state() in self._asked:
            return f"it comes back to {target}"
        return f"more than {most} redirects" if len(self.hops) > most else ""

    def _state(self) -> tuple[str, str]:
        kept = sorted(f"{one.domain} {one.path} {one.name}={one.value}" for one in self.cookies)
        return urldefrag(self.address).url, "; ".join(kept)
