"""A path from the reading lists: which topics, in what order, and how long it takes.

Its twin is docs/assets/javascripts/path/path.js; tests/cases/path.yml holds both to one table.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from tools.model.choosing import Chooser
from tools.model.listed import ListedTopic
from tools.model.path import KNOWN, LeftOut, Path, Reason, Statuses, Step, Wish


def plan(topics: Sequence[ListedTopic], statuses: Statuses, wish: Wish) -> Path:
    """The path to `wish.goal`, else to every end of the road, for a reader with these statuses."""
    needed = _needed(topics, statuses, wish.goal)
    chooser = Chooser(statuses, wish)
    steps, known = [], []
    for topic in _in_order(topics):
        if topic.id not in needed:
            continue
        made = _step(chooser, topic, _why(topic, topics, needed, wish))
        if isinstance(made, Step):
            steps.append(made)
        else:
            known.append(made)
    return _timed(steps, known, wish.minutes_a_week)


def _step(chooser: Chooser, topic: ListedTopic, reason: Reason) -> Step | LeftOut:
    """The topic as a step of the path, or why it is known already."""
    if chooser.knows_topic(topic):
        return LeftOut(f"topic/{topic.id}", Reason("known"))
    begun, best = chooser.begun(topic), chooser.best(topic)
    chosen = begun if best is None or best in begun else [*begun, best]
    unread = [one for one in chosen if not chooser.knows(one)]
    if chosen and not unread:
        read = Reason("read", tuple(f"resource/{one.resource}" for one in chosen))
        return LeftOut(f"topic/{topic.id}", read)
    step = Step(
        topic=topic.id,
        reason=reason,
        reading=tuple(chooser.choice(topic, one, best) for one in unread),
        snippet=chooser.snippet(topic),
        left_out=tuple(chooser.left_out(one) for one in topic.reading if one not in unread),
    )
    # A whole resource is asked for once; of one that was read in part, another part may be.
    taken = [f"resource/{one.resource}" for one in unread if not one.part]
    taken += [step.snippet.subject] if step.snippet else []
    chooser.taken.update(dict.fromkeys(taken, f"topic/{topic.id}"))
    return step


def _timed(steps: list[Step], known: list[LeftOut], a_week: int | None) -> Path:
    """The steps with the week each begins in, and the totals."""
    minutes, timed = 0, []
    for step in steps:
        timed.append(replace(step, week=minutes // a_week + 1) if a_week else step)
        minutes += sum(choice.minutes or 0 for choice in step.reading)
    unmeasured = sum(choice.minutes is None for step in steps for choice in step.reading)
    weeks = -(-minutes // a_week) if a_week else None
    return Path(tuple(timed), tuple(known), minutes, unmeasured, weeks)


def _needed(topics: Iterable[ListedTopic], statuses: Statuses, goal: str) -> set[str]:
    """The goals and all they require; what comes before a topic marked as known is known too."""
    requires = {topic.id: topic.requires for topic in topics}
    waiting = [goal] if goal else list(_ends(requires))
    needed: set[str] = set()
    while waiting:
        id = waiting.pop()
        if id in requires and id not in needed:
            needed.add(id)
            if statuses.get(f"topic/{id}") not in KNOWN:
                waiting += requires[id]
    return needed


def _ends(requires: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """The topics that no other one requires."""
    inner = {id for required in requires.values() for id in required}
    return (id for id in requires if id not in inner)


def _in_order(topics: Sequence[ListedTopic]) -> Iterator[ListedTopic]:
    """The topics in teaching order, each after all it requires."""
    waiting = list(topics)
    while waiting:
        left = {topic.id for topic in waiting}
        # A ring of topics is a problem of the catalog; here it only must not stop the planning.
        ready = (topic for topic in waiting if left.isdisjoint(topic.requires))
        topic = next(ready, waiting[0])
        waiting.remove(topic)
        yield topic


def _why(topic: ListedTopic, topics: Iterable[ListedTopic], needed: set[str], wish: Wish) -> Reason:
    """What the topic is for: the goal, an end of the road, or the next topics of the path."""
    if topic.id == wish.goal:
        return Reason("goal")
    later = [one.id for one in topics if one.id in needed and topic.id in one.requires]
    return Reason("needed-for", tuple(f"topic/{id}" for id in later)) if later else Reason("end")
