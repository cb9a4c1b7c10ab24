"""Parts of resources on reading lists: as long as something, and no longer than the whole."""

from collections.abc import Iterator

from tools.model.catalog import Catalog
from tools.model.problem import Fault, found


def part_faults(catalog: Catalog) -> Iterator[Fault]:
    """Minutes of a part that cannot be."""
    for n, topic in enumerate(catalog.topics):
        for m, reading in enumerate(topic.reading):
            resource = catalog.resources.get(reading.resource)
            whole = resource.minutes if resource else None
            if reading.minutes is None or (1 <= reading.minutes <= (whole or reading.minutes)):
                continue
            expected = f"1 to {whole} minutes, the whole resource" if whole else "1 or more minutes"
            where = (n, "reading", m, "minutes")
            yield Fault("topics.yml", where, found(reading.minutes, expected))
