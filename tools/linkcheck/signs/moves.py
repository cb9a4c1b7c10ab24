"""Pages that have a new address for good."""

from tools.linkcheck.answer import PERMANENT
from tools.linkcheck.rewrites import safe_rewrite
from tools.linkcheck.seen import Seen, chain_of
from tools.model.link import Judgement


def moved(seen: Seen) -> Judgement | None:
    """`moved` where permanent redirects lead to a page that nothing speaks against.

    `suggest` is the new address, and empty where writing it back could do harm.
    """
    answer = seen.answer
    if not answer.hops or answer.hops[0].status not in PERMANENT:
        return None
    return Judgement(
        verdict="moved",
        evidence=chain_of(answer),
        suggest=safe_rewrite(seen.link, answer, seen.page),
        final=answer.address,
    )
