"""The one HTTP door of the project: bounded requests that end in values, whatever a server does."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import version
from threading import BoundedSemaphore, Lock
from time import monotonic
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.cookies import extract_cookies_to_jar
from requests.utils import requote_uri, select_proxy

from tools.linkcheck.answer import Answer, Failure
from tools.linkcheck.connections import (
    POOLS,
    TERMS,
    Held,
    NoAnswer,
    Places,
    Terms,
    judge_behind_proxy,
)
from tools.linkcheck.deadline import Deadline
from tools.linkcheck.errand import Errand
from tools.linkcheck.networks import Network
from tools.linkcheck.trouble import TROUBLE, detail_of, failure_of
from tools.linkcheck.unpack import Unpacker
from tools.model.text import is_web_address

_REDIRECTS = (301, 302, 303, 307, 308)
_PIECE = 16_384
# Of a file no more is of use than what its first bytes say it is.
_ENOUGH_OF_A_FILE = 4_096
# Who got this far before the time was over shows a page, however slowly.
_ENOUGH_OF_A_PAGE = 65_536


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one GET may take: seconds in all, bytes on the wire and unpacked, redirects."""

    seconds: float = 20
    wire: int = 1_000_000
    unpacked: int = 2_000_000
    hops: int = 10


@cache
def _headers() -> Mapping[str, str]:
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
    """Asks for pages; `allowed` are networks that may be private on purpose.

    At most `large` errands at once have a body of more than 64 kB; each keeps its place until
    `make_room` is told that the body was put to use.
    """

    bounds: Bounds = Bounds()
    allowed: tuple[Network, ...] = ()
    large: int = 16
    _room: Any = field(default=None, repr=False)
    _session: requests.Session = field(default_factory=requests.Session, repr=False)
    _settings: dict[tuple[str, ...], Any] = field(default_factory=dict, repr=False)
    _places: Places = field(default_factory=dict, repr=False)
    _asking: set[Deadline] = field(default_factory=set, repr=False)
    _lock: Any = field(default_factory=Lock, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_room", BoundedSemaphore(self.large))

    def get(self, address: str) -> Answer:
        """The answer at the end of all redirects; only http and https, only public places."""
        errand = Errand(address)
        try:
            while (answer := self.step(errand, self.bounds)) is None:
                pass
            return answer
        finally:
            self.make_room(errand)

    def step(
        self, errand: Errand, bounds: Bounds, held: Callable[[], bool] = lambda: False
    ) -> Answer | None:
        """The answer to one request of an errand; None where the errand has to go on.

        That is where it was sent to another address, or where `held` says, when the connection
        stands, that nothing may be asked now. What it has spent before is not given anew.
        """
        started = monotonic()
        with (
            Deadline(max(bounds.seconds - errand.seconds, 0.001)) as deadline,
            self._known(deadline),
            _terms(Terms(deadline, self.allowed, self._places, held)) as terms,
            _Adapter(pool_connections=1, pool_maxsize=1) as adapter,
        ):
            answer = _Request(errand, bounds, terms, adapter, self).answer()
        errand.seconds += monotonic() - started
        return answer and replace(
            answer,
            hops=tuple(errand.hops),
            requests=errand.requests,
            bytes=errand.bytes,
        )

    def take_room(self, seconds: float) -> bool:
        """Wait for a place among the large bodies."""
        return bool(self._room.acquire(timeout=seconds))

    def make_room(self, errand: Errand) -> None:
        """The large body of an errand, if it had one, is needed no more."""
        if errand.large:
            errand.large = False
            self._room.release()

    def settings(self, address: str) -> dict[str, Any]:
        """Proxies and certificates for an address, from the environment as requests reads it."""
        place = urlsplit(address)[:2]
        if place not in self._settings:
            self._settings[place] = self._session.merge_environment_settings(
                address, {}, stream=True, verify=None, cert=None
            )
        settings: dict[str, Any] = self._settings[place]
        return settings

    def hang_up(self) -> None:
        """End all requests that are under way; each becomes an answer that came too late."""
        with self._lock:
            for deadline in self._asking:
                deadline.ring()

    @contextmanager
    def _known(self, deadline: Deadline) -> Iterator[None]:
        with self._lock:
            self._asking.add(deadline)
        try:
            yield
        finally:
            with self._lock:
                self._asking.discard(deadline)


@dataclass(frozen=True, slots=True)
class _Request:
    """One request on an errand."""

    errand: Errand
    bounds: Bounds
    terms: Terms
    adapter: HTTPAdapter
    client: Client

    def answer(self) -> Answer | None:
        address = self.errand.address
        if not is_web_address(address):
            return Answer(address=address, failure="address")
        try:
            response = self._sent(address)
        except Held:
            self.errand.unask()
            return None
        except NoAnswer as error:
            if error.failure in ("name", "private"):
                self.errand.unask()
            return self._failed(error.failure, error.detail)
        except TROUBLE as error:
            return self._failed(failure_of(error), detail_of(error))
        with response:
            target = _target(address, response)
            if target:
                failure = self.errand.lead(target, response.status_code, self.bounds.hops)
                return Answer(address=target, failure="hops", detail=failure) if failure else None
            answer = Answer(
                address=address,
                status=response.status_code,
                headers={name.lower(): value for name, value in response.headers.items()},
            )
            return self._read(answer, response.raw)

    def _sent(self, address: str) -> requests.Response:
        errand = self.errand
        request = requests.Request(
            errand.method, address, headers=dict(_headers()), cookies=errand.cookies
        )
        # Prepared without a session: nothing of ~/.netrc is ever sent to a stranger.
        prepared = request.prepare()
        around = self.client.settings(prepared.url or "")
        if select_proxy(prepared.url or "", around["proxies"]):
            judge_behind_proxy(prepared.url or "", self.terms)
        errand.ask()
        response = self.adapter.send(prepared, timeout=self.terms.deadline.left, **around)
        # requests ships this function without types.
        extract_cookies_to_jar(errand.cookies, prepared, response.raw)  # type: ignore[no-untyped-call]
        return response

    def _read(self, answer: Answer, raw: Any) -> Answer:
        """The answer with as much of its body as the bounds allow, and as is of use."""
        encoding = answer.headers.get("content-encoding", "")
        unpacker = Unpacker(encoding, self._most(answer), self._has_room)
        failure: Failure | None = None
        detail = ""
        room = self.bounds.wire
        try:
            while room and not unpacker.cut and not self.terms.deadline.over:
                piece = raw.read1(min(room, _PIECE), decode_content=False)
                if not piece:
                    break
                room -= len(piece)
                self.errand.bytes += len(piece)
                unpacker.take(piece)
                if ends_a_page(unpacker.body):
                    break
        except TROUBLE as error:
            failure, detail = failure_of(error), detail_of(error)
        body = bytes(unpacker.body)
        late = self.terms.deadline.over and not ends_a_page(body)
        if late:
            failure, detail = (None if len(body) >= _ENOUGH_OF_A_PAGE else "deadline"), ""
        return replace(
            answer,
            body=body,
            cut=unpacker.cut or not room or late,
            failure=failure,
            detail=detail,
        )

    def _has_room(self) -> bool:
        """Whether this body may be large, now or as soon as another one is done with."""
        if not self.errand.large:
            self.errand.large = self.client.take_room(self.terms.deadline.left)
        return self.errand.large

    def _most(self, answer: Answer) -> int:
        page = answer.media_type.startswith("text/") or "html" in answer.media_type
        of_use = page or not answer.media_type or answer.media_type.endswith(("json", "xml"))
        return self.bounds.unpacked if of_use else min(_ENOUGH_OF_A_FILE, self.bounds.unpacked)

    def _failed(self, failure: Failure, detail: str = "") -> Answer:
        """What went wrong after the end of the time went wrong because of it."""
        if self.terms.deadline.over:
            failure, detail = "deadline", ""
        return Answer(address=self.errand.address, failure=failure, detail=detail)


def ends_a_page(body: bytes | bytearray) -> bool:
    """Whether a page is whole, though its server says there is more and sends nothing."""
    return body[-64:].rstrip().lower().endswith(b"</html>")


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
