"""What an address can do to whoever asks for it, small and to be put together."""

import zlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache

from tests.linkcheck.farm.visit import Visit
from tests.linkcheck.servers import END, answer

Play = Callable[[Visit], Awaitable[None]]
Body = str | bytes

_PIECE = 65_536
_BLOCK = 1_000_000
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"


def page(body: Body, status: str = "200 OK", **headers: str) -> Play:
    """A whole answer; `content_type` names the header Content-Type, an empty one is left out."""
    packed = body.encode() if isinstance(body, str) else body
    named = {"content_type": "text/html; charset=utf-8", "Connection": "keep-alive"} | headers
    return told(answer(packed, status, **{name: value for name, value in named.items() if value}))


def told(content: bytes) -> Play:
    """Exactly these bytes, and only their head where only the head was asked for."""

    async def play(visit: Visit) -> None:
        head, _, _ = content.partition(END)
        await visit.finish(head + END if visit.asked.method == "HEAD" else content)

    return play


def broken_off(content: bytes) -> Play:
    """Exactly these bytes, then the end of the connection."""

    async def play(visit: Visit) -> None:
        await visit.write(content)
        visit.hang_up()

    return play


MISSING = page("<title>404 Not Found</title><h1>Not Found</h1>", "404 Not Found")


def sent_on(location: str, status: str = "302 Found", **headers: str) -> Play:
    """A redirect; a location beyond ASCII goes out as UTF-8."""
    return page("", status, Location=location, **headers)


def after(seconds: float, play: Play) -> Play:
    """The same, later."""

    async def later(visit: Visit) -> None:
        await visit.pause(seconds)
        await play(visit)

    return later


def by_turns(*plays: Play) -> Play:
    """Another one each time its address is asked for; the last one from then on."""

    async def play(visit: Visit) -> None:
        await plays[min(visit.nth, len(plays)) - 1](visit)

    return play


def by_method(head: Play, get: Play) -> Play:
    """One for HEAD and one for the rest."""

    async def play(visit: Visit) -> None:
        await (head if visit.asked.method == "HEAD" else get)(visit)

    return play


def by_cookie(name: str, there: Play, missing: Play) -> Play:
    """One for whoever sends a cookie of that name, and one for the others."""

    async def play(visit: Visit) -> None:
        await (there if f"{name}=" in visit.asked.cookies else missing)(visit)

    return play


def busy(status: str, seconds: float | None, dated: bool = False) -> Play:
    """A plea to be left alone, for so many seconds or without a word of how long."""

    async def play(visit: Visit) -> None:
        headers = {}
        if seconds is not None:
            visit.beg(seconds)
            # A date is in whole seconds: rounded up, it asks for no less than what is counted.
            end = datetime.now(UTC) + timedelta(seconds=seconds + 1)
            headers["Retry_After"] = format_datetime(end, True) if dated else f"{seconds:.0f}"
        await page("<h1>Slow down</h1>", status, **headers)(visit)

    return play


def reset(start: bytes = b"", pause: float = 0.02) -> Play:
    """The start of an answer, then a reset; the pause lets the start arrive before it."""

    async def play(visit: Visit) -> None:
        await visit.write(start)
        await visit.pause(pause)
        visit.reset()

    return play


def dripping(start: bytes, drop: bytes, every: float = 0.1) -> Play:
    """The start of an answer, then a drop now and then, as long as somebody listens."""

    async def play(visit: Visit) -> None:
        await visit.write(start)
        while not visit.gone:
            await visit.pause(every)
            await visit.write(drop)

    return play


def silent(start: bytes = b"") -> Play:
    """The start of an answer, or nothing of it, and then nothing more."""

    async def play(visit: Visit) -> None:
        await visit.write(start)
        while not visit.gone:
            await visit.pause(60)

    return play


def flood(start: bytes, size: int, piece: bytes = b"<p>and so on</p>" * 4096) -> Play:
    """The start of an answer, then so many bytes, as fast as they are taken."""

    async def play(visit: Visit) -> None:
        await visit.write(start)
        for _ in range(size // len(piece)):
            if visit.gone:
                return
            await visit.write(piece)
        visit.hang_up()

    return play


def bomb(size: int) -> Play:
    """A small gzip body that unpacks to so many bytes of the letter `a`."""

    async def play(visit: Visit) -> None:
        packed = packed_bomb(size)
        head = HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d" % len(packed) + END
        await visit.write(head)
        for start in range(0, len(packed), _PIECE):
            await visit.write(packed[start : start + _PIECE])

    return play


@cache
def packed_bomb(size: int) -> bytes:
    """Equal blocks, each packed by itself, so that a gigabyte takes no time to make.

    Its last bytes, a checksum, are wrong; who gets that far has unpacked everything.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b"a" * _BLOCK) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * (size // _BLOCK) + packer.flush()
