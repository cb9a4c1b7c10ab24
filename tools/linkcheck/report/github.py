"""A run as annotations on a pull request: workflow commands that GitHub's runner obeys."""

from tools.linkcheck.report.order import is_confirmed, to_tell
from tools.linkcheck.report.plain import plain, plain_address
from tools.linkcheck.report.verdicts import MEANINGS
from tools.linkcheck.report.words import account, remarks, summary, title_of
from tools.model.link import CheckedLink, CheckReport
from tools.model.words import SiteLanguage, Words

_COLON = Words(": ", "：")


def to_github(report: CheckReport, language: SiteLanguage) -> str:
    """An error for what is broken beyond doubt, a warning for what may be, a notice for moved.

    Errors come first, since GitHub shows ten annotations of a level and step.
    """
    told = sorted(to_tell(report), key=lambda one: not is_confirmed(one))
    lines = [_annotation(checked, language) for checked in told]
    lines += [f"::warning::{_escaped(remark)}" for remark in remarks(report, language)]
    return "".join(f"{line}\n" for line in [*lines, summary(report, language)])


def _annotation(checked: CheckedLink, language: SiteLanguage) -> str:
    properties = {"title": title_of(checked, language)}
    if checked.link.where:
        path, line = plain(checked.place.path), checked.place.line
        properties = {"file": path} | ({"line": str(line)} if line else {}) | properties
    written = ",".join(f"{name}={_escaped_property(value)}" for name, value in properties.items())
    said = filter(None, [plain_address(checked.url), account(checked, language)])
    _, advice = MEANINGS[checked.verdict]
    message = f"{_COLON.to(language).join(said)}\n{advice.to(language)}"
    return f"::{_level(checked)} {written}::{_escaped(message)}"


def _level(checked: CheckedLink) -> str:
    if is_confirmed(checked):
        return "error"
    return "notice" if checked.outcome == "alive" else "warning"


def _escaped(text: str) -> str:
    """A message as the runner unescapes it."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
