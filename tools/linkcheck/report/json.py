"""A run as JSON for other programs: `{complete, started, finished, links}`."""

import json
import re
from typing import Any

from tools.linkcheck.report.plain import plain
from tools.model.link import CheckedLink, CheckReport

_HALF = re.compile("[\ud800-\udfff]")
# Harmless as escapes, while raw they end lines, turn text around or move a terminal.
_RISKY = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_LONGEST = 1_000

Record = dict[str, Any]


def to_json(report: CheckReport) -> str:
    """One object with a record a link, in the order they were checked; text is UTF-8."""
    return dumped(
        {
            "complete": report.complete,
            "started": report.started,
            "finished": report.finished,
            "links": [record(checked) for checked in report.links],
        },
        indent=1,
    )


def record(checked: CheckedLink) -> Record:
    """What a program is told of a link.

    `seconds`, `requests` and `bytes` (on the wire) are what it took; addresses are letter by
    letter, and a value of evidence is one line of at most 1000 characters.
    """
    judgement = checked.judgement
    return {
        "url": checked.url,
        "verdict": checked.verdict,
        "outcome": checked.outcome,
        "confirmed": checked.confirmed,
        "suggest": judgement.suggest,
        "final": judgement.final,
        "evidence": [
            {"kind": one.kind, "value": plain(one.value, _LONGEST)} for one in judgement.evidence
        ],
        "where": [{"path": place.path, "line": place.line} for place in checked.link.where],
        "seconds": checked.seconds,
        "requests": checked.requests,
        "bytes": checked.bytes,
    }


def dumped(value: Any, indent: int | None = None) -> str:
    """JSON that any encoding, terminal and reader of lines can take, with a line end last."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    whole = _HALF.sub("\ufffd", text)
    return _RISKY.sub(lambda match: f"\\u{ord(match[0]):04x}", whole) + "\n"
