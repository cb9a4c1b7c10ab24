"""Every name leads to the farm; some lead nowhere, and some to a private place."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from tools.linkcheck.networks import networks_of

HERE, PRIVATE = "127.0.0.1", "127.0.0.2"
ALLOWED = networks_of([HERE])


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The farm's ports: `plain` and `sealed` (TLS) hosts, `mute` ones, one that nobody listens at.

    `bare` speaks plain HTTP, for those who patch TLS away where https is asked for. `private`
    listens at another address, which only names of private places lead to. Names under `lost.test`
    are unknown, and all that are not `known` where some are; names under `closed.test` and in
    `refused` lead to the closed port.
    """

    plain: int
    sealed: int
    bare: int
    mute: int
    closed: int
    private: int
    known: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    def place(self, host: str, port: int | None) -> tuple[str, int]:
        """Where a name leads; raises what a look-up raises where there is no such name."""
        host.encode("idna")
        name = host.rstrip(".").lower()
        unknown = self.known and name not in (*self.known, *self.refused)
        if unknown or name.endswith("lost.test"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        if name == "localhost" or name.endswith(("private.test", ".local", ".localhost")):
            return PRIVATE, self.private
        if name in self.refused or name.endswith("closed.test"):
            return HERE, self.closed
        if name.endswith("mute.test"):
            return HERE, self.mute
        return HERE, self.sealed if port == 443 else self.plain


@contextmanager
def resolving(ground: Ground) -> Iterator[list[str]]:
    """All names lead to the farm, whatever port was asked for; numeric addresses stay.

    Gives the addresses outside of the farm that somebody tries to connect to; none can be reached.
    """
    outside: list[str] = []
    asked, connect = socket.getaddrinfo, socket.socket.connect

    def getaddrinfo(host: Any, port: Any, *more: Any, **named: Any) -> Any:
        if host is None or _is_numeric(str(host)):
            return asked(host, port, *more, **named)
        place = ground.place(str(host), int(port) if port else None)
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", place)]

    def inside(made: socket.socket, address: Any) -> None:
        if made.family != socket.AF_UNIX and address[0] not in (HERE, PRIVATE):
            outside.append(str(address[0]))
            raise OSError(f"{address[0]} is not on the farm")
        connect(made, address)

    # By hand: what the standard library has for this loads more than a checker needs in all.
    with _replaced(socket, "getaddrinfo", getaddrinfo), _replaced(socket.socket, "connect", inside):
        yield outside


@contextmanager
def _replaced(where: Any, name: str, stand_in: Any) -> Iterator[None]:
    before = getattr(where, name)
    setattr(where, name, stand_in)
    try:
        yield
    finally:
        setattr(where, name, before)


def _is_numeric(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        # `127.1` and `2130706433` are numbers to a resolver.
        return host.replace(".", "").isdecimal()
    return True
