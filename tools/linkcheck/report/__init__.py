"""Every report format by name: a run over links as one text."""

from collections.abc import Callable, Mapping

from tools.linkcheck.report.github import to_github
from tools.linkcheck.report.json import to_json
from tools.linkcheck.report.jsonl import to_jsonl
from tools.linkcheck.report.junit import to_junit
from tools.linkcheck.report.markdown import to_markdown
from tools.linkcheck.report.sarif import to_sarif
from tools.linkcheck.report.text import to_text
from tools.model.link import CheckReport
from tools.model.words import SiteLanguage

Write = Callable[[CheckReport, SiteLanguage], str]


def _for_programs(write: Callable[[CheckReport], str]) -> Write:
    """For formats that no person reads, so that they need no language."""
    return lambda report, language: write(report)


# Each text ends with a line end, and the same report always gives the same text.
REPORTS: Mapping[str, Write] = {
    "text": to_text,
    "json": _for_programs(to_json),
    "jsonl": _for_programs(to_jsonl),
    "markdown": to_markdown,
    "junit": to_junit,
    "sarif": to_sarif,
    "github": to_github,
}
