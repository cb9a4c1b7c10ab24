"""What an exclude covers: a host, a part of a host, or one address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.model.exclude import Exclude

X = "https://x.example"


def covers(pattern: str, address: str) -> bool:
    return Exclude(pattern=pattern, reason="r", until="2027-01-01").covers(address)


@pytest.mark.parametrize(
    ("pattern", "address"),
    [
        ("x.example", X),
        ("X.example", "http://x.EXAMPLE.:8080/a?b#c"),
        ("*.example", f"{X}/a"),
        ("x.example/", X),
        ("x.example/", f"{X}/"),
        ("x.example/p/*", f"{X}/p/1/2?b#c"),
        ("x.example/p/*", f"{X}/p/"),
        ("x.example/*.pdf", f"{X}/a/b.pdf"),
        ("x.example/p?b=*", f"{X}/p?b=1"),
        ("x.example/p", f"{X}/p#part"),
        (f"{X}/p?b#c", f"{X}/p?b#c"),
        ("https://[broken/p", "https://[broken/p"),
    ],
)
def test_covered(pattern: str, address: str) -> None:
    assert covers(pattern, address)


@pytest.mark.parametrize(
    ("pattern", "address"),
    [
        ("x.example", "https://www.x.example/"),
        ("x.example", "https://x.example.evil/"),
        ("x.example", "https://y.example/x.example"),
        ("*.x.example", X),
        ("x.example/p", f"{X}/p/1"),
        ("x.example/p", f"{X}/p?b"),
        ("x.example/P", f"{X}/p"),
        ("x.example/", f"{X}/p"),
        ("x.example/p?*", f"{X}/pp"),
        (f"{X}/p", f"{X}/p#c"),
        (f"{X}/*", f"{X}/p"),
        ("x.example/p.", f"{X}/pa"),
        ("*", "https://[broken/p"),
    ],
)
def test_not_covered(pattern: str, address: str) -> None:
    assert not covers(pattern, address)


@given(st.text(alphabet="abc/.?=%(+", max_size=12))
def test_signs_of_regular_expressions_stand_for_themselves(path: str) -> None:
    address = f"{X}/{path.rstrip('?')}"
    assert covers(address, address)
    assert covers(address.removeprefix("https://"), address)
    assert not covers(address.removeprefix("https://"), f"{address}d")
