"""What checks remember: days of failing until they are enough, and nothing new in a quiet week."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.model.address import AddressRules
from tools.model.link import (
    VERDICTS,
    CheckedLink,
    Evidence,
    Judgement,
    Link,
    LinkHealth,
    LinkMemory,
    LinkRun,
    Verdict,
    outcome_of,
)
from tools.model.link_memory import (
    confirmed,
    health_faults,
    is_confirmed,
    recalled,
    remembered,
)

URL, KEY = "https://bread.example/rye", "bread.example/rye"
RULES = AddressRules()
WEEKLY = {"runs": 3, "days": 7, "rules": RULES}
RUN = LinkRun(finished="2026-01-09T10:00Z", links=1, version="1")
DAY_ONE = date(2026, 1, 1)

verdicts = st.sampled_from(VERDICTS)
failing = st.sampled_from([verdict for verdict in VERDICTS if outcome_of(verdict) == "fix"])
patience = st.tuples(st.integers(1, 5), st.integers(0, 20))
# Days on which a link is checked, in order, several times on some.
growing = st.lists(st.integers(0, 30), min_size=1, max_size=12).map(sorted)


def day(n: int) -> str:
    return (DAY_ONE + timedelta(n)).isoformat()


def checked(verdict: Verdict, url: str = URL, **more: Any) -> CheckedLink:
    fresh = more.pop("fresh", True)
    judgement = Judgement(verdict=verdict, **more)
    return CheckedLink(link=Link(url=url), judgement=judgement, fresh=fresh)


def after(found: Sequence[tuple[int, Verdict]], **patience: Any) -> LinkMemory:
    """The memory after one check of one link on each day."""
    memory = LinkMemory()
    for n, verdict in found:
        how = WEEKLY | patience
        memory = remembered(memory, [checked(verdict)], today=day(n), **how)
    return memory


@given(growing, patience, failing)
def test_a_failure_is_confirmed_by_enough_days_over_enough_time(
    days: list[int], patience: tuple[int, int], verdict: Verdict
) -> None:
    runs, over = patience
    memory = after([(n, verdict) for n in days], runs=runs, days=over)
    failures = memory.health[KEY].failures
    enough = len(set(days)) >= runs and days[-1] - days[0] >= over
    assert is_confirmed(failures, runs, over) == enough
    assert failures[0] == day(days[0])
    assert len(failures) <= max(runs, 2)
    assert [*health_faults(memory.health[KEY])] == []


@given(growing, patience)
def test_once_confirmed_the_line_changes_no_more(
    days: list[int], patience: tuple[int, int]
) -> None:
    runs, over = patience
    memory = LinkMemory()
    for n in days:
        before = memory
        memory = remembered(
            before, [checked("dead")], today=day(n), runs=runs, days=over, rules=RULES
        )
        old = before.health.get(KEY)
        if old and is_confirmed(old.failures, runs, over):
            assert memory == before
    assert memory == after([(n, "dead") for n in [*days, days[-1]]], runs=runs, days=over)


@given(growing, patience, verdicts)
def test_todays_word_is_the_same_before_and_after_it_is_remembered(
    days: list[int], patience: tuple[int, int], verdict: Verdict
) -> None:
    runs, over = patience
    memory = after([(n, "dead") for n in days], runs=runs, days=over)
    link, today = checked(verdict), day(days[-1] + 1)
    word = partial(confirmed, checked=link, today=today, runs=runs, days=over, rules=RULES)
    later = remembered(memory, [link], today=today, runs=runs, days=over, rules=RULES)
    enough = len(set(days)) + 1 >= runs and days[-1] + 1 - days[0] >= over
    assert word(memory).confirmed == (outcome_of(verdict) == "fix" and enough)
    assert word(later) == word(memory)


def test_one_failure_is_enough_for_those_who_say_so() -> None:
    once = confirmed(LinkMemory(), checked("dead"), today=day(0), runs=1, days=0, rules=RULES)
    assert once.confirmed
    assert not confirmed(
        LinkMemory(), checked("ok"), today=day(0), **WEEKLY | {"runs": 1}
    ).confirmed


@given(st.lists(st.tuples(st.integers(0, 30), verdicts), max_size=8))
def test_one_success_forgets_all_failures(days: list[tuple[int, Verdict]]) -> None:
    memory = after([*sorted(days), (31, "ok")])
    assert memory.health[KEY].failures == ()
    assert memory.health[KEY].verdict == "ok"


@given(growing, st.sampled_from(["blocked", "rate-limited", "login"]))
def test_a_refusal_proves_neither_life_nor_death(days: list[int], refusal: Verdict) -> None:
    dead = after([(n, "dead") for n in days])
    refused = remembered(dead, [checked(refusal)], today=day(31), **WEEKLY)
    assert refused.health[KEY].verdict == refusal
    assert refused.health[KEY].since == day(31)
    assert refused.health[KEY].failures == dead.health[KEY].failures
    assert not confirmed(dead, checked(refusal), today=day(31), **WEEKLY).confirmed


@given(verdicts, st.booleans())
def test_unknown_changes_nothing(verdict: Verdict, whole: bool) -> None:
    memory = replace(after([(0, verdict)]), run=RUN)
    run = RUN if whole else None
    assert remembered(memory, [checked("unknown")], today=day(9), run=run, **WEEKLY) == memory


def test_what_was_never_known_has_no_line() -> None:
    assert after([(0, "unknown")]) == LinkMemory()


@given(st.lists(st.tuples(verdicts, st.integers(0, 3)), max_size=8), st.randoms())
def test_neither_the_order_of_a_run_nor_its_repetition_changes_the_memory(
    found: list[tuple[Verdict, int]], random: Any
) -> None:
    run = [
        checked(verdict, f"{URL}/{n}#{m}", suggest=f"https://a.example/{m}")
        for m, (verdict, n) in enumerate(found)
    ]
    shuffled = random.sample(run, len(run))
    once = remembered(LinkMemory(), run, today=day(0), **WEEKLY)
    assert remembered(LinkMemory(), shuffled, today=day(0), **WEEKLY) == once
    assert remembered(once, shuffled, today=day(0), **WEEKLY) == once


@given(verdicts, st.text(max_size=5))
def test_a_quiet_week_keeps_the_day_the_evidence_and_the_suggestion(
    verdict: Verdict, later: str
) -> None:
    first, second = (
        checked(verdict, suggest=f"https://a.example/{said}", evidence=(status(said),))
        for said in ("then", later)
    )
    memory = remembered(LinkMemory(), [first], today=day(0), runs=1, days=0, rules=RULES)
    assert remembered(memory, [second], today=day(7), runs=1, days=0, rules=RULES) == memory


def test_another_verdict_begins_anew_but_goes_on_failing() -> None:
    first = checked("error", evidence=(status("500"),))
    memory = remembered(LinkMemory(), [first], today=day(0), **WEEKLY)
    gone = checked("dead", evidence=(status("410"),))
    assert remembered(memory, [gone], today=day(3), **WEEKLY).health[KEY] == LinkHealth(
        url=KEY, verdict="dead", since=day(3), failures=(day(0), day(3)), evidence=(status("410"),)
    )


def test_two_links_to_one_page_share_the_worst_verdict() -> None:
    run = [checked("ok"), checked("fragment", f"{URL}#crust"), checked("unknown", f"{URL}#crumb")]
    memory = remembered(LinkMemory(), run, today=day(0), **WEEKLY)
    assert {key: health.verdict for key, health in memory.health.items()} == {KEY: "fragment"}
    assert not confirmed(memory, run[0], today=day(0), **WEEKLY | {"runs": 1, "days": 0}).confirmed


@given(verdicts)
def test_what_one_link_could_not_tell_another_one_may(verdict: Verdict) -> None:
    run = [checked("unknown", f"{URL}#crumb"), checked(verdict)]
    assert remembered(LinkMemory(), run, today=day(0), **WEEKLY) == after([(0, verdict)])


def test_what_a_whole_run_did_not_check_is_forgotten() -> None:
    memory = replace(after([(0, "dead")]), run=RUN)
    other = [checked("ok", "https://other.example/")]
    partly = remembered(memory, other, today=day(1), **WEEKLY)
    assert partly.health.keys() == {KEY, "other.example"}
    assert partly.run == RUN
    later = replace(RUN, links=2)
    wholly = remembered(memory, other, today=day(1), run=later, **WEEKLY)
    assert wholly.health.keys() == {"other.example"}
    assert wholly.run == later


def test_a_judgement_from_the_cache_counts_where_nothing_is_known() -> None:
    cached = checked("ok", fresh=False)
    dead = after([(0, "dead")])
    assert remembered(dead, [cached], today=day(1), run=RUN, **WEEKLY).health == dead.health
    assert remembered(LinkMemory(), [cached], today=day(1), **WEEKLY).health[KEY].verdict == "ok"


def test_what_is_no_web_address_is_not_remembered() -> None:
    mail = checked("dead", "mailto:a@bread.example")
    assert remembered(LinkMemory(), [mail], today=day(0), **WEEKLY) == LinkMemory()
    assert confirmed(LinkMemory(), mail, today=day(0), runs=1, days=0, rules=RULES).confirmed
    assert [*recalled(LinkMemory(), [mail.link], **WEEKLY)] == []


def test_evidence_is_kept_short_and_without_controls() -> None:
    long = checked("soft-404", evidence=(Evidence(kind="title", value="a\u202e\n" + "面" * 999),))
    memory = remembered(LinkMemory(), [long], today=day(0), **WEEKLY)
    (kept,) = memory.health[KEY].evidence
    assert kept.value == "a " + "面" * 297 + "…"


def test_a_memory_is_told_for_every_link_it_knows() -> None:
    memory = after([(0, "dead"), (4, "dead"), (8, "dead")])
    known, unknown = Link(url=f"{URL}/#x"), Link(url="https://new.example/")
    (told,) = recalled(memory, [known, unknown], **WEEKLY)
    assert (told.link, told.verdict, told.confirmed, told.fresh) == (known, "dead", True, False)
    (told,) = recalled(memory, [known], runs=4, days=7, rules=RULES)
    assert not told.confirmed
    refused = remembered(memory, [checked("blocked")], today=day(9), **WEEKLY)
    assert not any(told.confirmed for told in recalled(refused, [known], **WEEKLY))


@pytest.mark.parametrize(
    ("url", "suggest"),
    [
        ("https://arxiv.org/pdf/1706.03762.pdf", "https://arxiv.org/pdf/1706.03762"),
        ("https://arxiv.org/pdf/1706.03762.pdf#page=3", "https://arxiv.org/pdf/1706.03762"),
        ("https://arxiv.org/abs/1706.03762", ""),
    ],
)
def test_a_suggestion_is_for_the_very_address_that_moved(url: str, suggest: str) -> None:
    chain = "301 https://arxiv.org/pdf/1706.03762.pdf → https://arxiv.org/pdf/1706.03762"
    moved = checked(
        "moved",
        "https://arxiv.org/pdf/1706.03762.pdf",
        suggest="https://arxiv.org/pdf/1706.03762",
        evidence=(Evidence(kind="chain", value=chain),),
    )
    memory = remembered(LinkMemory(), [moved], today=day(0), **WEEKLY)
    assert [told.judgement.suggest for told in recalled(memory, [Link(url=url)], **WEEKLY)] == [
        suggest
    ]


@pytest.mark.parametrize(
    ("since", "failures", "keys"),
    [
        (day(0), (day(0), day(1)), []),
        ("2026", (), ["since"]),
        (day(0), (day(1), day(0)), ["failures"]),
        (day(0), (day(1), day(1)), ["failures"]),
        (day(0), ("yesterday",), ["failures"]),
    ],
)
def test_days_that_cannot_be_are_told(
    since: str, failures: tuple[str, ...], keys: list[str]
) -> None:
    health = LinkHealth(url=KEY, verdict="dead", since=since, failures=failures)
    assert [key for key, _ in health_faults(health)] == keys


def status(value: str) -> Evidence:
    return Evidence(kind="status", value=value)
