"""Which numeric addresses are public; what looks private in IPv6 may be a public host behind it."""

import pytest

from tools.linkcheck.networks import is_public, networks_of


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"],
)
def test_public_addresses_in_every_form(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "64:ff9b:1::1", "fec0::1",
     "fe80::1%eth0", "100.64.0.1", "255.255.255.255", "233.252.0.1", "ff0e::1", "2001:db8::1"],
)  # fmt: skip
def test_all_others_are_refused(address: str) -> None:
    assert not is_public(address)


def test_a_network_may_be_allowed_on_purpose() -> None:
    allowed = networks_of(["10.1.0.0/16", "fd00::/8"])
    assert is_public("10.1.2.3", allowed)
    assert is_public("::ffff:10.1.2.3", allowed)
    assert is_public("fd12::1", allowed)
    assert is_public("8.8.8.8", allowed)
    assert not is_public("10.2.0.1", allowed)


@pytest.mark.parametrize("text", ["", "everything", "10.0.0.0/33", "example.org"])
def test_what_is_no_network_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="does not appear to be"):
        networks_of([text])
