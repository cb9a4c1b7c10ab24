"""The catalog as a table for spreadsheets, one row a resource, with the fields of the JSON."""

import csv
import io
from typing import Any

from tools.exchange.exporters.json import Record, records
from tools.model.catalog import Catalog

COLUMNS = (
    "id", "title", "authors", "published", "kind", "language", "level", "minutes", "topics",
    "rating", "highlight", "progress", "summary_en", "summary_zh", "url", "alternates",
)  # fmt: skip

# Without this mark Excel takes UTF-8 for the machine's old encoding and spoils every Chinese title.
# Programs that do not skip it themselves read the file as "utf-8-sig".
MARK = "\ufeff"
# A spreadsheet computes a cell that begins with one of these, the full-width ones in East Asia too.
_FORMULA = tuple("=+-@＝＋－＠\t\r\n")


def to_csv(catalog: Catalog) -> str:
    """All resources by id under a line of headings, with the line ends of RFC 4180."""
    table = io.StringIO(newline="")
    writer = csv.DictWriter(table, COLUMNS, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(map(_row, records(catalog)))
    return MARK + table.getvalue()


def _row(record: Record) -> dict[str, str]:
    summaries = {f"summary_{language}": text for language, text in record["summary"].items()}
    return {name: cell(value) for name, value in (record | summaries).items()}


def cell(value: Any) -> str:
    """A value as text that no spreadsheet computes.

    An apostrophe goes before a formula, and before an apostrophe: whoever takes away the one that
    a cell begins with has the catalog's own text again.
    """
    if isinstance(value, list):
        value = "; ".join(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith((*_FORMULA, "'")) else text
