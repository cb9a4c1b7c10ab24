"""(being written)"""

from tools.linkcheck.seen import Seen
from tools.model.link import Judgement


def drift(seen: Seen) -> Judgement | None:
    """Being written."""
    return None
