"""A run as lines for a terminal or a log, the most urgent links first."""

from collections.abc import Iterator

from tools.linkcheck.report.order import to_tell
from tools.linkcheck.report.plain import plain, plain_address
from tools.linkcheck.report.words import remarks, sentences, summary, title_of
from tools.model.link import CheckedLink, CheckReport
from tools.model.words import SiteLanguage, Words

_ALSO = Words("also at {}", "另见{}")


def to_text(report: CheckReport, language: SiteLanguage) -> str:
    """Each link that is not simply alive, with what was seen below it; then the numbers."""
    lines = [line for checked in to_tell(report) for line in link_lines(checked, language)]
    lines += [*remarks(report, language), summary(report, language)]
    return "".join(f"{line}\n" for line in lines)


def link_lines(checked: CheckedLink, language: SiteLanguage) -> Iterator[str]:
    """`catalog/resources/x.yml:5: dead: https://…`, and what is known of it, indented."""
    place = plain(str(checked.place))
    told = (place, title_of(checked, language), plain_address(checked.url))
    yield ": ".join(filter(None, told))
    yield from (f"    {said}" for said in sentences(checked, language))
    for other in checked.link.where[1:]:
        yield f"    {_ALSO.to(language).format(plain(str(other)))}"
