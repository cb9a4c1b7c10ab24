import re

import pytest

from tools.audit.checks import validity
from tools.audit.checks.validity import (
    Allowed,
    Message,
    check,
    judge,
    read_allowed,
    remarks,
)
from tools.audit.verdicts import CannotRun

REMARK = Message("x/", 7, "Attribute “autocomplete” is odd.", '<input class="md-toggle">')
ALLOWED = Allowed(re.compile("autocomplete"), re.compile("md-toggle"), "the theme's own")


def test_a_site_without_remarks_is_clean(build):
    assert judge(build(), [], []).findings == ()


def test_a_remark_is_a_finding_with_its_line(build):
    (finding,) = judge(build(), [REMARK], []).findings
    assert (finding.page, finding.found) == ("x/", REMARK.text)
    assert finding.place == 'line 7: <input class="md-toggle">'


def test_an_allowed_remark_is_counted_and_let_pass(build):
    judgement = judge(build(), [REMARK], [ALLOWED])
    assert judgement.findings == ()
    assert judgement.measures[-1].measured == "1"


@pytest.mark.parametrize("field", ["message", "markup"])
def test_an_allowed_line_covers_only_the_markup_it_was_written_for(build, field):
    other = {
        "message": ALLOWED.message,
        "markup": ALLOWED.markup,
        field: re.compile("another"),
    }
    found = [f.found for f in judge(build(), [REMARK], [Allowed(**other, reason="")]).findings]
    assert found == [REMARK.text, "covers nothing"]


def test_an_allowed_line_that_covers_nothing_is_a_finding(build):
    (finding,) = judge(build(), [], [ALLOWED]).findings
    assert (finding.page, finding.place) == ("allowed.toml", "message autocomplete")


def test_every_allowed_line_gives_its_reason():
    with pytest.raises(KeyError, match="reason"):
        read_allowed("[[allowed]]\nmessage = 'a'\nmarkup = 'b'")


def test_without_java_the_check_says_so(build, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CannotRun, match="Java was not found"):
        check(build())


def test_without_the_checker_the_check_says_so(build, monkeypatch, tmp_path):
    monkeypatch.setattr(validity.shutil, "which", lambda name: name)
    monkeypatch.setattr(validity, "JAR", tmp_path / "vnu.jar")
    with pytest.raises(CannotRun, match="npm ci"):
        check(build())


@pytest.mark.browser
def test_the_checker_reads_every_page_below_a_folder(build, page, judges):
    site = build({"zh/x y/index.html": page("<center>old</center>", lang="zh")})
    (message,) = remarks(site.root)
    assert (message.page, message.line) == ("zh/x y/", 12)
    assert "center" in message.text
    assert "<center>" in message.markup
