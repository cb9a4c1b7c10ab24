"""The rules that concern the whole catalog: ids, references, order, one resource an address."""

from collections.abc import Iterator

from tools.model.catalog import Catalog
from tools.model.problem import Fault
from tools.model.resource import resource_faults
from tools.model.rules.addresses import address_faults
from tools.model.rules.ids import id_faults
from tools.model.rules.order import order_faults
from tools.model.rules.parts import part_faults
from tools.model.rules.references import NOTHING_UNREAD, Unread, reference_faults

__all__ = ["Unread", "catalog_faults"]


def catalog_faults(catalog: Catalog, unread: Unread = NOTHING_UNREAD) -> Iterator[Fault]:
    """Every broken rule of a catalog whose files could be read."""
    for resource in catalog.resources.values():
        for where, message in resource_faults(resource):
            yield Fault(resource.file, where, message)
    yield from id_faults(catalog)
    yield from reference_faults(catalog, unread)
    yield from address_faults(catalog)
    yield from order_faults(catalog)
    yield from part_faults(catalog)
