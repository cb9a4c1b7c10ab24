"""Connections that only open to places they may open to, and end when their time is over."""

import socket
import ssl
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPException, HTTPResponse
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.ssl_ import create_urllib3_context

from tools.linkcheck.answer import Failure
from tools.linkcheck.deadline import Deadline
from tools.linkcheck.networks import Network, is_public

# Names that only a network of one's own knows; a proxy would look them up there.
_INNER_NAMES = (".internal", ".local", ".localhost", ".home.arpa")
# The system lets a buffer grow to megabytes, and a sender fill it, while nobody reads.
_RECEIVE_BUFFER = 131_072
_LONGEST_HEAD = 200_000

Place = tuple[int, int, int, str, Any]  # What `getaddrinfo` gives for one way to a host.
Places = dict[tuple[str, int | None], list[Place]]


class NoAnswer(Exception):
    """Why no connection was made."""

    def __init__(self, failure: Failure, detail: str = "") -> None:
        super().__init__(failure, detail)
        self.failure: Failure = failure
        self.detail = detail


class Held(Exception):
    """A connection was made, and closed again because nothing may be asked now."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the connections of one GET have to keep to.

    `known` hosts are not looked up again; `held` says whether a host must not be asked after all.
    """

    deadline: Deadline
    allowed: tuple[Network, ...] = ()
    known: Places = field(default_factory=dict)
    held: Callable[[], bool] = lambda: False


# urllib3 makes its connections itself, so what they keep to reaches them past it.
TERMS: ContextVar[Terms] = ContextVar("TERMS")


def places_of(host: str, port: int | None, terms: Terms) -> list[Place]:
    """Every numeric address of a host; raises NoAnswer where none is found in time.

    A resolver that hangs cannot be woken, so it is left behind in a thread of its own.
    """
    if (host, port) in terms.known:
        return terms.known[host, port]
    found: SimpleQueue[list[Place] | Exception] = SimpleQueue()
    Thread(target=lambda: found.put(_looked_up(host, port)), daemon=True).start()
    try:
        places = found.get(timeout=terms.deadline.left)
    except Empty:
        raise NoAnswer("deadline", f"while looking for {host}") from None
    if isinstance(places, Exception) or not places:
        raise NoAnswer("name", host)
    terms.known[host, port] = places
    return places


def judge_behind_proxy(address: str, terms: Terms) -> None:
    """Refuse what the proxy would look up in a private network, as far as can be seen from here."""
    host = urlsplit(address).hostname or ""
    try:
        places = places_of(host, None, terms)
    except NoAnswer as error:
        inner = "." not in host or host.rstrip(".").endswith(_INNER_NAMES)
        if error.failure == "name" and not inner:
            return  # Behind many proxies only the proxy knows names.
        raise NoAnswer("private", host) from None
    if not all(_may_open(place, terms) for place in places):
        raise NoAnswer("private", f"{host} is {places[0][4][0]}")


def _may_open(place: Place, terms: Terms) -> bool:
    """Whether the terms allow to connect to this numeric address."""
    return is_public(place[4][0], terms.allowed)


def _looked_up(host: str, port: int | None) -> list[Place] | Exception:
    try:
        return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except (OSError, UnicodeError) as error:  # UnicodeError: a label that no host can have.
        return error


def _opened(host: str, port: int | None, options: Any, proxy: bool) -> socket.socket:
    """A connection to the first address that answers; a proxy is where the user wants to go.

    The numeric address that was judged is the one connected to: no second look-up can differ.
    """
    terms = TERMS.get()
    try:
        places = places_of(host, port, terms)
    except NoAnswer as error:
        raise NoAnswer("proxy" if proxy else error.failure, error.detail) from None
    open_to = [place for place in places if proxy or _may_open(place, terms)]
    if not open_to:
        raise NoAnswer("private", f"{host} is {places[0][4][0]}")
    for n, place in enumerate(open_to):
        # Each address gets its share, so that one which swallows everything leaves time for others.
        if made := _connected(place, terms.deadline.left / (len(open_to) - n), options):
            if terms.held():
                made.close()
                raise Held
            terms.deadline.watch(made)
            made.settimeout(terms.deadline.left)
            return made
    raise NoAnswer("proxy" if proxy else "connect", host)


def _connected(place: Place, seconds: float, options: Sequence[Any]) -> socket.socket | None:
    family, kind, protocol, _, address = place
    try:
        made = socket.socket(family, kind, protocol)
    except OSError:  # A system without IPv6.
        return None
    try:
        for option in options or ():
            made.setsockopt(*option)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        made.settimeout(seconds)
        made.connect(address)
    except OSError:
        made.close()
        return None
    return made


class _Head:
    """Lines of a head, up to a bound: Python allows a hundred of 64 kB each, which is none."""

    def __init__(self, lines: BinaryIO) -> None:
        self._lines = lines
        self._left = _LONGEST_HEAD

    def readline(self, most: int = -1) -> bytes:
        line = self._lines.readline(most)
        self._left -= len(line)
        if self._left < 0:
            raise HTTPException("the head of the answer has no end")
        return line

    def close(self) -> None:
        self._lines.close()

    def flush(self) -> None:
        self._lines.flush()


class _Response(HTTPResponse):
    def begin(self) -> None:
        """Read the head, within its bound."""
        lines: Any = self.fp
        head: Any = _Head(lines)
        self.fp = head
        try:
            super().begin()
        finally:
            if self.fp is head:
                self.fp = lines


class _Plain(HTTPConnection):
    response_class = _Response

    def _new_conn(self) -> socket.socket:
        return _opened(self._dns_host, self.port, self.socket_options, self.proxy is not None)


class _Secure(HTTPSConnection):
    response_class = _Response

    def _new_conn(self) -> socket.socket:
        return _opened(self._dns_host, self.port, self.socket_options, self.proxy is not None)

    def connect(self) -> None:
        """Trust as requests does, with certificates read once and not for every connection."""
        if self.ssl_context is None and (self.ca_certs or self.ca_cert_dir):
            self.ssl_context = _trusting(self.ca_certs, self.ca_cert_dir)
            self.ca_certs = self.ca_cert_dir = None
        super().connect()


@cache
def _trusting(file: str | None, folder: str | None) -> ssl.SSLContext:
    context = create_urllib3_context()
    context.load_verify_locations(file, folder)
    return context


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


POOLS = {"http": _PlainPool, "https": _SecurePool}
