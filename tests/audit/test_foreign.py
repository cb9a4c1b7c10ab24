import pytest

from tools.audit.checks.foreign import check
from tools.audit.visit import Visit


def test_a_site_that_keeps_to_itself_is_clean(build, page):
    body = '<a href="https://other.example/">out</a> <img src="data:image/png;base64,AA" alt="">'
    judgement = check(build({"x/index.html": page(body)}, (Visit("", 1280),)))
    assert judgement.findings == ()
    assert all(measure.holds for measure in judgement.measures)


@pytest.mark.parametrize(
    "markup",
    [
        '<link rel="stylesheet" href="https://other.example/a.css">',
        '<link rel="preconnect" href="https://other.example">',
        '<script src="//other.example/a.js"></script>',
        '<img src="https://other.example/a.png" alt="">',
        '<img srcset="https://other.example/a.png 2x" alt="">',
        '<iframe src="https://other.example/"></iframe>',
        "<style>@import 'https://other.example/a.css';</style>",
        '<p style="background: url(https://other.example/a.png)">',
    ],
)
def test_a_foreign_address_in_a_page_is_found(build, page, markup):
    (finding,) = check(build({"x/index.html": page(markup)})).findings
    assert (finding.page, finding.found) == ("x/", "other.example")
    assert finding.place.startswith("line 12")


def test_a_foreign_address_in_a_stylesheet_is_found(build):
    (finding,) = check(
        build({"a.css": "@font-face { src: url(//other.example/f.woff2) }"})
    ).findings
    assert (finding.page, finding.found) == ("a.css", "other.example")


def test_a_request_to_the_published_address_is_told_apart(build):
    visit = Visit("", 390, foreign=("https://site.example/x", "https://other.example/x"))
    expected = [finding.expected for finding in check(build(visits=(visit,))).findings]
    assert expected == ["a relative address", "no request to another host"]


@pytest.mark.parametrize(
    "visit",
    [
        Visit("", 390, foreign=("https://other.example/x",)),
        Visit("", 390, failures=("404 for x.json",)),
        Visit("", 390, complaints=("script error: x",)),
    ],
)
def test_what_an_opened_page_did_is_found(build, visit):
    judgement = check(build(visits=(visit,)))
    assert [finding.place for finding in judgement.findings] == ["opened at 390 px"]
    assert [measure.holds for measure in judgement.measures].count(False) == 1
