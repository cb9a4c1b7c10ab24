"""Whether the link checker is as fast, small, polite and right as it is meant to be."""

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median

from benchmarks.figure import Figure
from benchmarks.linkcheck.blind import waves
from benchmarks.linkcheck.ideal import in_order, slowest_first
from benchmarks.linkcheck.paper import on_paper
from benchmarks.linkcheck.run import Run, run
from benchmarks.linkcheck.score import by_category, scored, share
from benchmarks.workshop import Workshop

_ROUNDS = 3
_AT_ONCE = 4
_AIM_RATIO = 1.15
_AIM_SECONDS = 40.0
_AIM_MEGABYTES = 80.0
_AIM_WRONG, _AIM_BROKEN = 5.0, 1.0
_AIM_REQUESTS = 1.8
_SIZES, _AIM_GROWTH = (1_000, 10_000), 12.0
_BOMBS = 60
# In blind waves nothing is gained by waiting long for what never comes.
_SOON = {"deadline": 4.0, "patience": 10.0}


def links(workshop: Workshop) -> Iterator[Figure]:
    """Time beside the ideal, memory, hostile hosts, verdicts on blind cases, manners, and size."""
    runs: list[Run] = []
    for hosts, each in ((10, 20), (100, 10)):
        rounds = [run("usual", hosts, each) for _ in range(_ROUNDS)]
        yield from _speed(f"{hosts} hosts × {each} links", rounds)
        runs += rounds
    bombs = run("usual", 100, 10, _BOMBS)
    yield Figure(
        f"memory for 1,000 links and {_BOMBS} bombs", bombs.megabytes, "MB", _AIM_MEGABYTES
    )
    for hosts in (10, 24, 240):
        hostile = run("hostile", hosts)
        name = f"240 hostile links at {hosts} hosts"
        yield Figure(f"check {name}", hostile.seconds, "s", _AIM_SECONDS)
        yield Figure(f"{name}: without an outcome", hostile.hangs, "", 0)
        if hosts == len(hostile.stage.links):
            yield Figure(f"{name}: judged wrongly", sum(1 for _ in hostile.wrong()), "", 0)
        runs.append(hostile)
    strict = run("strict", 3, 60)
    yield Figure("180 links at strict hosts: judged wrongly", sum(1 for _ in strict.wrong()), "", 0)
    blind = [run("blind", wave, bare=True, **_SOON) for wave in range(len(waves()))]
    yield from _verdicts(blind)
    yield from _manners([*runs, bombs, strict, *blind])
    yield from _growth(workshop)


def _speed(name: str, rounds: Sequence[Run]) -> Iterator[Figure]:
    latencies = rounds[0].stage.latencies
    seconds = median(one.seconds for one in rounds)
    ideal = in_order(latencies, _AT_ONCE)
    yield Figure(f"check {name}", seconds, "s")
    yield Figure(
        f"check {name}, the slowest host's own time being 1", seconds / ideal, "×", _AIM_RATIO
    )
    known = seconds / slowest_first(latencies, _AT_ONCE)
    yield Figure(f"check {name}, who knew the slow ones being 1", known, "×")
    wrong = max(sum(1 for _ in one.wrong()) for one in rounds)
    yield Figure(f"check {name}: judged wrongly", wrong, "", 0)


def _verdicts(runs: Sequence[Run]) -> Iterator[Figure]:
    """How far from a maintainer's verdicts those on links are that nobody here has seen."""
    scores = [
        one for cases, run in zip(waves(), runs, strict=True) for one in scored(cases, run.found)
    ]
    for category, (wrong, count) in by_category(scores).items():
        yield Figure(f"blind: {category}, {count} cases, judged otherwise", wrong, "")
    name = f"blind: all {len(scores)} cases, judged otherwise than by a maintainer"
    yield Figure(name, share(not one.right for one in scores), "%", _AIM_WRONG)
    broken = share(one.called_broken for one in scores if one.whole)
    yield Figure("blind: alive or refusing, called broken", broken, "%", _AIM_BROKEN)
    yield Figure("blind: harmful rewrites", sum(one.harmful for one in scores), "", 0)
    yield Figure("blind: missed rewrites", sum(one.missed_rewrite for one in scores), "")
    requests = sum(one.requests for one in runs) / sum(len(one.stage.links) for one in runs)
    yield Figure("blind: requests a link", requests, "", _AIM_REQUESTS)


def _manners(runs: Sequence[Run]) -> Iterator[Figure]:
    rude = Counter[str]()
    for one in runs:
        for broken in one.rudeness.values():
            rude.update(broken)
    for rule, times in rude.items():
        yield Figure(f"rude: {rule}", times, "")
    yield Figure("rude in all runs", sum(rude.values()), "", 0)


def _growth(workshop: Workshop) -> Iterator[Figure]:
    """Whether a link costs the same in a catalog ten times as large."""
    small, large = _SIZES
    rounds = [tuple(on_paper(workshop.catalog(size)) for size in _SIZES) for _ in range(_ROUNDS)]
    for step in ("planned", "reported"):
        grown = median(getattr(late, step) / getattr(early, step) for early, late in rounds)
        name = f"{large:,} links {step}, {small:,} being 1"
        yield Figure(name, grown, "×", _AIM_GROWTH)
