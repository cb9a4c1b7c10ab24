"""Evidence in words of both languages."""

import pytest
from memories import health, seen

from tools.model.link import EVIDENCE_KINDS, VERDICTS, Evidence
from tools.model.words import SITE_LANGUAGES, SiteLanguage
from tools.pages.clues import Clue, clues_of, suggested
from tools.pages.render import interface_words
from tools.pages.rows import Said


def clue(evidence: Evidence, language: SiteLanguage = "en") -> Clue:
    (only,) = clues_of(health("https://a.example/", "dead", evidence=(evidence,)), language)
    return only


def sentence(evidence: Evidence, language: SiteLanguage = "en") -> str:
    told = clue(evidence, language)
    return told.before + told.seen.text + told.after


@pytest.mark.parametrize(
    ("evidence", "english", "chinese"),
    [
        (seen("status", "404"), "The server answers with status 404.", "服务器返回的状态码是404。"),
        (
            seen("failure", "name"),
            "No page came: no such host was found",
            "没有取到页面：找不到这台主机",
        ),
        (
            seen("failure", "tls: has expired"),
            "No page came: its certificate is not to be trusted: has expired",
            "没有取到页面：证书不可信：has expired",
        ),
        (seen("failure", "rain: x"), "No page came: rain: x", "没有取到页面：rain: x"),
        (
            seen("tries", "error, timeout"),
            "The tries ended differently: server error, no answer.",
            "几次尝试的结果：服务器出错、没有回应。",
        ),
        (
            seen("tries", "error, x"),
            "The tries ended differently: error, x.",
            "几次尝试的结果：error, x。",
        ),
        (seen("title", "{seen}"), "The page calls itself “{seen}”.", "页面的标题是“{seen}”。"),
        (seen("phrase", "a\n\tb\u202e"), "The page says “a b”.", "页面上写着“a b”。"),
    ],
    ids=lambda case: getattr(case, "value", None),
)  # fmt: skip
def test_evidence_is_a_sentence(evidence: Evidence, english: str, chinese: str) -> None:
    assert sentence(evidence) == english
    assert sentence(evidence, "zh") == chinese


@pytest.mark.parametrize(
    ("value", "lang"),
    [
        ("页面不存在", "zh-Hans"),
        ("404 页", "zh-Hans"),
        ("ページ一覧", ""),
        ("Gone", ""),
        ("Été", ""),
    ],
)
def test_chinese_among_english_words_says_so(value: str, lang: str) -> None:
    assert clue(seen("phrase", value)).seen == Said(value, lang)
    assert clue(seen("phrase", value), "zh").seen == Said(value)


def test_long_evidence_is_cut() -> None:
    text = clue(seen("title", "x" * 10_000)).seen.text
    assert len(text) == 200
    assert text.endswith("x…")
    assert clue(seen("title", "x" * 200)).seen.text == "x" * 200


def test_a_page_that_is_there_needs_no_evidence() -> None:
    chain = (seen("chain", "302 https://a.example/ → https://b.example/"),)
    assert clues_of(health("https://a.example/", evidence=chain), "en") == ()
    assert clues_of(health("https://a.example/", "moved", evidence=chain), "en") != ()


@pytest.mark.parametrize("address", ["javascript:alert(1)", "//x.example/", "x", "https://a b/"])
def test_only_what_a_browser_can_open_is_suggested(address: str) -> None:
    assert suggested(health("https://a.example/", "moved", suggest=address)) == ""
    good = "https://b.example/new"
    assert suggested(health("https://a.example/", "moved", suggest=good)) == good


@pytest.mark.parametrize("language", SITE_LANGUAGES)
def test_every_kind_of_evidence_and_every_verdict_has_its_words(language: SiteLanguage) -> None:
    words = {key: said.to(language) for key, said in interface_words().items()}
    assert all(words[f"evidence-{kind}"].count("{seen}") == 1 for kind in EVIDENCE_KINDS)
    named = [words[f"link-{verdict}"] for verdict in VERDICTS]
    told = [words[f"link-{verdict}-means"] for verdict in VERDICTS]
    assert len({*named, *told}) == 2 * len(VERDICTS)
