"""Small servers on this machine that answer as a test says, byte by byte."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

Reply = Callable[[socket.socket, str], None]
CERTIFICATE = Path(__file__).parent / "self-signed.pem"
END = b"\r\n\r\n"


@dataclass
class Server:
    """Where it listens, and the request heads that came."""

    port: int
    host: str = "127.0.0.1"
    heads: list[str] = field(default_factory=list)

    def at(self, path: str = "/", scheme: str = "http") -> str:
        return f"{scheme}://{self.host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [head.split(" ")[1] for head in self.heads]


def answer(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """A whole answer; `content_type` names the header Content-Type."""
    named = {"Content-Length": str(len(body)), "Connection": "close"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in named.items())]
    return "\r\n".join(lines).encode("utf-8") + END + body


@contextmanager
def serving(
    reply: Reply, host: str = "127.0.0.1", greeting: bytes = b"", tls: bool = False
) -> Iterator[Server]:
    """A server whose every connection is handed to `reply` with the path that was asked for.

    A `greeting` is said before anybody asks.
    """
    listening = socket.create_server((host, 0))
    if tls:
        sealed = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        sealed.load_cert_chain(CERTIFICATE)
    server = Server(listening.getsockname()[1], host)
    threads: list[threading.Thread] = []

    def served(connection: socket.socket) -> None:
        with (
            suppress(OSError),
            sealed.wrap_socket(connection, True) if tls else connection as connection,
        ):
            connection.sendall(greeting)
            head = _head(connection)
            if head:
                server.heads.append(head)
                reply(connection, head.split(" ")[1])

    def accepting() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                threads.append(threading.Thread(target=served, args=(connection,), daemon=True))
                threads[-1].start()

    accepted = threading.Thread(target=accepting, daemon=True)
    accepted.start()
    try:
        yield server
    finally:
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        for thread in (accepted, *threads):
            thread.join(2)


def _head(connection: socket.socket) -> str:
    received = b""
    while END not in received:
        piece = connection.recv(4096)
        if not piece:
            return ""
        received += piece
    return received.decode("latin-1")
