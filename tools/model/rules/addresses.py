"""One resource an address: in any spelling, it leads to one place of the catalog."""

from collections.abc import Iterator

from tools.model.address import address_key
from tools.model.catalog import Catalog
from tools.model.problem import Fault, Where, found
from tools.model.resource import Resource
from tools.model.text import is_web_address, repeated


def address_faults(catalog: Catalog) -> Iterator[Fault]:
    """Addresses told twice, addresses of two resources, and twin hosts that are no hosts."""
    owner: dict[str, Resource] = {}
    for resource in catalog.resources.values():
        for n, address in repeated(resource.addresses):
            message = f"found {address!r} twice, expected every address once"
            yield Fault(resource.file, ("aliases", n - 1), message)
        for n, address in enumerate(resource.addresses):
            key = _key(address, catalog)
            first = owner.setdefault(key, resource) if key else resource
            if first.id != resource.id:
                where: Where = ("aliases", n - 1) if n else ("url",)
                message = f"found {address!r}, which is {first.id}"
                yield Fault(resource.file, where, f"{message}, expected one resource an address")
    for n, group in enumerate(catalog.site.twin_hosts):
        for m, place in enumerate(group):
            if "://" in place or not is_web_address(f"https://{place}"):
                where = ("twin_hosts", n, m)
                yield Fault("site.yml", where, found(place, "a host or host/path without scheme"))


def _key(address: str, catalog: Catalog) -> str:
    try:
        return address_key(address, catalog.address_rules)
    except ValueError:
        return ""  # Not an address at all, which `resource_faults` says.
