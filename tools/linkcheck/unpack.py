"""Compressed bodies piece by piece, never more of them than was asked for."""

import zlib
from collections.abc import Callable

# Bodies up to this size are kept without asking.
SMALL = 32_768
_GZIP, _ZLIB, _BARE = 31, 15, -15


class Unpacker:
    """Takes the bytes of the wire and keeps at most `most` unpacked ones.

    Before the body grows beyond what is small, `has_room` is asked whether it may.
    """

    def __init__(
        self, encoding: str, most: int, has_room: Callable[[], bool] = lambda: True
    ) -> None:
        self._encoding = encoding.strip().lower()
        self._most = most
        self._has_room = has_room
        self._stream: zlib._Decompress | None = None
        self.body = bytearray()
        self.cut = False

    def take(self, wire: bytes) -> None:
        """Unpack some more; `cut` says that something had to be left out."""
        if self.cut:
            return
        if self._encoding in ("", "identity"):
            self._keep(wire)
            return
        try:
            self._inflate(wire)
        except zlib.error:
            self.cut = True

    def _inflate(self, wire: bytes) -> None:
        if self._stream is None:
            self._stream = zlib.decompressobj(self._window(wire))
        while wire and not self.cut:
            # One byte over the limit tells a body that just fits from a longer one.
            left = self._most + 1 - len(self.body)
            self._keep(self._stream.decompress(wire, min(left, SMALL)))
            wire = self._stream.unconsumed_tail
            if self._stream.eof:
                return

    def _window(self, wire: bytes) -> int:
        """How this body was deflated: some servers leave out the header that the name asks for."""
        if self._encoding in ("gzip", "x-gzip"):
            return _GZIP
        if self._encoding != "deflate":
            raise zlib.error(f"unknown encoding {self._encoding}")
        headed = wire[0] & 15 == 8 and (len(wire) < 2 or (wire[0] << 8 | wire[1]) % 31 == 0)
        return _ZLIB if headed else _BARE

    def _keep(self, unpacked: bytes) -> None:
        room = self._most - len(self.body)
        if len(self.body) + len(unpacked) > SMALL and not self._has_room():
            room = max(SMALL - len(self.body), 0)
        self.body += unpacked[:room]
        self.cut = len(unpacked) > room
