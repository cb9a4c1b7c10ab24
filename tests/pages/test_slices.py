"""The order in which rows are sliced for scripts."""

from tools.model.facts import Facts
from tools.model.query import Query, select
from tools.pages.slices import slice_order


def fact(n: int) -> Facts:
    return Facts(
        id=f"r{n}",
        title=f"{-n % 60:02}",
        topics=("rare",) if n in (41, 43) else ("common",),
        kind="video" if n % 20 == 19 else "article",
        stars=4 if n in (30, 50) else None,
        marked=n == 45,
        order=n,
    )


FACTS = [fact(n) for n in range(60)]


def front(count: int) -> set[str]:
    return {fact.id for fact in slice_order(FACTS, 2)[:count]}


def test_the_front_holds_what_any_first_wish_shows() -> None:
    wishes = [
        Query(),
        Query(sort="title"),
        Query(sort="stars"),
        Query(topics=("rare",)),
        Query(kinds=("video",)),
        Query(stars=3),
        Query(marked=True),
    ]
    wanted = {id for wish in wishes for id in select(FACTS, wish)[:2]}
    assert len(wanted) == 10
    assert wanted == front(len(wanted))


def test_everything_is_there_once_and_the_rest_keeps_its_order() -> None:
    ordered = [fact.order for fact in slice_order(FACTS, 2)]
    assert sorted(ordered) == list(range(60))
    assert ordered[12:] == sorted(ordered[12:])
