"""Unpacking takes no more room than what is kept of it."""

import gzip
import tracemalloc
import zlib

import pytest

from tools.linkcheck.unpack import Unpacker

BOMB = b"\0" * 20_000_000


@pytest.mark.parametrize(
    ("name", "packed"), [("gzip", gzip.compress(BOMB, mtime=0)), ("deflate", zlib.compress(BOMB))]
)
def test_a_bomb_takes_no_room(name: str, packed: bytes) -> None:
    unpacker = Unpacker(name, 50_000)
    tracemalloc.start()
    for start in range(0, len(packed), 4096):
        unpacker.take(packed[start : start + 4096])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (len(unpacker.body), unpacker.cut) == (50_000, True)
    assert peak < 500_000


@pytest.mark.parametrize(
    ("name", "packed"),
    [
        ("gzip", gzip.compress(b"flour and water", mtime=0)),
        ("deflate", zlib.compress(b"flour and water")),
        ("deflate", zlib.compress(b"flour and water")[2:-4]),
        ("", b"flour and water"),
    ],
)
def test_what_comes_byte_by_byte_is_unpacked_as_well(name: str, packed: bytes) -> None:
    unpacker = Unpacker(name, 100)
    for byte in packed:
        unpacker.take(bytes([byte]))
    assert (unpacker.body, unpacker.cut) == (b"flour and water", False)
