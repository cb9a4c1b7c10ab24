"""What was done to a host: who came when, how many at once, and whether any of it was rude."""

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

AT_ONCE, A_SECOND, BYTES = 4, 20, 5_000_000
# Whoever asked while the answer that begs for quiet was on its way could not know of it.
_CROSSING = 0.1


@dataclass(slots=True)
class Record:
    """One host's book; times are monotonic seconds, `sent` bytes that a request was handed."""

    arrivals: list[float] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    sent: list[int] = field(default_factory=list)
    now: int = 0
    most: int = 0
    too_early: int = 0
    banned: bool = False
    quiet: tuple[float, float] = (0, 0)

    def arrive(self, method: str, path: str, moment: float) -> None:
        """A request came."""
        self.arrivals.append(moment)
        self.asked[f"{method} {path}"] += 1
        self.now += 1
        self.most = max(self.most, self.now)
        began, end = self.quiet
        self.too_early += began + _CROSSING < moment < end

    def leave(self, sent: int) -> None:
        """A request is over: its answer is on the wire, or nobody waits for it."""
        self.now -= 1
        self.sent.append(sent)

    def beg(self, moment: float, seconds: float) -> None:
        """The host asks to be left alone for so many seconds."""
        began, end = self.quiet
        self.quiet = (began if moment < end else moment, max(end, moment + seconds))

    @property
    def busiest_second(self) -> int:
        """The most requests that came within any one second."""
        return busiest(self.arrivals)

    @property
    def crowded(self) -> bool:
        """Whether more came at once, or within a second, than a host has to bear."""
        return self.now > AT_ONCE or busiest(self.arrivals[-A_SECOND - 1 :]) > A_SECOND

    def rudeness(self) -> dict[str, int]:
        """How often each of the rules was broken; only those that were."""
        found = {
            "over 4 at once": max(self.most - AT_ONCE, 0),
            "over 20 a second": max(self.busiest_second - A_SECOND, 0),
            "inside Retry-After": self.too_early,
            "over 5 MB": sum(size > BYTES for size in self.sent),
        }
        return {rule: times for rule, times in found.items() if times}

    def as_fields(self) -> dict[str, Any]:
        """What a benchmark in another process needs of it."""
        return {"asked": self.asked, "rudeness": self.rudeness(), "banned": self.banned}


def busiest(moments: Iterable[float]) -> int:
    """The most of these moments, in order, that lie within less than a second."""
    window: deque[float] = deque()
    most = 0
    for moment in moments:
        window.append(moment)
        while moment - window[0] >= 1:
            window.popleft()
        most = max(most, len(window))
    return most


def rudeness(records: Mapping[str, Record]) -> dict[str, dict[str, int]]:
    """The hosts to which something rude was done, and what."""
    return {host: found for host, record in records.items() if (found := record.rudeness())}
