"""A note beside the catalog: one outcome an address, and the same note again asks for nothing."""

from dataclasses import replace
from typing import Any

import pytest

from tests.builders import resource, site_data
from tools.exchange.importers.markdown import read_markdown
from tools.exchange.importers.reconcile import Known, NotePlan, counted_outcomes, merged, reconcile
from tools.model.catalog import Catalog
from tools.model.draft import Draft
from tools.model.resource import Mention, Resource
from tools.model.site import Site
from tools.model.words import Words
from tools.storage.shapes import reader_of

DAY = "2026-11-20"


def catalog_of(*things: Resource) -> Catalog:
    return Catalog(
        site=reader_of(Site).read(site_data()), resources={thing.id: thing for thing in things}
    )


def known(*drafts: Draft, **resources: dict[str, Any]) -> Known:
    things = [resource(id, **changed) for id, changed in resources.items()]
    return Known.of(catalog_of(*things), {draft.id: draft for draft in drafts})


def plan(text: str, at: Known | None = None, note: str = "shelf") -> NotePlan:
    return reconcile(note, read_markdown(text), at or known(), today=DAY)


def test_every_address_becomes_new_same_or_not_readable() -> None:
    text = "# Rye\n[old](http://www.example.org/rye/)\n[fresh](https://b.example/c)\n[no](x)\n"
    made = plan(text, known(rye={}))
    assert [(o.line, o.became, o.id, o.why, o.wrong) for o in made.outcomes] == [
        (2, "same", "rye", "", False),
        (3, "new", "fresh", "", False),
        (4, "not readable", "", "expected an http or https address", True),
    ]
    assert dict(counted_outcomes(made.outcomes)) == {"same": 1, "new": 1, "not readable": 1}
    assert [(line.line, line.url, line.resource) for line in made.ledger] == [
        (2, "http://www.example.org/rye/", "rye"),
        (3, "https://b.example/c", "fresh"),
    ]


def test_a_picture_is_accounted_for_but_nothing_to_mend() -> None:
    (outcome,) = plan("![rye](https://a.example/rye.png)").outcomes
    assert (outcome.became, outcome.wrong) == ("not readable", False)


def test_a_draft_holds_what_the_note_says_without_tracking() -> None:
    (draft,) = plan("# Rye\n- 👉 [Slow rye](https://a.example/?utm_source=x&id=1) ***").drafts
    assert draft == Draft(
        id="slow-rye",
        title="Slow rye",
        url="https://a.example/?id=1",
        mentions=(
            Mention(
                note="shelf", section="Rye", label="Slow rye", rating=3, highlight=True, line=2
            ),
        ),
        added=DAY,
    )


def test_one_address_told_twice_is_one_draft_with_two_mentions() -> None:
    made = plan("[a](https://a.example/x)\n\n[b](http://a.example/x#part)")
    assert [o.became for o in made.outcomes] == ["new", "same"]
    assert [m.label for m in made.drafts[0].mentions] == ["a", "b"]
    assert made.changed == {}


def test_the_next_note_meets_the_drafts_of_the_one_before() -> None:
    both = known()
    first = plan("[a](https://a.example/x)", both, "one")
    both.learn(first)
    second = plan("[b](https://a.example/x)", both, "two")
    (outcome,) = second.outcomes
    assert (outcome.became, outcome.id) == ("same", first.drafts[0].id)
    assert [m.note for m in second.changed[outcome.id]] == ["one", "two"]


@pytest.mark.parametrize("thing", ["resource", "draft"])
def test_the_same_note_again_asks_for_nothing(thing: str) -> None:
    text = "# Rye\n[a](https://a.example/x) **\n\n[a](https://a.example/x)\n"
    (draft,) = plan(text).drafts
    if thing == "draft":
        again = plan(text, known(draft))
    else:
        done = resource("rye", url="https://a.example/x", mentions=[])
        again = plan(text, Known.of(catalog_of(replace(done, mentions=draft.mentions)), {}))
    assert (again.drafts, again.changed, again.gone) == ((), {}, ())


def said(line: int, label: str = "a", **changed: Any) -> Mention:
    return Mention(**{"note": "shelf", "section": "s", "label": label, "line": line} | changed)


def test_a_mention_that_moved_keeps_our_words_and_takes_the_notes_marks() -> None:
    words = Words("Read it.", "读它。")
    old = (said(3, says=words, rating=2), said(9, note="other"))
    new, gone = merged("shelf", old, [said(7, rating=4)])
    assert new == (said(7, says=words, rating=4), said(9, note="other"))
    assert gone == []


def test_two_mentions_with_one_label_stay_apart() -> None:
    old = (said(3, says=Words("first", "一")), said(5, says=Words("second", "二")))
    new, _ = merged("shelf", old, [said(3), said(5)])
    assert new == old
    new, _ = merged("shelf", old, [said(4), said(6)])
    assert [mention.says for mention in new] == [old[0].says, old[1].says]


def test_mentions_out_of_order_are_known_by_their_place_first() -> None:
    old = (said(5, says=Words("second", "二")), said(3, says=Words("first", "一")))
    new, _ = merged("shelf", old, [said(3), said(5)])
    assert new == old


def test_a_mention_whose_label_changed_is_known_by_its_line() -> None:
    new, gone = merged("shelf", (said(3, "old", says=Words("w", "词")),), [said(3, "new")])
    assert new == (said(3, "new", says=Words("w", "词")),)
    assert gone == []


def test_a_mention_the_note_no_longer_holds_is_kept_and_told() -> None:
    new, gone = merged("shelf", (said(3), said(5, "b")), [said(3)])
    assert (new, gone) == ((said(3), said(5, "b")), [said(5, "b")])


def test_ids_of_drafts_avoid_every_id_that_was_ever_taken() -> None:
    at = known(**{"slow-rye": {"former_ids": ["slow-rye-2"]}})
    made = plan("[Slow rye](https://a.example/1)\n[Slow rye](https://a.example/2)", at)
    assert [draft.id for draft in made.drafts] == ["slow-rye-3", "slow-rye-4"]
