"""The blind set is sound: what each case expects follows from the answers that it gives."""

from collections import Counter
from pathlib import Path
from urllib.parse import quote, urldefrag, urljoin

import pytest

from benchmarks.links_blind.cases import BlindAnswer, BlindCase, blind_cases
from benchmarks.links_blind.filler import filled
from tools.model.link import VERDICTS, Link, outcome_of

CASES = tuple(blind_cases())
README = Path(__file__).parents[2] / "benchmarks" / "links_blind" / "README.md"
PERMANENT = (301, 308)
REDIRECTS = (301, 302, 303, 307, 308)


def the_case(name: str) -> BlindCase:
    return next(case for case in CASES if case.name == name)


def chain(case: BlindCase) -> list[tuple[str, BlindAnswer]]:
    """The addresses that redirects lead through, with the answer that each ends up giving."""
    address, seen = urldefrag(case.link.url).url, []
    while len(seen) < 10:
        answer = case.answers(address)[-1]
        seen.append((address, answer))
        if answer.status not in REDIRECTS:
            break
        target = quote(urljoin(address, answer.headers["location"]), safe="%/:=&?~#+!$,;'@()*[]")
        address = urldefrag(target).url
    return seen


def test_names_and_addresses_are_used_once() -> None:
    names, addresses = zip(*((case.name, case.link.url) for case in CASES), strict=True)
    assert [name for name, times in Counter(names).items() if times > 1] == []
    assert [address for address, times in Counter(addresses).items() if times > 1] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_expects_what_its_answers_can_show(case: BlindCase) -> None:
    assert set(case.expect) <= set(VERDICTS)
    steps = chain(case)
    (first, _), (last, answer) = steps[0], steps[-1]
    known = {urldefrag(key.rstrip("*")).url for key in case.pages}
    assert any(first.startswith(key) for key in known)
    if case.expect in (("ok",), ("moved",)):
        assert not answer.fail and 200 <= answer.status < 300, last
        assert answer.body or answer.without_cookie
    if "moved" in case.expect:
        start = next((at for at, hop in steps if hop.status not in PERMANENT), last)
        assert urldefrag(case.rewrite or "").url == start != first
        assert urldefrag(case.rewrite or "").fragment == urldefrag(case.link.url).fragment
    else:
        assert not case.rewrite


def test_few_cases_leave_the_outcome_open() -> None:
    open_cases = [case for case in CASES if len(set(map(outcome_of, case.expect))) > 1]
    assert len(open_cases) <= 0.05 * len(CASES)


def test_no_placeholder_is_left_in_a_body() -> None:
    bodies = (a.body for case in CASES for page in case.pages.values() for a in page)
    assert not any(b"{{" in body for body in bodies)


def test_the_readme_counts_each_category() -> None:
    rows = (line.split("|") for line in README.read_text("utf-8").splitlines() if "| `" in line)
    told = {row[1].strip(" `"): int(row[2]) for row in rows}
    assert told == Counter(case.category for case in CASES)


def test_filler_is_the_same_every_time_and_as_long_as_asked() -> None:
    assert filled("{{filler en 300 7}}") == filled("{{filler en 300 7}}")
    assert filled("{{filler en 300 7}}") != filled("{{filler en 300 8}}")
    assert 300 <= len(filled("{{filler en 300 7}}").split()) < 330
    assert 300 <= len(filled("{{filler zh 300 7}}")) < 340
    assert filled("<b>{{article zh 300 7}}</b>").startswith("<b><p>")


def test_an_exact_address_goes_before_a_pattern_and_a_long_one_before_a_short_one() -> None:
    keys = ("http://a.test/*", "http://a.test/deep/*", "http://a.test/deep/page")
    pages = {key: (BlindAnswer(headers={"key": key}),) for key in keys}
    link = Link(url="http://a.test/")
    case = BlindCase(name="", category="", link=link, expect=("ok",), rewrite=None, pages=pages)
    asked = ("http://a.test/x", "http://a.test/deep/x", "http://a.test/deep/page")
    assert [case.answers(address)[0].headers["key"] for address in asked] == list(keys)


def test_what_no_page_names_is_missing_or_nowhere() -> None:
    case = the_case("to-www")
    assert case.answers("http://www.rnnbook.net/other")[0].status == 404
    assert case.answers("https://api.example.org/")[0].fail == "no-such-host"


def test_successive_answers_and_cookies_are_kept() -> None:
    blip = the_case("one-502-then-alive")
    assert [answer.status for answer in blip.answers(blip.link.url)] == [502, 200]
    case = the_case("cookie-then-same-address")
    (walled,) = case.answers(case.link.url)
    assert walled.cookie == "seen"
    assert walled.without_cookie is not None
    assert walled.without_cookie.headers["set-cookie"].startswith("seen=")


def test_a_page_in_gbk_is_sent_in_gbk() -> None:
    (page,) = the_case("discuz-thread-gone-gbk").pages.values()
    assert "指定的主题不存在" in page[0].body.decode("gbk")
