"""One end for all that a GET waits for, drips of headers and bodies included."""

import socket
import threading
from contextlib import suppress
from time import monotonic
from types import TracebackType


class Deadline:
    """Shuts every connection that was opened under it when the seconds are over.

    A timeout of requests counts from the last byte, so a server that sends one byte at a time
    outlives any. What is shut here wakes whoever waits for it, even amid a TLS handshake.
    """

    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds
        self._timer = threading.Timer(seconds, self._ring)
        self._timer.daemon = True
        self._lock = threading.Lock()
        self._watched: list[socket.socket] = []
        self.rang = False

    def __enter__(self) -> "Deadline":
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        self._timer.join()
        with self._lock:
            for twin in self._watched:
                twin.close()
            self._watched.clear()

    @property
    def left(self) -> float:
        """The seconds left, never less than a thousandth: sockets take 0 for another mode."""
        return max(self._end - monotonic(), 0.001)

    @property
    def over(self) -> bool:
        """Whether the time has come."""
        return self.rang or monotonic() >= self._end

    def watch(self, opened: socket.socket) -> None:
        """Shut this connection as well when the time comes.

        A twin of the socket is kept, since TLS takes the first one apart and wraps it anew.
        """
        twin = opened.dup()
        with self._lock:
            self._watched.append(twin)
            if self.rang:
                _shut(twin)

    def _ring(self) -> None:
        with self._lock:
            self.rang = True
            for twin in self._watched:
                _shut(twin)


def _shut(twin: socket.socket) -> None:
    with suppress(OSError):  # The other side was faster.
        twin.shutdown(socket.SHUT_RDWR)
