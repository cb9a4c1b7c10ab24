"""A run as JUnit XML, which CI systems show as tests: one test case a link.

Written are only the elements and attributes of Ant's and Jenkins' schemas, and all that either of
them asks for.
"""

from datetime import datetime
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from tools.linkcheck.report.order import is_confirmed
from tools.linkcheck.report.plain import plain, plain_address
from tools.linkcheck.report.words import account, remarks, summary, title_of
from tools.model.link import CheckedLink, CheckReport
from tools.model.words import SiteLanguage

_NAME = "catalog links"


def to_junit(report: CheckReport, language: SiteLanguage) -> str:
    """A failure for what is broken beyond doubt, skipped for what may be; the rest has passed.

    The class of a test case is the place of its link. `report.started` is a moment in ISO form.
    """
    root = Element("testsuites")
    suite = SubElement(root, "testsuite", _attributes(report))
    properties = SubElement(suite, "properties")
    SubElement(properties, "property", name="complete", value=str(report.complete).lower())
    for checked in report.links:
        _add_case(suite, checked, language)
    said = [*remarks(report, language), summary(report, language)]
    SubElement(suite, "system-out").text = "\n".join(said)
    SubElement(suite, "system-err")
    ElementTree.indent(root, " ")
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written.decode() + "\n"


def _attributes(report: CheckReport) -> dict[str, str]:
    return {
        "name": _NAME,
        "package": _NAME,
        "id": "0",
        # Ant's schema knows no zone.
        "timestamp": datetime.fromisoformat(report.started).strftime("%Y-%m-%dT%H:%M:%S"),
        "hostname": "localhost",
        "tests": str(len(report.links)),
        "failures": str(sum(map(is_confirmed, report.links))),
        "errors": "0",
        "skipped": str(sum(map(_is_open, report.links))),
        "time": _seconds(sum(checked.seconds for checked in report.links)),
    }


def _add_case(suite: Element, checked: CheckedLink, language: SiteLanguage) -> None:
    place = plain(str(checked.place)) or _NAME
    address = plain_address(checked.url)
    case = SubElement(
        suite, "testcase", classname=place, name=address, time=_seconds(checked.seconds)
    )
    title, said = title_of(checked, language), account(checked, language)
    if is_confirmed(checked):
        failure = SubElement(case, "failure", type=checked.verdict, message=title)
        failure.text = "\n".join(filter(None, [f"{place}: {address}", said]))
    elif _is_open(checked):
        SubElement(case, "skipped", message=": ".join(filter(None, [title, said])))


def _is_open(checked: CheckedLink) -> bool:
    """Whether it is neither known to be alive nor to be broken."""
    return checked.outcome != "alive" and not is_confirmed(checked)


def _seconds(value: float) -> str:
    return f"{value:.3f}"
