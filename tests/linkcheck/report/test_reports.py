"""What all formats promise: whole texts, the same each time, whatever strangers' pages hold."""

from dataclasses import replace
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.linkcheck.report.runs import HOSTILE, checked, hostile_run, run, whole_run
from tools.linkcheck.report import REPORTS
from tools.linkcheck.report.order import counts, to_tell
from tools.linkcheck.report.plain import plain
from tools.linkcheck.report.verdicts import MEANINGS, OUTCOME_NAMES, VERDICT_NAMES
from tools.linkcheck.report.words import sentence, title_of
from tools.model.link import EVIDENCE_KINDS, OUTCOMES, VERDICTS, Evidence
from tools.model.text import control_character
from tools.model.words import SITE_LANGUAGES, SiteLanguage
from tools.pages.render import interface_words

GOLDEN = Path(__file__).parent / "golden"
ENDINGS = {"text": "txt", "json": "json", "jsonl": "jsonl", "markdown": "md", "junit": "xml",
           "sarif": "sarif", "github": "github.txt"}  # fmt: skip
CASES = [(name, language) for name in REPORTS for language in SITE_LANGUAGES]
each_format = pytest.mark.parametrize(("name", "language"), CASES)


def file_of(name: str, language: SiteLanguage) -> Path:
    spoken = "" if name in ("json", "jsonl") else f".{language}"
    return GOLDEN / f"report{spoken}.{ENDINGS[name]}"


@each_format
def test_the_whole_report_is_as_it_should_be(name: str, language: SiteLanguage) -> None:
    written = REPORTS[name](whole_run(), language)
    assert written == file_of(name, language).read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {file_of(*case).name for case in CASES}


@each_format
def test_a_run_without_links_has_a_report(name: str, language: SiteLanguage) -> None:
    assert REPORTS[name](run(), language).endswith("\n") or name == "jsonl"


@each_format
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_strange_text_stays_harmless(name: str, language: SiteLanguage, text: str) -> None:
    written = REPORTS[name](hostile_run(text), language)
    assert not [line for line in written.split("\n") if control_character(line)]
    assert written.encode("utf-8").decode("utf-8") == written
    assert "##[" not in written or name in ("json", "jsonl")
    if name not in ("json", "jsonl"):
        assert "x" * 600 not in written


@each_format
def test_ten_times_the_links_take_about_ten_times_as_long(
    name: str, language: SiteLanguage
) -> None:
    def seconds(count: int) -> float:
        links = [
            checked(VERDICTS[n % len(VERDICTS)], f"https://x.example/{n}", ("status", "404"))
            for n in range(count)
        ]
        start = process_time()
        REPORTS[name](run(*links), language)
        return process_time() - start

    assert seconds(2_000) < 30 * max(seconds(200), 0.01)


def test_what_is_fine_is_not_told_and_the_urgent_comes_first() -> None:
    told = to_tell(whole_run())
    assert "ok" not in {one.verdict for one in told}
    outcomes = [one.outcome for one in told]
    assert outcomes == sorted(outcomes, key=["fix", "look", "alive"].index)
    assert len(told) == sum(one.verdict != "ok" for one in whole_run().links)


def test_without_a_network_only_what_is_known_all_the_same_is_told() -> None:
    offline = replace(whole_run(), offline=True)
    assert {one.verdict for one in to_tell(offline)} == set(VERDICTS) - {"ok", "unknown"}


def test_the_confirmed_stand_before_the_others_of_their_verdict() -> None:
    links = [checked("dead", f"https://x.example/{n}", confirmed=n == 2) for n in range(3)]
    assert [one.url[-1] for one in to_tell(run(*links))] == ["2", "0", "1"]


def test_numbers_are_those_of_the_run() -> None:
    found = counts(run(checked("ok"), checked("moved"), checked("login", confirmed=True),
                       checked("dead", confirmed=True), checked("tls")))  # fmt: skip
    assert (found.links, found.alive, found.moved, found.look) == (5, 2, 1, 1)
    assert (found.fix, found.confirmed) == (2, 1)


def test_every_verdict_outcome_and_kind_of_evidence_has_words() -> None:
    assert set(VERDICT_NAMES) == set(MEANINGS) == set(VERDICTS)
    assert set(OUTCOME_NAMES) == set(OUTCOMES)
    for kind in EVIDENCE_KINDS:
        said = {sentence(Evidence(kind=kind, value="v"), at) for at in SITE_LANGUAGES}
        assert len(said) == 2 or kind == "failure"


def test_verdicts_have_the_names_that_the_site_gives_them() -> None:
    for verdict, words in VERDICT_NAMES.items():
        assert interface_words()[f"link-{verdict}"] == words


@pytest.mark.parametrize(
    ("evidence", "english", "chinese"),
    [
        (("status", "404"), "it answers with status 404", "返回的状态码是404"),
        (("failure", "name"), "no such host was found", "找不到这个域名"),
        (("failure", "connect: refused: twice"), "nothing answers at that host (refused: twice)",
         "那里没有服务器应答（refused: twice）"),
        (("failure", "something else"), "something else", "something else"),
        (("tries", "dead, soft-404, dead"), "the tries gave: dead, content gone, dead",
         "几次尝试的结果：失效、内容已删除、失效"),
        (("tries", "<odd>"), "the tries gave: <odd>", "几次尝试的结果：<odd>"),
        (("tries", "time"), "the time of the run was over", "这次检查的时间用完了"),
        (("title", "a\nb {0}"), "the page is called “a b {0}”", "网页标题是“a b {0}”"),
    ],
)  # fmt: skip
def test_evidence_is_said_in_words(evidence: tuple, english: str, chinese: str) -> None:
    kind, value = evidence
    seen = Evidence(kind=kind, value=value)
    assert (sentence(seen, "en"), sentence(seen, "zh")) == (english, chinese)


def test_a_title_says_what_the_verdict_alone_does_not() -> None:
    titles = [
        title_of(checked(verdict, confirmed=confirmed), "en")
        for verdict, confirmed in [
            ("dead", True),
            ("dead", False),
            ("tls", True),
            ("tls", False),
            ("login", False),
        ]
    ]
    assert titles == ["dead", "dead (not confirmed yet)", "tls (bad certificate)",
                      "tls (bad certificate, not confirmed yet)", "login"]  # fmt: skip
    assert title_of(checked("tls"), "zh") == "tls（证书有误，尚未确认）"


@given(st.text(), st.integers(2, 50))
def test_plain_text_is_short_one_line_and_stays_what_it_is(text: str, longest: int) -> None:
    once = plain(text, longest)
    assert len(once) <= longest
    assert "\n" not in once and not control_character(once)
    assert plain(once, longest) == once.strip()


def test_plain_text_changes_nothing_that_is_plain() -> None:
    assert plain("页面不存在 – “404” <b>") == "页面不存在 – “404” <b>"
