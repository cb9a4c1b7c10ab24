import io
import json

from rich.console import Console

from tools.audit.show import Outcome, as_json, findings, table
from tools.audit.verdicts import Finding, Judgement, Measure


def outcome(*found: Finding) -> Outcome:
    measure = Measure("links [lost]", f"{len(found)} in 9 pages", "0", not found)
    return Outcome("links", Judgement((measure,), found))


def shown(*outcomes: Outcome) -> str:
    console = Console(file=io.StringIO(), width=110)
    console.print(table(outcomes))
    findings(console, outcomes)
    return console.file.getvalue()


def lost(page: str, what: str = "no file") -> Finding:
    return Finding(page, f"line 1 of {page or 'home'}", what, "a file")


def test_a_clean_check_is_one_line_of_the_table():
    text = shown(outcome())
    assert " ".join(text.splitlines()[-1].split()) == "links links [lost] 0 in 9 pages 0 ok"


def test_a_finding_names_page_and_place():
    text = shown(outcome(lost("")))
    assert "over" in text
    assert "  found no file; expected a file\n    /: line 1 of home\n" in text


def test_what_many_pages_share_is_said_once():
    text = shown(outcome(*(lost(f"p{number}/") for number in range(9))))
    assert text.count("found no file") == 1
    assert "and 6 more like these" in text


def test_many_kinds_of_finding_are_cut_and_the_cut_is_told():
    text = shown(outcome(*(lost("", f"no file {number}") for number in range(25))))
    assert "and 5 other kinds of finding" in text


def test_one_hindrance_of_several_checks_is_said_once():
    text = shown(Outcome("axe", None, "no browser"), Outcome("layout", None, "no browser"))
    assert text.count("no browser") == 1
    assert "axe, layout could not run: no browser" in text


def test_json_holds_every_finding():
    found = tuple(lost(f"p{number}/") for number in range(30))
    (read,) = json.loads(as_json([outcome(*found)]))
    assert [finding["page"] for finding in read["judgement"]["findings"]] == [f.page for f in found]
