"""Which numeric addresses belong to the public Internet."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
_Address = IPv4Address | IPv6Address

# Azure hands its machines their configuration at this address, which is public by number only.
_METADATA = (ip_address("168.63.129.16"),)
# DNS64 and NAT64 (RFC 6052): the IPv4 address stands in the last four bytes.
_NAT64 = IPv6Network("64:ff9b::/96")


def is_public(address: str, allowed: Iterable[Network] = ()) -> bool:
    """Whether a numeric address may be connected to: public, or in a network allowed on purpose."""
    judged = list(_really_meant(ip_address(address)))
    if any(one in network for one in judged for network in allowed):
        return True
    return all(_public(one) for one in judged)


def _really_meant(address: _Address) -> Iterator[_Address]:
    """The IPv4 address inside an IPv6 one where the system, or a translator, would go there."""
    if isinstance(address, IPv6Address):
        if inside := address.ipv4_mapped or address.sixtofour:
            yield inside
            return
        if address in _NAT64:
            yield IPv4Address(int(address) & 0xFFFFFFFF)
            return
    yield address


def _public(address: _Address) -> bool:
    refused = address.is_multicast or address.is_reserved or address in _METADATA
    old_private = isinstance(address, IPv6Address) and address.is_site_local
    return address.is_global and not refused and not old_private


def networks_of(texts: Iterable[str]) -> tuple[Network, ...]:
    """The networks that CIDR texts name; raises ValueError for any other text."""
    return tuple(ip_network(text, strict=False) for text in texts)
