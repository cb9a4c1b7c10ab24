"""The Markdown report, read by a Markdown parser: strange text is code, links lead where meant."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.linkcheck.report.runs import HOSTILE, checked, hostile_run, run, whole_run
from tools.linkcheck.report.markdown import LONGEST, to_markdown
from tools.linkcheck.report.plain import plain
from tools.model.link import EVIDENCE_KINDS, CheckReport
from tools.model.words import SITE_LANGUAGES, SiteLanguage

PARSER = MarkdownIt("gfm-like")


def tokens(report: CheckReport, language: SiteLanguage = "en") -> Iterator[Token]:
    for token in PARSER.parse(to_markdown(report, language)):
        yield token
        yield from token.children or ()


def links(report: CheckReport) -> list[str]:
    return [str(t.attrs["href"]) for t in tokens(report) if t.type == "link_open"]


def codes(report: CheckReport) -> list[str]:
    return [token.content for token in tokens(report) if token.type == "code_inline"]


def shape(report: CheckReport) -> list[tuple[str, int]]:
    return [(token.type, token.level) for token in tokens(report)]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_no_text_is_anything_but_code(text: str) -> None:
    values = [(kind, text) for kind in EVIDENCE_KINDS if kind not in ("failure", "tries")]
    benign = [(kind, "x") for kind, _ in values]

    def report(evidence: list) -> CheckReport:
        return run(checked("blocked", "https://x.example/", *evidence))

    assert shape(report(values)) == shape(report(benign))
    assert plain(text) in [code.strip(" ") if plain(text) else "" for code in codes(report(values))]


@given(st.text(alphabet="`<>[]()|*_@#!\\&;\n ax:/", max_size=40))
def test_text_of_signs_is_code(text: str) -> None:
    def report(value: str) -> CheckReport:
        return run(checked("blocked", "https://x.example/", ("phrase", value), ("title", value)))

    assert shape(report(text)) == shape(report("x"))


@given(st.text(alphabet="`<>[]()|*_@#!\\&;\n \"'ax:/?=%~$", max_size=40))
def test_an_odd_address_leads_nowhere_else(text: str) -> None:
    address = f"https://x.example/{text}"
    report = run(checked("blocked", address))
    assert [link for link in links(report) if not link.startswith("https://x.example/")] == []
    assert not [token for token in tokens(report) if token.type.startswith("html")]


@pytest.mark.parametrize(
    "address",
    [
        "https://x.example/a_(b)?c=1&d=%20&copy;=2#e",
        "https://x.example/长",
        "http://x.example:8/~a",
    ],
)
def test_a_sound_address_can_be_clicked(address: str) -> None:
    (link,) = links(run(checked("blocked", address)))
    assert link == address.replace("长", "%E9%95%BF")


@pytest.mark.parametrize(
    "address",
    ["https://github.com/a/b/issues/1", "https://gist.github.com/a", "https://[x", "javascript:a",
     f"https://x.example/{'a' * 500}", "https://x.example/\u202ea", "https://x.example/a b"],
)  # fmt: skip
def test_other_addresses_are_only_shown(address: str) -> None:
    assert links(run(checked("blocked", address))) == []
    assert plain(address, 500) in codes(run(checked("blocked", address)))


def test_what_is_gone_has_its_archive_or_a_place_to_look_for_one() -> None:
    archive = "https://web.archive.org/web/2020/https://x.example/a"
    kept = checked("ok", archive, role="archive", resource="a")
    for report, expected in (
        (run(checked("dead", role="url", resource="a"), kept), archive),
        (run(checked("dead", role="url", resource="b", published="2019-03"), kept),
         "https://web.archive.org/web/201903/https://x.example/a"),
        (run(checked("parked", role="prose", published="soon")),
         "https://web.archive.org/web/*/https://x.example/a"),
        (run(checked("dead", role="url", resource="a"),
             replace(kept, judgement=checked("dead").judgement)),
         "https://web.archive.org/web/*/https://x.example/a"),
    ):  # fmt: skip
        assert expected in links(report)
    for nothing in (checked("dead", role="archive"), checked("fragment"), checked("blocked")):
        assert not [link for link in links(run(nothing)) if "archive" in link]


def test_the_command_to_check_again_can_be_pasted() -> None:
    report = run(checked("dead", "https://x.example/a?b=1&c='d'"), checked("dead", "a\x1bb"))
    commands = [code for code in codes(report) if code.startswith("catalog links show")]
    assert commands == ["catalog links show 'https://x.example/a?b=1&c='\"'\"'d'\"'\"''"]


def test_a_verdict_has_one_heading_with_its_number_below_that_of_its_outcome() -> None:
    text = to_markdown(whole_run(), "en")
    headings = re.findall(r"^(#+ .+)$", text, re.M)
    assert headings[:4] == ["# Link check", "## To fix · 12", "### dead · 3",
                            "### error (server error) · 1"]  # fmt: skip
    assert headings[-2:] == ["## Alive · 1", "### moved · 1"]
    assert len(headings) == len(set(headings))


@pytest.mark.parametrize("language", SITE_LANGUAGES)
def test_a_clean_run_has_nothing_to_mend(language: SiteLanguage) -> None:
    text = to_markdown(run(checked("ok")), language)
    assert ("Nothing to mend." if language == "en" else "没有要修的。") in text


def test_many_places_are_counted() -> None:
    where = tuple((f"docs/{n}.md", n) for n in range(1, 9))
    assert "`docs/5.md:5` · and 3 more" in to_markdown(run(checked("dead", where=where)), "en")


@pytest.mark.parametrize("language", SITE_LANGUAGES)
@pytest.mark.parametrize("length", [1, 400, 10_000])
def test_a_page_holds_less_than_github_takes_and_says_what_is_missing(
    language: SiteLanguage, length: int
) -> None:
    many = [
        checked("dead", f"https://x.example/{n}/{'a' * length}", ("title", "长" * length))
        for n in range(2_000)
    ]
    text = to_markdown(run(*many), language)
    assert len(text) < LONGEST < 65_536
    shown = len(re.findall("^- ", text, re.M))
    (left_out,) = map(
        int, re.findall(r"^(?:这里放不下，还有)?(\d+)(?: more|个链接没有列出)", text, re.M)
    )
    assert shown + left_out == len(many)
    assert shown > 25


def test_a_report_that_fits_leaves_nothing_out() -> None:
    text = to_markdown(whole_run(), "en")
    assert "left out" not in text
    assert len(re.findall("^- ", text, re.M)) == sum(c.verdict != "ok" for c in whole_run().links)


def test_everything_strange_at_once_stays_within_bounds() -> None:
    assert all(len(to_markdown(hostile_run(text), "zh")) < LONGEST for text in HOSTILE)
