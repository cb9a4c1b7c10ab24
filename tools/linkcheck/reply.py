"""What a JSON answer says: for services, and for pages that refuse in JSON."""

import json
from collections.abc import Mapping

from tools.linkcheck.answer import Answer

# No answer of a service that is asked here comes near it.
_LONGEST = 500_000


def reply_of(answer: Answer) -> Mapping[str, object]:
    """The JSON object in an answer; an empty one where there is none."""
    if answer.cut or len(answer.body) > _LONGEST or not answer.body.lstrip().startswith(b"{"):
        return {}
    try:
        reply = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return reply if isinstance(reply, dict) else {}
