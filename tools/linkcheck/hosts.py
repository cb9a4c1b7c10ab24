"""Whose turn it is: which request may go out now, so that no host is asked too often at once."""

import heapq
from collections import deque
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from itertools import count
from math import inf
from threading import Condition
from time import monotonic
from typing import Generic, TypeVar
from urllib.parse import urlsplit

Task = TypeVar("Task")

# A host counts a connection until its own side is closed, a moment after ours.
_FAREWELL = 0.01
# A second on this machine is not a second on theirs, and requests bunch up on their way.
_SECOND = 1.1


def turn_of(address: str) -> str:
    """The host whose turn an address waits for; its port counts unless it is the usual one."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return address
    host = (parts.hostname or "").rstrip(".")
    return host if port in (None, 80, 443) else f"{host}:{port}"


@dataclass(slots=True)
class _Host(Generic[Task]):
    """One host's queue, and what it has been asked lately."""

    most: int
    waiting: list[tuple[int, int, Task]] = field(default_factory=list)
    running: int = 0
    leaving: deque[float] = field(default_factory=deque)
    starts: deque[float] = field(default_factory=deque)
    paused_until: float = 0
    listed: bool = False
    closed: bool = False


class Turns(Generic[Task]):
    """Hands out tasks to many threads: every host within its limits, the longest queue first.

    A host with the most left to do decides when the run ends, so it never waits for others.
    """

    def __init__(
        self, per_host: int, rate: float, *, clock: Callable[[], float] = monotonic
    ) -> None:
        self._per_host = per_host
        self._burst = max(1, int(rate * 0.95))
        self._window = max(_SECOND, _SECOND * self._burst / rate)
        self._clock = clock
        self._changed = Condition()
        self._hosts: dict[Hashable, _Host[Task]] = {}
        self._ready: list[tuple[int, int, _Host[Task]]] = []
        self._sleeping: list[tuple[float, int, _Host[Task]]] = []
        self._timed: list[tuple[float, int, str, int, Task]] = []
        self._last: list[tuple[str, Task]] = []
        self._number = count()
        self._queued = self._running = 0
        self._stopped = False
        self._led_until = inf

    def fill(self, tasks: Iterable[tuple[str, Task]]) -> None:
        """Queue many tasks at once, so that it is known from the start which queue is long."""
        with self._changed:
            for host, task in tasks:
                heapq.heappush(self._host(host).waiting, (0, next(self._number), task))
                self._queued += 1
            for its in self._hosts.values():
                self._list(its, self._clock())
            self._nudge()

    def add(self, host: str, task: Task, *, round: int = 0, delay: float = 0) -> bool:
        """Queue a task; at its host, earlier rounds go first, and not before `delay` seconds.

        False where the host is closed.
        """
        with self._changed:
            if self._host(host).closed:
                return False
            if delay:
                due = self._clock() + delay
                heapq.heappush(self._timed, (due, next(self._number), host, round, task))
            else:
                self._enqueue(host, round, task)
            self._nudge()
            return True

    def add_last(self, host: str, task: Task) -> None:
        """Queue a task for when all others are done."""
        with self._changed:
            self._last.append((host, task))
            self._nudge()

    def take(self) -> Task | None:
        """The next task, as soon as its host may be asked; None when all are done or stopped.

        `done` has to be told when its request is over.
        """
        with self._changed:
            while not self._over:
                now = self._clock()
                if self._startable(now):
                    task = self._start(heapq.heappop(self._ready)[2], now)
                    self._nudge()
                    return task
                self._wait(now)
            self._changed.notify_all()
            return None

    def done(self, host: str) -> None:
        """A request to this host is over."""
        with self._changed:
            its = self._hosts[host]
            its.running -= 1
            self._running -= 1
            now = self._clock()
            its.leaving.append(now + _FAREWELL)
            self._list(its, now)
            self._nudge()

    def pause(self, host: str, seconds: float) -> None:
        """Ask nothing of this host for so long, and from then on one thing at a time."""
        with self._changed:
            its = self._host(host)
            its.paused_until = max(its.paused_until, self._clock() + seconds)
            its.most = 1

    def holds(self, host: str) -> bool:
        """Whether a host that it was a moment ago the turn of is paused or closed by now."""
        its = self._hosts[host]
        return its.closed or its.paused_until > self._clock()

    def close(self, host: str) -> list[Task]:
        """Ask nothing of this host any more; everything that still waited for it."""
        with self._changed:
            its = self._host(host)
            its.closed = True
            left = [task for _, _, task in sorted(its.waiting, key=lambda waiting: waiting[:2])]
            left += [timed[4] for timed in self._timed if timed[2] == host]
            left += [task for name, task in self._last if name == host]
            self._queued -= len(its.waiting)
            its.waiting.clear()
            self._timed = [timed for timed in self._timed if timed[2] != host]
            heapq.heapify(self._timed)
            self._last = [(name, task) for name, task in self._last if name != host]
            self._nudge()
            return left

    def stop(self) -> None:
        """Hand out nothing more."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def _host(self, host: str) -> _Host[Task]:
        return self._hosts.setdefault(host, _Host(self._per_host))

    @property
    def _over(self) -> bool:
        """Whether nothing will be handed out any more; what comes last comes now."""
        if not (self._stopped or self._queued or self._timed or self._running):
            last, self._last = self._last, []
            for host, task in last:
                self._enqueue(host, 0, task)
        return self._stopped or not (self._queued or self._timed or self._running)

    def _enqueue(self, host: str, round: int, task: Task) -> None:
        its = self._host(host)
        heapq.heappush(its.waiting, (round, next(self._number), task))
        self._queued += 1
        self._list(its, self._clock())

    def _start(self, its: _Host[Task], now: float) -> Task:
        its.listed = False
        task = heapq.heappop(its.waiting)[2]
        its.running += 1
        its.starts.append(now)
        self._queued -= 1
        self._running += 1
        self._list(its, now)
        return task

    def _list(self, its: _Host[Task], now: float) -> None:
        """Put a host where it is found when it may be asked again; each stands in one place."""
        if its.listed or not its.waiting:
            return
        when = self._free_at(its, now)
        if when is None:
            return  # Until one of its requests is over.
        its.listed = True
        if when <= now:
            heapq.heappush(self._ready, (-len(its.waiting), next(self._number), its))
        else:
            heapq.heappush(self._sleeping, (when, next(self._number), its))

    def _free_at(self, its: _Host[Task], now: float) -> float | None:
        """When the host may be asked next; None while that depends on an answer."""
        while its.leaving and its.leaving[0] <= now:
            its.leaving.popleft()
        while its.starts and its.starts[0] <= now - self._window:
            its.starts.popleft()
        if its.running >= its.most:
            return None
        when = its.paused_until
        if its.running + len(its.leaving) >= its.most:
            when = max(when, its.leaving[len(its.leaving) - (its.most - its.running)])
        if len(its.starts) >= self._burst:
            when = max(when, its.starts[-self._burst] + self._window)
        return when

    def _startable(self, now: float) -> bool:
        """Whether a host may be asked now; it then stands first among the ready ones."""
        while self._timed and self._timed[0][0] <= now:
            _, _, host, round, task = heapq.heappop(self._timed)
            self._enqueue(host, round, task)
        while self._sleeping and self._sleeping[0][0] <= now:
            self._list_again(heapq.heappop(self._sleeping)[2], now)
        # It may have been paused or emptied since it was listed.
        while self._ready and not self._may_start(self._ready[0][2], now):
            self._list_again(heapq.heappop(self._ready)[2], now)
        return bool(self._ready)

    def _list_again(self, its: _Host[Task], now: float) -> None:
        its.listed = False
        self._list(its, now)

    def _may_start(self, its: _Host[Task], now: float) -> bool:
        when = self._free_at(its, now)
        return bool(its.waiting) and when is not None and when <= now

    @property
    def _next_moment(self) -> float:
        """When something becomes startable without anything else happening."""
        return min((queue[0][0] for queue in (self._timed, self._sleeping) if queue), default=inf)

    def _nudge(self) -> None:
        """Wake a thread where there is something to do, now or sooner than any thread waits for.

        To wake one for nothing costs more than a request, with hundreds of them.
        """
        if not (self._queued or self._timed or self._running):
            self._changed.notify_all()
        elif self._ready or self._next_moment < self._led_until:
            self._changed.notify()

    def _wait(self, now: float) -> None:
        """Until something changes, or until the next moment that no other thread waits for."""
        first = self._next_moment
        if first >= self._led_until:
            self._changed.wait()
            return
        self._led_until = first
        try:
            self._changed.wait(max(first - now, 0.001))
        finally:
            self._led_until = inf
            self._nudge()
