import pytest

from tools.audit.checks.layout import breadth, check
from tools.audit.visit import Visit


def test_a_page_that_holds_still_and_says_what_it_is_is_clean(build):
    judgement = check(build(visits=(Visit("", 390, shift=0.02),)))
    assert judgement.findings == ()
    assert all(measure.holds for measure in judgement.measures)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"title": ""}, "no title"),
        ({"description": "Too short to help."}, "18 letters: 'Too short to help.'"),
        ({"body": "<h1>another</h1>"}, "2 h1"),
        ({"lang": ""}, "no lang"),
    ],
)
def test_a_page_that_does_not_say_what_it_is_is_found(build, page, change, expected):
    (finding,) = check(build({"x/index.html": page(**change)})).findings
    assert (finding.page, finding.found) == ("x/", expected)


def test_a_chinese_description_is_measured_by_what_it_says(build, page):
    description = "这一页说明长短期记忆网络的门如何让误差穿过许多步而不消失。"
    assert breadth(description) >= 50 > len(description)
    assert check(build({"x/index.html": page(description=description)})).findings == ()


def test_a_page_that_jumps_is_found(build):
    visit = Visit("", 1280, shift=0.021, shifted="div.late")
    judgement = check(build(visits=(visit,)))
    (finding,) = judgement.findings
    assert (finding.place, finding.found) == ("opened at 1280 px: div.late", "0.021")
    assert not judgement.measures[-1].holds


def test_a_page_that_scrolls_sideways_is_found(build):
    visit = Visit("", 390, sticking_out=("the page is 500 px wide", "table"))
    (finding,) = check(build(visits=(visit,))).findings
    assert finding.found == "the page is 500 px wide; table"
