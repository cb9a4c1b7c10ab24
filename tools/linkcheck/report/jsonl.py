"""A run as JSON Lines, one record a link, so that it can be written as the run goes on."""

from tools.linkcheck.report.json import dumped, record
from tools.model.link import CheckedLink, CheckReport


def to_jsonl(report: CheckReport) -> str:
    """All records, in the order they were checked."""
    return "".join(map(record_line, report.links))


def record_line(checked: CheckedLink) -> str:
    """The record of one link with its line end; the same record as in JSON."""
    return dumped(record(checked))
