"""One end for all that a GET waits for, drips of headers and bodies included."""

import heapq
import socket
import threading
from contextlib import suppress
from itertools import count
from time import monotonic
from types import TracebackType


class Deadline:
    """Shuts every connection that was opened under it when the seconds are over.

    A timeout of requests counts from the last byte, so a server that sends one byte at a time
    outlives any. What is shut here wakes whoever waits for it, even amid a TLS handshake.
    """

    def __init__(self, seconds: float) -> None:
        self.end = monotonic() + seconds
        self._lock = threading.Lock()
        self._watched: list[socket.socket] = []
        self._closed = False
        self.rang = False

    def __enter__(self) -> "Deadline":
        _ALARM.set(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:
            self._closed = True
            for twin in self._watched:
                twin.close()
            self._watched.clear()

    @property
    def left(self) -> float:
        """The seconds left, never less than a thousandth: sockets take 0 for another mode."""
        return 0.001 if self.rang else max(self.end - monotonic(), 0.001)

    @property
    def over(self) -> bool:
        """Whether the time has come."""
        return self.rang or monotonic() >= self.end

    def watch(self, opened: socket.socket) -> None:
        """Shut this connection as well when the time comes.

        A twin of the socket is kept, since TLS takes the first one apart and wraps it anew.
        """
        twin = opened.dup()
        with self._lock:
            self._watched.append(twin)
            if self.rang:
                _shut(twin)

    def ring(self) -> None:
        """End everything under it now."""
        with self._lock:
            if self._closed:
                return
            self.rang = True
            for twin in self._watched:
                _shut(twin)


class _Alarm:
    """One thread that rings every deadline at its time, and goes when none is left."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: list[tuple[float, int, Deadline]] = []
        self._number = count()
        self._running = False

    def set(self, deadline: Deadline) -> None:
        with self._changed:
            first = not self._waiting or deadline.end < self._waiting[0][0]
            heapq.heappush(self._waiting, (deadline.end, next(self._number), deadline))
            if not self._running:
                self._running = True
                threading.Thread(target=self._wait, daemon=True, name="deadlines").start()
            elif first:
                self._changed.notify()

    def _wait(self) -> None:
        while deadline := self._next_over():
            deadline.ring()

    def _next_over(self) -> Deadline | None:
        with self._changed:
            while self._waiting:
                left = self._waiting[0][0] - monotonic()
                if left <= 0:
                    return heapq.heappop(self._waiting)[2]
                self._changed.wait(left)
            self._running = False
            return None


_ALARM = _Alarm()


def _shut(twin: socket.socket) -> None:
    with suppress(OSError):  # The other side was faster.
        twin.shutdown(socket.SHUT_RDWR)
