"""One connection to the farm, and one request on it while it is being answered."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

from tests.linkcheck.farm.record import Record
from tests.linkcheck.servers import END

# A small buffer, so that what the system took counts as what the client took.
BUFFER = 65_536
_LONGEST_HEAD = 65_536
# A linger of no seconds makes the system send a reset in place of a goodbye.
_NO_GOODBYE = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Asked:
    """What stood in the head of a request; `host` without its port, `path` with its query."""

    method: str
    path: str
    headers: Mapping[str, str]

    @classmethod
    def of(cls, head: str) -> "Asked":
        """The request that begins with this head; nothing of it may be amiss."""
        first, *lines = head.split("\r\n")
        method, path, _ = first.split(" ", 2)
        named = (line.partition(":") for line in lines)
        return cls(method, path, {name.lower(): value.strip() for name, _, value in named})

    @property
    def host(self) -> str:
        """The name that led here."""
        return self.headers.get("host", "").partition(":")[0].lower()

    @property
    def cookies(self) -> str:
        """The cookies that came, as they came."""
        return self.headers.get("cookie", "")


class Connection(asyncio.Protocol):
    """Reads heads of requests, has each answered, and knows when nobody listens any more."""

    transport: asyncio.Transport

    def __init__(self, answer: Callable[["Connection", Asked], Awaitable[None]]) -> None:
        self._answer = answer
        self._received = b""
        self._came = asyncio.Event()
        self.gone, self.room = asyncio.Event(), asyncio.Event()
        self.room.set()
        self.visit: Visit | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.set_write_buffer_limits(BUFFER)
        self._serving = asyncio.ensure_future(self._serve())

    def data_received(self, data: bytes) -> None:
        self._received += data
        self._came.set()
        if len(self._received) > _LONGEST_HEAD:
            self.transport.abort()

    def eof_received(self) -> None:
        self.connection_lost(None)

    def connection_lost(self, exc: Exception | None) -> None:
        # Now and not when the play wakes up: the next request may already be at the door.
        if self.visit:
            self.visit.leave()
        for event in (self.gone, self.room, self._came):
            event.set()

    def pause_writing(self) -> None:
        self.room.clear()

    def resume_writing(self) -> None:
        self.room.set()

    async def _serve(self) -> None:
        while head := await self._head():
            await self._answer(self, Asked.of(head))
        self.transport.close()

    async def _head(self) -> str:
        while END not in self._received and not self.gone.is_set():
            self._came.clear()
            await self._came.wait()
        head, found, self._received = self._received.partition(END)
        return head.decode("latin-1") if found and not self.transport.is_closing() else ""


class Visit:
    """One request while it is answered: the ways to answer it, and what its host remembers.

    `nth` counts the requests that the address got, this one included.
    """

    def __init__(self, connection: Connection, asked: Asked, record: Record, nth: int) -> None:
        self.asked, self.nth = asked, nth
        self._record, self._connection = record, connection
        self._sent = 0
        self._here = True
        connection.visit = self
        record.arrive(asked.method, asked.path, monotonic())

    @property
    def gone(self) -> bool:
        """Whether nobody listens any more."""
        return self._connection.gone.is_set() or self._connection.transport.is_closing()

    async def pause(self, seconds: float) -> None:
        """Wait, but no longer than somebody listens."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._connection.gone.wait(), seconds)

    async def write(self, content: bytes) -> None:
        """Send a part of an answer, no faster than it is taken."""
        await asyncio.sleep(0)  # Who takes everything at once must not keep others waiting.
        await self._connection.room.wait()
        if not self.gone:
            self._connection.transport.write(content)
            self._sent += len(content)

    async def finish(self, content: bytes) -> None:
        """Send all that is left: who is about to have it does not count as asking any more."""
        self._sent += len(content)
        self.leave()
        if not self.gone:
            self._connection.transport.write(content)

    def beg(self, seconds: float) -> None:
        """Ask to be left alone from now on."""
        self._record.beg(monotonic(), seconds)

    def leave(self) -> None:
        """Be over, if it is not yet."""
        if self._here:
            self._here = False
            untaken = self._connection.transport.get_write_buffer_size()
            self._record.leave(self._sent - untaken)

    def hang_up(self) -> None:
        """End the connection in good order."""
        self.leave()
        self._connection.transport.close()

    def reset(self) -> None:
        """Break the connection off: the other side meets an error, not an end."""
        self.leave()
        made = self._connection.transport.get_extra_info("socket")
        made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_GOODBYE)
        self._connection.transport.abort()
