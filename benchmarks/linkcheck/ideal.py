"""The least time that checking takes where every host bears only so many questions at once."""

import heapq
from collections.abc import Iterable, Mapping, Sequence

Hosts = Mapping[str, Sequence[float]]


def in_order(hosts: Hosts, at_once: int) -> float:
    """The seconds of the slowest host on its own, its links in the order they stand in.

    Whenever an answer is there, the next question goes out (list scheduling). No checker that
    does not know beforehand which links are slow can be relied on to be faster, and no other host
    makes it slower, since hosts do not wait for one another.
    """
    return max(_makespan(seconds, at_once) for seconds in hosts.values())


def slowest_first(hosts: Hosts, at_once: int) -> float:
    """The same for who knew all latencies and asked for the slowest links of a host first.

    That is at most 4/3 of the optimum (Graham, 1969), which is no less than the longest link and
    no less than an even share of the sum.
    """
    return max(_makespan(sorted(seconds)[::-1], at_once) for seconds in hosts.values())


def _makespan(seconds: Iterable[float], at_once: int) -> float:
    free = [0.0] * at_once
    for one in seconds:
        heapq.heapreplace(free, free[0] + one)
    return max(free)
