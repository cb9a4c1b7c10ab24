"""A run as SARIF 2.1.0, which GitHub's code scanning and editors show at the lines.

Source of the format: OASIS, SARIF 2.1.0; of the bounds: GitHub, "SARIF support for code scanning".
"""

from hashlib import sha256
from typing import Any
from urllib.parse import quote

from tools.linkcheck.report.json import dumped
from tools.linkcheck.report.order import is_confirmed, to_tell
from tools.linkcheck.report.plain import plain, plain_address
from tools.linkcheck.report.verdicts import MEANINGS, VERDICT_NAMES
from tools.linkcheck.report.words import account
from tools.model.link import VERDICTS, CheckedLink, CheckReport, LinkPlace, Verdict
from tools.model.words import SiteLanguage, Words

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
# GitHub refuses a run with more.
_MOST_RESULTS = 25_000
_RULES: tuple[Verdict, ...] = tuple(verdict for verdict in VERDICTS if verdict != "ok")
_COLON = Words(": ", "：")

Part = dict[str, Any]


def to_sarif(report: CheckReport, language: SiteLanguage) -> str:
    """A rule a verdict and a result a link: an error, a warning or a note by how sure it is."""
    results = [_result(checked, language) for checked in to_tell(report)[:_MOST_RESULTS]]
    rules = [_rule(verdict, language) for verdict in _RULES]
    run = {
        "tool": {"driver": {"name": "catalog links", "rules": rules}},
        "invocations": [{"executionSuccessful": report.complete}],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return dumped({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1)


def _rule(verdict: Verdict, language: SiteLanguage) -> Part:
    meaning, advice = (words.to(language) for words in MEANINGS[verdict])
    return {
        "id": verdict,
        "shortDescription": {"text": VERDICT_NAMES[verdict].to(language)},
        "fullDescription": {"text": meaning},
        "help": {"text": advice.replace("`", ""), "markdown": advice},
    }


def _result(checked: CheckedLink, language: SiteLanguage) -> Part:
    said = filter(None, [plain_address(checked.url), account(checked, language)])
    first, *others = checked.link.where or (LinkPlace("catalog"),)
    related = {"relatedLocations": list(map(_location, others))} if others else {}
    return {
        "ruleId": checked.verdict,
        "ruleIndex": _RULES.index(checked.verdict),
        "level": _level(checked),
        # Brackets before a parenthesis would be a link of SARIF's own.
        "message": {"text": _COLON.to(language).join(said).replace("](", "] (")},
        "locations": [_location(first)],
        **related,
        # Of the address alone: the result stays the same one when its line moves.
        "partialFingerprints": {"primaryLocationLineHash": f"{_hash(checked.url)}:1"},
    }


def _level(checked: CheckedLink) -> str:
    if is_confirmed(checked):
        return "error"
    return "warning" if checked.outcome == "fix" else "note"


def _location(place: LinkPlace) -> Part:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(plain(place.path), safe="/")},
            "region": {"startLine": max(place.line, 1)},
        }
    }


def _hash(address: str) -> str:
    return sha256(address.encode("utf-8", "surrogatepass")).hexdigest()[:16]
