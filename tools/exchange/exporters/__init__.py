"""Every export format by name."""

from collections.abc import Callable, Mapping

from tools.exchange.exporters.json import to_json
from tools.model.catalog import Catalog

Exporter = Callable[[Catalog], str]

EXPORTERS: Mapping[str, Exporter] = {"json": to_json}
