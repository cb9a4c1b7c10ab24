"""The farm itself: one thread, any number of connections, each host with its plays and its book."""

import asyncio
import json
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.linkcheck.farm.names import HERE, PRIVATE, Ground
from tests.linkcheck.farm.plays import MISSING, Play, page
from tests.linkcheck.farm.record import Record
from tests.linkcheck.farm.visit import BUFFER, Asked, Connection, Visit
from tests.linkcheck.servers import CERTIFICATE

_BANNED = page("<h1>You have been banned</h1>", "429 Too Many Requests")
_BACKLOG = 1024


@dataclass(frozen=True, slots=True)
class Host:
    """What a host plays at each path; a query of its own goes before the path without any.

    One that `bans` refuses the rude for good.
    """

    plays: Mapping[str, Play] = field(default_factory=dict)
    otherwise: Play = MISSING
    bans: bool = False

    def play(self, path: str, record: Record) -> Play:
        """What it does now."""
        record.banned = record.banned or (self.bans and record.crowded)
        bare = self.plays.get(path.partition("?")[0], self.otherwise)
        return _BANNED if record.banned else self.plays.get(path, bare)


class Farm:
    """Hosts by name, `example.org:443` where https was asked for; all other names answer 404.

    `ground` says where it listens, `records` what was done to each host, `touched` how often
    somebody came to the private place.
    """

    def __init__(self, hosts: Mapping[str, Host]) -> None:
        self.hosts = hosts
        self.records: dict[str, Record] = {}
        self.touched = 0
        self._visits: Counter[tuple[str, str]] = Counter()
        self.ground = Ground(plain=0, sealed=0, mute=0, bare=0, closed=0, private=0)

    def record(self, host: str) -> Record:
        """The book of a host, empty where nobody came."""
        return self.records.setdefault(host, Record())

    def report(self) -> str:
        """All books as JSON, and how often the private place was touched."""
        books = {host: record.as_fields() for host, record in self.records.items()}
        return json.dumps({"hosts": books, "touched": self.touched})

    def connection(self, port: str = "") -> Connection:
        """A new connection to a host at that port."""

        async def answer(connection: Connection, asked: Asked) -> None:
            await self._answer(connection, asked, asked.host + port)

        return Connection(answer)

    async def _answer(self, connection: Connection, asked: Asked, host: str) -> None:
        record = self.record(host)
        self._visits[host, asked.path] += 1
        visit = Visit(connection, asked, record, self._visits[host, asked.path])
        try:
            await self.hosts.get(host, Host()).play(asked.path, record)(visit)
        finally:
            visit.leave()


class _Mute(asyncio.Protocol):
    """Takes a connection and says nothing, not even a word of TLS."""


class _Private(asyncio.Protocol):
    def __init__(self, farm: Farm) -> None:
        farm.touched += 1


@contextmanager
def farming(hosts: Mapping[str, Host]) -> Iterator[Farm]:
    """A farm that runs in a thread of its own."""
    farm = Farm(hosts)
    loop = asyncio.new_event_loop()
    # Broken handshakes and broken connections are what the farm is there for.
    loop.set_exception_handler(lambda *_: None)
    with _bound(HERE) as closed:
        farm.ground = loop.run_until_complete(_open(farm, closed.getsockname()[1]))
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        try:
            yield farm
        finally:
            loop.call_soon_threadsafe(_end, loop)
            thread.join()
            loop.close()


async def _open(farm: Farm, closed: int) -> Ground:
    sealed = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    sealed.load_cert_chain(CERTIFICATE)
    return Ground(
        plain=await _listening(HERE, farm.connection),
        sealed=await _listening(HERE, lambda: farm.connection(":443"), sealed),
        bare=await _listening(HERE, lambda: farm.connection(":443")),
        mute=await _listening(HERE, _Mute),
        private=await _listening(PRIVATE, lambda: _Private(farm)),
        closed=closed,
    )


async def _listening(
    host: str, protocol: Callable[[], asyncio.Protocol], sealed: ssl.SSLContext | None = None
) -> int:
    """The port of a new listener."""
    made = _bound(host)
    await asyncio.get_running_loop().create_server(
        protocol, sock=made, ssl=sealed, backlog=_BACKLOG
    )
    port: int = made.getsockname()[1]
    return port


def _bound(host: str) -> socket.socket:
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
    made.bind((host, 0))
    return made


def _end(loop: asyncio.AbstractEventLoop) -> None:
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.call_soon(loop.stop)
