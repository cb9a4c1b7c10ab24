"""Progress as a table for spreadsheets, one row a subject."""

import csv
import io
from collections.abc import Sequence

from tools.exchange.exporters.csv import MARK, cell
from tools.model.reading_log import Logged
from tools.model.resource import Resource
from tools.model.words import SiteLanguage

COLUMNS = (
    "subject", "title", "topic", "status", "since", "rating", "minutes", "note", "url",
    "in_catalog",
)  # fmt: skip


def to_csv(log: Sequence[Logged], language: SiteLanguage) -> str:
    """All subjects under a line of headings; what nobody said is an empty cell."""
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in log:
        said = one.state
        url = one.thing.url if isinstance(one.thing, Resource) else None
        topic = one.topic.id if one.topic else None
        values = (
            one.subject, one.title(language), topic, said.status, said.since, said.rating,
            said.spent, said.note, url, one.thing is not None,
        )  # fmt: skip
        writer.writerow(map(cell, values))
    return MARK + table.getvalue()
