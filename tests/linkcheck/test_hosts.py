"""Whose turn it is, on a clock of its own: hosts are never asked too much, and none waits."""

import heapq
import threading
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.linkcheck.hosts import Turns, turn_of

PER_HOST, RATE = 4, 20.0


class Played(Turns[tuple[str, float]]):
    """Turns whose waiting moves the clock on; a task is a host and the seconds it takes there."""

    def __init__(self, per_host: int = PER_HOST, rate: float = RATE) -> None:
        self.now = 0.0
        self.ends: list[tuple[float, str]] = []
        self.log: list[tuple[float, float, str]] = []
        super().__init__(per_host, rate, clock=lambda: self.now)

    def _wait(self, now: float) -> None:
        moments = [queue[0][0] for queue in (self._timed, self._sleeping) if queue]
        if self.ends and self.ends[0][0] <= min(moments, default=self.ends[0][0]):
            self.now, host = heapq.heappop(self.ends)
            self.done(host)
        else:
            self.now = min(moments)

    def play(self, tasks: Sequence[tuple[str, float]]) -> list[tuple[float, float, str]]:
        """Start, end and host of every task, in the order of starting."""
        self.fill((task[0], task) for task in tasks)
        while task := self.take():
            self.log.append((self.now, self.now + task[1], task[0]))
            heapq.heappush(self.ends, (self.now + task[1], task[0]))
        return self.log


tasks = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from([0.001, 0.05, 0.3, 3.0])), max_size=60
)


@given(tasks)
def test_every_task_has_its_turn_and_no_host_is_asked_too_much(
    asked: list[tuple[str, float]],
) -> None:
    log = Played().play(asked)
    assert sorted((host, round(end - start, 6)) for start, end, host in log) == sorted(asked)
    for host in "abc":
        its = [(start, end) for start, end, name in log if name == host]
        for start, _ in its:
            assert sum(other <= start < end for other, end in its) <= PER_HOST
            assert sum(start <= other < start + 1 for other, _ in its) <= RATE


def test_a_host_is_kept_busy_as_far_as_it_may_be() -> None:
    log = Played().play([("a", 0.3)] * 12)
    assert [round(start, 1) for start, _, _ in log] == [0.0] * 4 + [0.3] * 4 + [0.6] * 4


def test_the_longest_queue_goes_first() -> None:
    log = Played(per_host=1).play([("a", 1), ("b", 1), ("b", 1), ("c", 1), ("c", 1), ("c", 1)])
    assert "".join(host for _, _, host in log[:3]) == "cba"


def test_a_slow_rate_spreads_requests() -> None:
    log = Played(rate=0.5).play([("a", 0.1)] * 3)
    assert all(later[0] - start[0] >= 2 for start, later in pairwise(log))


def test_a_paused_host_is_left_alone_and_then_asked_one_at_a_time() -> None:
    turns = Played()
    turns.pause("a", 30)
    log = turns.play([("a", 1.0), ("a", 1.0), ("b", 1.0)])
    assert [(host, round(start)) for start, _, host in log] == [("b", 0), ("a", 30), ("a", 31)]


def test_a_pause_also_holds_what_was_about_to_start() -> None:
    turns = Played()
    for _ in range(3):
        turns.add("a", ("a", 1.0))
    assert turns.take()
    turns.ends.append((1.0, "a"))
    turns.pause("a", 10)
    assert turns.take()
    assert turns.now == 10


def test_later_rounds_and_delays_wait_for_earlier_ones() -> None:
    turns = Played(per_host=1)
    turns.add("a", ("a", 2.0), round=1)
    turns.add("a", ("a", 3.0), delay=0.5)
    log = turns.play([("a", 1.0)])
    assert [round(end - start) for start, end, _ in log] == [1, 3, 2]


def test_what_comes_last_waits_for_all_hosts() -> None:
    turns = Played()
    turns.add_last("a", ("a", 1.0))
    log = turns.play([("b", 5.0)])
    assert [(host, start) for start, _, host in log] == [("b", 0.0), ("a", 5.0)]


def test_a_closed_host_gives_everything_back_and_takes_nothing() -> None:
    turns = Played()
    turns.add("a", ("a", 1.0), round=1)
    turns.add("a", ("a", 2.0))
    turns.add("a", ("a", 3.0), delay=9)
    turns.add_last("a", ("a", 4.0))
    turns.add("b", ("b", 1.0))
    assert [seconds for _, seconds in turns.close("a")] == [2.0, 1.0, 3.0, 4.0]
    assert not turns.add("a", ("a", 1.0))
    assert [host for _, _, host in turns.play([])] == ["b"]


def test_threads_that_wait_are_woken_when_all_is_over() -> None:
    turns: Turns[str] = Turns(1, 1000)
    for n in range(6):
        turns.add("a", f"task {n}")
    taken: list[str] = []

    def work() -> None:
        while task := turns.take():
            taken.append(task)
            turns.done("a")

    threads = [threading.Thread(target=work, daemon=True) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert not any(thread.is_alive() for thread in threads)
    assert taken == [f"task {n}" for n in range(6)]


def test_stopping_ends_the_waiting() -> None:
    turns: Turns[str] = Turns(1, 1000)
    turns.add("a", "now")
    turns.add("a", "never", delay=1000)
    assert turns.take() == "now"
    waiting = threading.Thread(target=turns.take, daemon=True)
    waiting.start()
    turns.stop()
    waiting.join(5)
    assert not waiting.is_alive()


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://Example.org./a", "example.org"),
        ("http://example.org:80/", "example.org"),
        ("https://example.org:443/", "example.org"),
        ("http://example.org:8080/", "example.org:8080"),
        ("http://[::1]:99/", "::1:99"),
        ("http://example.org:x/", "http://example.org:x/"),
    ],
)
def test_a_host_is_its_name_and_an_unusual_port(address: str, host: str) -> None:
    assert turn_of(address) == host
