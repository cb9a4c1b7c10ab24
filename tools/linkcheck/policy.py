"""The policy: recorded answers to a verdict with its evidence. Pure: no clock, no network."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from tools.linkcheck.answer import Answer, Failure
from tools.linkcheck.seen import Seen, chain_of
from tools.linkcheck.signs.deletion import deletion
from tools.linkcheck.signs.drift import drift
from tools.linkcheck.signs.fragments import missing_fragment
from tools.linkcheck.signs.login import login
from tools.linkcheck.signs.moves import moved
from tools.linkcheck.signs.parked import parked
from tools.linkcheck.signs.refusals import refusal
from tools.linkcheck.signs.states import page_state
from tools.model.link import Evidence, Judgement, Link, Verdict

Sign = Callable[[Seen], Judgement | None]

# The first that recognises a page decides. A refusal shows nothing of the page behind it, and a
# parked domain has no page at all: these stand even where the page sends its readers on. What says
# that it is gone may ask for a login beside; and the title of a link into a page is its part's.
AT_THE_DOOR: Sequence[Sign] = (page_state, refusal, parked)
SIGNS: Sequence[Sign] = (*AT_THE_DOOR, deletion, login, missing_fragment, drift)

_OF_FAILURES: dict[Failure, Verdict] = {
    "address": "dead",
    "name": "dead",
    "connect": "dead",
    "broken": "error",
    "deadline": "timeout",
    "tls": "tls",
    "private": "private",
    "hops": "loop",
    "proxy": "unknown",
}
# How many tries a verdict needs before it stands; the others stand at once.
_TRIES: dict[Verdict, int] = {"blocked": 2, "error": 3, "timeout": 2, "rate-limited": 3}


def judge_answer(link: Link, answer: Answer) -> Judgement:
    """The verdict on one answer alone."""
    return judge_seen(Seen(link, answer))


def judge_seen(seen: Seen) -> Judgement:
    """The same for an answer whose page may have been read already."""
    answer = seen.answer
    if answer.failure and not _shown_by_browsers(seen):
        return _failed(seen, answer.failure)
    for sign in SIGNS:
        if judgement := sign(seen):
            return judgement
    return _by_status(seen)


def stopped_at(seen: Seen) -> Judgement | None:
    """What stands between the link and its page, where something does."""
    return next((judgement for sign in AT_THE_DOOR if (judgement := sign(seen))), None)


def judge(tries: Sequence[Judgement]) -> Judgement:
    """The verdict of a run on a link: one good answer is enough, failures have to agree.

    Tries that failed in different ways failed all the same, and the last one says how; but where
    one of them may have been a refusal, nothing is known.
    """
    alive = next((one for one in tries if one.outcome == "alive"), None)
    last = tries[-1]
    if alive or len({one.verdict for one in tries}) == 1:
        return alive or last
    differing = Evidence(kind="tries", value=", ".join(one.verdict for one in tries))
    failed = all(one.outcome == "fix" for one in tries)
    verdict = last.verdict if failed else "unknown"
    return replace(last, verdict=verdict, evidence=(differing, *last.evidence))


def wants_again(tries: Sequence[Judgement], answer: Answer) -> bool:
    """Whether another try could change what these say."""
    if any(one.outcome == "alive" for one in tries):
        return False
    return len(tries) < max(_tries_for(tries[0], None), _tries_for(tries[-1], answer))


def _tries_for(judgement: Judgement, answer: Answer | None) -> int:
    if judgement.verdict == "dead":
        # Names and connections fail for a moment, and stores and players refuse for one.
        kinds = {one.kind for one in judgement.evidence}
        return 2 if kinds & {"failure", "phrase", "probe"} else 1
    return _TRIES.get(judgement.verdict, 1)


def _shown_by_browsers(seen: Seen) -> bool:
    """Sloppy HTTP whose page is there all the same: a wrong length, an end without a goodbye."""
    answer = seen.answer
    broken = answer.failure == "broken" and answer.detail != "reset"
    return broken and answer.status is not None and bool(seen.page.text)


def _failed(seen: Seen, failure: Failure) -> Judgement:
    answer = seen.answer
    value = f"{failure}: {answer.detail}" if answer.detail else failure
    return seen.judged(_OF_FAILURES[failure], "failure", value)


def _by_status(seen: Seen) -> Judgement:
    status = seen.answer.status or 0
    if 200 <= status < 300:
        return moved(seen) or Judgement(
            verdict="ok", evidence=chain_of(seen.answer), final=seen.answer.address
        )
    return seen.judged(_of_status(status), "status", str(status))


def _of_status(status: int) -> Verdict:
    if status in (404, 410):
        return "dead"
    if status in (429, 503):
        return "rate-limited"
    if status >= 500:
        return "error"
    # Redirects that lead nowhere, and demands that no reader's browser would meet.
    return "error" if status < 400 else "blocked"
