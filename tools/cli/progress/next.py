"""`catalog progress next`: what to read next and why, by the rule that the Path page uses too."""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

import click

from tools.cli.console import complain, counted, say
from tools.cli.opened import could_not_run, pass_folder, usable_catalog
from tools.model.catalog import Catalog
from tools.model.listed import ListedTopic, listed_topics
from tools.model.path import Choice, Path as Way, Reason, Statuses, Step, Wish
from tools.model.planning import plan
from tools.model.progress import statuses
from tools.model.resource import KINDS
from tools.pages.path_words import PathWords


@click.command("next")
@click.option("--goal", default="", metavar="TOPIC", help="Only what leads to this topic.")
@click.option("--language", "languages", multiple=True,
              help="Only these languages, the one you like best first (repeatable).")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only these kinds.")
@click.option("--reach", "places", multiple=True, metavar="PLACE",
              help="Only what is known to open in this place, such as mainland-china (repeatable).")
@click.option("--minutes-a-week", type=click.IntRange(1), help="Say in which week a topic begins.")
@pass_folder
def next_steps(
    folder: Path,
    goal: str,
    languages: tuple[str, ...],
    kinds: tuple[str, ...],
    places: tuple[str, ...],
    minutes_a_week: int | None,
) -> None:
    """Show what to read next, topic by topic, with the reason of each choice.

    A topic takes the first resource of its list that fits, in the language named first if there
    is one, and one snippet to run. What progress.yml says you know is left out. Nothing is locked.
    """
    catalog = usable_catalog(folder)
    topics = listed_topics(catalog)
    wish = Wish(
        goal=_goal(catalog, goal),
        languages=tuple(dict.fromkeys(languages)),
        kinds=kinds,
        reach=places,
        minutes_a_week=minutes_a_week,
    )
    _check(topics, wish)
    way = plan(topics, _statuses(catalog), wish)
    for line in _lines(catalog, way):
        say(line)
    complain(_totals(way))


def _statuses(catalog: Catalog) -> Statuses:
    return statuses(catalog.progress, catalog.renamed)


def _goal(catalog: Catalog, asked: str) -> str:
    """The id of the topic that was asked for, by its own or a former one."""
    subject = catalog.renamed.get(f"topic/{asked}", f"topic/{asked}")
    id = subject.removeprefix("topic/")
    if asked and id not in catalog.topics_by_id:
        close = get_close_matches(asked, catalog.topics_by_id)
        hint = f"; did you mean {', '.join(close)}?" if close else ""
        could_not_run(f"--goal: found {asked!r}, expected the id of a topic{hint}")
    return id


def _check(topics: tuple[ListedTopic, ...], wish: Wish) -> None:
    """End the command where a wish names what no reading list has: its path would be empty."""
    listed = [one for topic in topics for one in topic.reading]
    has = {
        "--language": (wish.languages, {one.language for one in listed}),
        "--reach": (wish.reach, {place for one in listed for place in one.reach}),
    }
    for option, (asked, known) in has.items():
        for value in asked:
            if value not in known:
                expected = f"one of {', '.join(sorted(known))}" if known else "none: no list has any"
                could_not_run(f"{option}: found {value!r}, expected {expected}")


def _lines(catalog: Catalog, way: Way) -> Iterator[str]:
    words = PathWords(catalog, "en")
    for left in way.known:
        yield f"known: {words.name(left.subject).text} ({words.reason(left.reason)})"
    for n, step in enumerate(way.steps, start=1):
        yield from _step(words, n, step)
    if not way.steps:
        yield "You know all of this already." if way.known else "There is no topic to read about."


def _step(words: PathWords, n: int, step: Step) -> Iterator[str]:
    week = f", week {step.week}" if step.week else ""
    yield f"{n}. {words.name(f'topic/{step.topic}').text} ({words.reason(step.reason)}{week})"
    if not step.reading:
        yield f"   {_none(words, step)}"
    for choice in step.reading:
        yield from _choice(words, "read", choice)
    if step.snippet:
        yield from _choice(words, "run", step.snippet)


def _choice(words: PathWords, what: str, choice: Choice) -> Iterator[str]:
    minutes = f", {choice.minutes} min" if choice.minutes else ""
    why = "; ".join(words.reason(reason) for reason in choice.reasons)
    yield f"   {what} {choice.subject}{minutes}: {why}"
    title = words.name(choice.subject).text
    ...


def _none(words: PathWords, step: Step) -> str:
    """Why a topic has nothing to read in this path."""
    whys = dict.fromkeys(words.reason(left.reason) for left in step.left_out)
    return f"nothing in its list fits: {'; '.join(whys)}" if whys else "nothing is listed for it yet"


def _totals(way: Way) -> str:
    least = "at least " if way.unmeasured else ""
    weeks = f", {least}{counted(way.weeks, 'week')}" if way.weeks else ""
    unknown = f", {way.unmeasured} of unknown length" if way.unmeasured else ""
    return f"{counted(len(way.steps), 'topic')}, {least}{way.minutes} min of reading{unknown}{weeks}"
