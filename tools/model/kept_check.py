"""A check kept for the next run: which verdicts hold for how long."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tools.model.link import Judgement, Verdict

# How long a verdict on one address may stand in for a new check. A day less than a week, so that a
# weekly run looks at every page; a refusal is not worth a daily knock, and a rate limit passes
# within the hour. What must be mended is looked at in every run: the days on which it failed are
# what confirms it, and a mended link should show at once.
LIFETIMES: Mapping[Verdict, timedelta] = {
    "ok": timedelta(days=6),
    "moved": timedelta(days=6),
    "blocked": timedelta(days=3),
    "login": timedelta(days=3),
    "rate-limited": timedelta(hours=1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCheck:
    """What one check of an exact address found `at` a time (ISO, with its zone).

    `known` is a digest of all that the judgement depends on beside the page.
    """

    url: str
    at: str
    known: str
    judgement: Judgement

    def holds(self, now: datetime) -> bool:
        """Whether the judgement still stands in for a new check; `now` knows its zone."""
        lifetime = LIFETIMES.get(self.judgement.verdict, timedelta(0))
        try:
            return timedelta(0) <= now - datetime.fromisoformat(self.at) < lifetime
        except (ValueError, TypeError):  # No time, or one without a zone.
            return False
