"""Drafts as files: they read back as they were, and a hostile text stays a text."""

from pathlib import Path

import pytest

from tests.builders import write_catalog
from tools.model.draft import Draft
from tools.model.resource import Mention
from tools.model.words import Words
from tools.storage.catalog import load_catalog
from tools.storage.drafts import draft_text, read_drafts, write_draft

DRAFT = Draft(
    id="rye",
    title="- no: it's # 1 {a}\n",
    url="https://a.example/rye?x=1",
    authors=("no", "1:30", "苏"),
    published="2018",
    summary=Words("a: b", "甲：乙"),
    mentions=(Mention(note="shelf", label="**rye** | x", rating=3, line=4),),
    added="2026-11-20",
)


def test_a_draft_says_on_top_what_is_missing_and_stands_in_the_order_of_the_format() -> None:
    text = draft_text(Draft(id="rye", url="https://a.example/rye", added="2026-11-20"))
    assert text == (
        "# yaml-language-server: $schema=../schema/resource.schema.json\n"
        "# A draft: finish it, then move it to ../resources/. Still missing: title, kind, "
        "language, topics, level, summary.\n"
        "url: https://a.example/rye\n"
        'added: "2026-11-20"\n'
    )


def test_a_draft_reads_back_as_it_was(tmp_path: Path) -> None:
    write_draft(tmp_path, DRAFT)
    assert read_drafts(tmp_path) == {"rye": DRAFT}


def test_a_draft_is_never_replaced(tmp_path: Path) -> None:
    write_draft(tmp_path, DRAFT)
    with pytest.raises(FileExistsError, match="there is a draft of that name"):
        write_draft(tmp_path, Draft(id="rye", url="https://b.example"))
    assert read_drafts(tmp_path)["rye"].url == DRAFT.url


def test_what_no_draft_can_be_is_passed_over_and_other_keys_are_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "drafts"
    folder.mkdir()
    (folder / "torn.yml").write_text("[")
    (folder / "bare.yml").write_text("title: no address\n")
    (folder / "more.yml").write_text("url: https://a.example/x\narchive: https://b.example\n")
    assert list(read_drafts(tmp_path)) == ["more"]


def test_a_ledger_may_lead_to_a_draft(tmp_path: Path) -> None:
    ledger = {"line": 1, "url": "https://a.example/x", "resource": "half"}
    note = {"title": {"en": "a", "zh": "b"}, "language": "en", "addresses": [ledger]}
    folder = write_catalog(tmp_path / "catalog", **{"notes/shelf.yml": note})
    assert [problem.field for problem in load_catalog(folder).problems] == ["addresses[0].resource"]
    write_draft(folder, Draft(id="half", url="https://a.example/x"))
    assert load_catalog(folder).problems == ()


def test_remarks_stand_below_as_comments_whatever_they_say(tmp_path: Path) -> None:
    remarks = (
        "why:",
        "",
        "a\nurl: https://evil.example",
        "\x00\u2028x: [",
        "yaml-language-server: y",
    )
    path = write_draft(tmp_path, DRAFT, remarks)
    assert read_drafts(tmp_path) == {"rye": DRAFT}
    text = path.read_text(encoding="utf-8")
    assert text == draft_text(DRAFT) + (
        "# > why:\n# >\n# > a url: https://evil.example\n# > x: [\n# > yaml-language-server: y\n"
    )
