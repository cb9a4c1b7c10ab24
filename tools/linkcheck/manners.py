"""How hosts bore our questions so far: who asked to be left alone, who keeps us waiting."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Lock

from tools.linkcheck.answer import Answer

# A host that asks for patience this often in a row means it.
_REFUSALS = 3
# So many requests in vain, and the rest of a host's links get a quarter of the time, once each.
_IN_VAIN = 8
_WAITS = (2.0, 5.0, 12.0)


@dataclass(slots=True)
class _Bearing:
    refusals: int = 0
    in_vain: int = 0


class Manners:
    """What all threads know of each host's bearing."""

    def __init__(self, deadline: float, patience: float) -> None:
        self._deadline = deadline
        self._patience = patience
        self._hosts: dict[str, _Bearing] = {}
        self._lock = Lock()
        self.answered = False

    def seconds(self, host: str) -> float:
        """How long a request to this host may take."""
        return self._deadline / 4 if self.keeps_waiting(host) else self._deadline

    def keeps_waiting(self, host: str) -> bool:
        """Whether so many requests to this host were in vain that one try is enough."""
        with self._lock:
            return self._hosts.get(host, _Bearing()).in_vain >= _IN_VAIN

    def learn(self, host: str, answer: Answer) -> None:
        """Take note of an answer that is none of a host that asks for patience."""
        with self._lock:
            its = self._hosts.setdefault(host, _Bearing())
            if answer.status is not None or answer.failure in ("tls", "broken"):
                self.answered = True
            if answer.failure == "deadline":
                its.in_vain += 1
            elif answer.status is not None:
                its.refusals = 0

    def wait_for(self, host: str, answer: Answer) -> float | None:
        """The seconds that a host wants to be left alone; None where that is too long for a run."""
        with self._lock:
            its = self._hosts.setdefault(host, _Bearing())
            its.refusals += 1
            self.answered = True
            asked = retry_after(answer.headers)
            seconds = _WAITS[min(its.refusals, len(_WAITS)) - 1] if asked is None else asked
            return seconds if its.refusals < _REFUSALS and seconds <= self._patience else None


def asks_for_patience(answer: Answer) -> bool:
    """Whether a host says: not now. A 503 says so only together with a time."""
    return answer.status == 429 or (
        answer.status == 503 and retry_after(answer.headers) is not None
    )


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds in Retry-After (RFC 9110, 10.2.3), a date counted from the answer's own Date."""
    asked = headers.get("retry-after", "").strip()
    if asked.isdecimal():
        return float(asked[:9])
    when, sent = _date(asked), _date(headers.get("date", "")) or datetime.now(UTC)
    # A second more, since both are rounded.
    return max((when - sent).total_seconds(), 0) + 1 if when else None


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
