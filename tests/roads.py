"""Paths as tests/cases/path.yml writes them, and roads, statuses and wishes made by chance."""

from typing import Any

from hypothesis import strategies as st

from tools.model.listed import Listed, ListedTopic
from tools.model.path import LeftOut, Path, Reason, Step, Wish


def topic_from(case: dict[str, Any]) -> ListedTopic:
    return ListedTopic(
        id=case["id"],
        requires=tuple(case.get("requires", ())),
        snippets=tuple(case.get("snippets", ())),
        reading=tuple(listed_from(one) for one in case.get("reading", ())),
    )


def listed_from(case: dict[str, Any]) -> Listed:
    return Listed(
        resource=case["id"],
        language=case["lang"],
        kind=case["kind"],
        minutes=case.get("minutes"),
        part=case.get("part", False),
        reach=tuple(case.get("reach", ())),
        link=case.get("link", ""),
    )


def wish_from(case: dict[str, Any]) -> Wish:
    return Wish(
        goal=case.get("goal", ""),
        languages=tuple(case.get("languages", ())),
        kinds=tuple(case.get("kinds", ())),
        reach=tuple(case.get("reach", ())),
        minutes_a_week=case.get("week"),
    )


def told(reason: Reason) -> str:
    return " ".join((reason.code, *reason.about))


def by_reason(some: tuple[LeftOut, ...]) -> dict[str, str]:
    return {one.subject: told(one.reason) for one in some}


def written(step: Step) -> dict[str, Any]:
    """A step as the table writes it."""
    whole = {
        "topic": step.topic,
        "reason": told(step.reason),
        "reading": {one.subject: [one.minutes, *map(told, one.reasons)] for one in step.reading},
        "snippet": step.snippet and step.snippet.subject,
        "left_out": by_reason(step.left_out),
        "week": step.week,
    }
    return {key: value for key, value in whole.items() if value}


def written_path(path: Path) -> dict[str, Any]:
    """A path as the table writes it; what is empty is left out."""
    whole = {
        "steps": [written(step) for step in path.steps],
        "known": by_reason(path.known),
        "minutes": path.minutes,
        "unmeasured": path.unmeasured,
        "weeks": path.weeks,
    }
    return {key: value for key, value in whole.items() if value or (key, value) == ("weeks", 0)}


LANGUAGES, KINDS, PLACES = ("en", "zh", "ja"), ("article", "book", "video"), ("islands", "hills")
SNIPPETS = ("a/x", "a/y", "b/z")
RESOURCES = [f"r{n}" for n in range(6)]
STATUSES = ("planned", "reading", "skimmed", "done", "review", "dropped")


@st.composite
def roads(draw: st.DrawFn) -> list[ListedTopic]:
    """Topics that require earlier ones, shuffled; a resource is the same wherever it is listed."""
    kept = {
        id: {
            "language": draw(st.sampled_from(LANGUAGES)),
            "kind": draw(st.sampled_from(KINDS)),
            "reach": tuple(sorted(draw(st.sets(st.sampled_from(PLACES))))),
            "link": draw(st.sampled_from(["", "", "gone", "archived"])),
        }
        for id in RESOURCES
    }
    ids = [f"t{n}" for n in range(draw(st.integers(1, 6)))]
    made = []
    for n, id in enumerate(ids):
        reading = draw(st.lists(st.sampled_from(RESOURCES), unique=True, max_size=4))
        made.append(
            ListedTopic(
                id=id,
                requires=tuple(sorted(draw(st.sets(st.sampled_from(ids[:n]))))) if n else (),
                snippets=tuple(sorted(draw(st.sets(st.sampled_from(SNIPPETS))))),
                reading=tuple(
                    Listed(
                        resource=one,
                        minutes=draw(st.none() | st.integers(1, 300)),
                        part=draw(st.booleans()),
                        **kept[one],
                    )
                    for one in reading
                ),
            )
        )
    return draw(st.permutations(made))


statuses = st.dictionaries(
    st.sampled_from(
        [f"resource/{id}" for id in RESOURCES] + [f"topic/t{n}" for n in range(6)] + ["snippet/a/x"]
    ),
    st.sampled_from(STATUSES),
    max_size=6,
)
wishes = st.builds(
    Wish,
    goal=st.sampled_from(["", "", "t0", "t3"]),
    languages=st.lists(st.sampled_from(LANGUAGES), unique=True).map(tuple),
    kinds=st.sets(st.sampled_from(KINDS)).map(lambda some: tuple(sorted(some))),
    reach=st.sets(st.sampled_from(PLACES), max_size=1).map(tuple),
    minutes_a_week=st.none() | st.integers(1, 600),
)
