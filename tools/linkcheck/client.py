"""The one HTTP door of the project: a bounded GET that ends in a value, whatever a server does."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.cookies import RequestsCookieJar, extract_cookies_to_jar
from requests.utils import requote_uri, select_proxy

from tools.linkcheck.answer import Answer, Failure, Hop
from tools.linkcheck.connections import POOLS, TERMS, NoAnswer, Terms, judge_behind_proxy
from tools.linkcheck.deadline import Deadline
from tools.linkcheck.networks import Network
from tools.linkcheck.trouble import TROUBLE, failure_of
from tools.linkcheck.unpack import Unpacker
from tools.model.text import is_web_address

_REDIRECTS = (301, 302, 303, 307, 308)
_PIECE = 65_536


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one GET may take: seconds in all, bytes on the wire and unpacked, redirects."""

    seconds: float = 20
    wire: int = 1_000_000
    unpacked: int = 2_000_000
    hops: int = 10


def _headers() -> dict[str, str]:
    """Says who asks, and for the rest what a browser says: some hosts answer nothing else.

    A stock firewall rule refuses names with "link" in them.
    """
    return {
        "User-Agent": f"Unrolled/{version('unrolled')} (keeps a catalog of learning resources)",
        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "Accept-Language": "en,zh-CN;q=0.9,zh;q=0.8,*;q=0.5",
        "Accept-Encoding": "gzip, deflate",
    }


@dataclass(frozen=True, slots=True)
class Client:
    """Asks for pages; `allowed` are networks that may be private on purpose."""

    bounds: Bounds = Bounds()
    allowed: tuple[Network, ...] = ()

    def get(self, address: str) -> Answer:
        """The answer at the end of all redirects; only http and https, only public places."""
        with (
            Deadline(self.bounds.seconds) as deadline,
            _terms(Terms(deadline, self.allowed)) as terms,
            _Adapter() as adapter,
        ):
            return _Errand(self.bounds, terms, adapter).follow(address)


@dataclass(slots=True)
class _Errand:
    """One GET with its redirects; cookies live as long as it does."""

    bounds: Bounds
    terms: Terms
    adapter: HTTPAdapter
    cookies: RequestsCookieJar = field(default_factory=RequestsCookieJar)

    def follow(self, address: str) -> Answer:
        hops: list[Hop] = []
        while True:
            answer, target = self._asked(address)
            if target and not answer.failure:
                hops.append(Hop(address, answer.status or 0))
                address = target
                if len(hops) <= self.bounds.hops:
                    continue
                answer = Answer(address=target, failure="hops")
            return replace(answer, hops=tuple(hops))

    def _asked(self, address: str) -> tuple[Answer, str]:
        """One answer, and where it redirects to."""
        if not is_web_address(address):
            return Answer(address=address, failure="address"), ""
        try:
            response = self._sent(address)
        except NoAnswer as error:
            return self._failed(address, error.failure, error.detail), ""
        except TROUBLE as error:
            return self._failed(address, failure_of(error)), ""
        with response:
            target = _target(address, response)
            answer = Answer(
                address=address,
                status=response.status_code,
                headers={name.lower(): value for name, value in response.headers.items()},
            )
            return (answer, target) if target else (self._read(answer, response.raw), "")

    def _sent(self, address: str) -> requests.Response:
        request = requests.Request("GET", address, headers=_headers(), cookies=self.cookies)
        # Prepared without a session: nothing of ~/.netrc is ever sent to a stranger.
        prepared = request.prepare()
        with requests.Session() as session:
            around: Any = session.merge_environment_settings(
                prepared.url or "", {}, stream=True, verify=None, cert=None
            )
        if select_proxy(prepared.url or "", around["proxies"]):
            judge_behind_proxy(prepared.url or "", self.terms)
        response = self.adapter.send(prepared, timeout=self.terms.deadline.left, **around)
        extract_cookies_to_jar(self.cookies, prepared, response.raw)  # type: ignore[no-untyped-call]
        return response

    def _read(self, answer: Answer, raw: Any) -> Answer:
        """The answer with as much of its body as the bounds allow."""
        unpacker = Unpacker(answer.headers.get("content-encoding", ""), self.bounds.unpacked)
        failure: Failure | None = None
        room = self.bounds.wire
        try:
            while room and not unpacker.cut and not self.terms.deadline.over:
                piece = raw.read1(min(room, _PIECE), decode_content=False)
                if not piece:
                    break
                room -= len(piece)
                unpacker.take(piece)
        except TROUBLE as error:
            failure = failure_of(error)
        late = self.terms.deadline.over
        return replace(
            answer,
            body=bytes(unpacker.body),
            cut=unpacker.cut or not room,
            failure="deadline" if late else failure,
        )

    def _failed(self, address: str, failure: Failure, detail: str = "") -> Answer:
        """What went wrong after the end of the time went wrong because of it."""
        if self.terms.deadline.over:
            failure, detail = "deadline", ""
        return Answer(address=address, failure=failure, detail=detail)


class _Adapter(HTTPAdapter):
    """Requests' own transport over connections that keep to the terms."""

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        try:
            manager = super().proxy_manager_for(proxy, **options)
        except ValueError as error:  # SOCKS without the package that speaks it.
            raise NoAnswer("proxy", str(error)) from None
        if not proxy.lower().startswith("socks"):  # Those bring connections of their own.
            manager.pool_classes_by_scheme = POOLS
        return manager

    def __enter__(self) -> "_Adapter":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


@contextmanager
def _terms(terms: Terms) -> Iterator[Terms]:
    before = TERMS.set(terms)
    try:
        yield terms
    finally:
        TERMS.reset(before)


def _target(address: str, response: requests.Response) -> str:
    """Where a redirect leads, with the fragment of where it came from if it names none."""
    location = response.headers.get("location", "")
    if response.status_code not in _REDIRECTS or not location:
        return ""
    # Header bytes arrive as Latin-1; an address beyond ASCII is meant as UTF-8.
    location = location.encode("latin-1", "replace").decode("utf-8", "replace").strip()
    try:
        target = requote_uri(urljoin(address, location))
        fragment = urlsplit(target).fragment or urlsplit(address).fragment
        return urlsplit(target)._replace(fragment=fragment).geturl()
    except ValueError:
        return location  # Which is then told to be no web address.
