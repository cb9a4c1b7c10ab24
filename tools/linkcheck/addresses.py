"""Small questions about addresses that signs and providers ask; none of them ever raises."""

from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

from tools.model.text import is_web_address


def parts_of(address: str) -> SplitResult:
    """The parts of a web address; empty ones of anything else."""
    return urlsplit(address if is_web_address(address) else "")


def belongs_to(host: str, domains: Iterable[str]) -> bool:
    """Whether a host is one of these domains, or stands below one of them."""
    above = host.split(".")
    names = {".".join(above[n:]) for n in range(len(above))}
    return not names.isdisjoint(domains)
