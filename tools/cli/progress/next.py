"""`catalog progress next`: what to read next and why, by the rule that the Path page uses too."""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

import click

from tools.cli.console import complain, counted, say, show_problems
from tools.cli.opened import could_not_run, pass_folder, usable_catalog
from tools.cli.progress.opened import file_option
from tools.model.catalog import Catalog
from tools.model.listed import ListedTopic, listed_topics
from tools.model.path import Choice, Statuses, Step, Wish
from tools.model.path import Path as Way
from tools.model.planning import plan
from tools.model.problem import found, listed
from tools.model.progress import statuses
from tools.model.resource import KINDS, base_language
from tools.pages.path_words import PathWords
from tools.storage.progress import read_progress


@click.command("next")
@click.option("--goal", default="", metavar="TOPIC", help="Only what leads to this topic.")
@click.option(
    "--language",
    "languages",
    multiple=True,
    help="Only these languages, the one you like best first (repeatable).",
)
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only these kinds.")
@click.option(
    "--reach",
    "places",
    multiple=True,
    metavar="PLACE",
    help="Only what is known to open in this place, such as mainland-china (repeatable).",
)
@click.option("--minutes-a-week", type=click.IntRange(1), help="Say in which week a topic begins.")
@file_option
@pass_folder
def next_steps(
    folder: Path,
    goal: str,
    languages: tuple[str, ...],
    kinds: tuple[str, ...],
    places: tuple[str, ...],
    minutes_a_week: int | None,
    file: Path | None,
) -> None:
    """Show what to read next, topic by topic, with the reason of each choice.

    A topic takes the first resource of its list that fits, in the language named first if there
    is one, and one snippet to run. What progress.yml says you know is left out. Nothing is locked.
    """
    catalog = usable_catalog(folder)
    topics = listed_topics(catalog)
    wish = Wish(
        goal=_goal(catalog, goal),
        languages=tuple(dict.fromkeys(map(base_language, languages))),
        kinds=kinds,
        reach=places,
        minutes_a_week=minutes_a_week,
    )
    _check(topics, wish)
    way = plan(topics, _statuses(catalog, file), wish)
    words = PathWords(catalog, "en")
    for line in _lines(words, way):
        say(line)
    complain(_totals(words, way))


def _statuses(catalog: Catalog, file: Path | None) -> Statuses:
    if file is None:
        return statuses(catalog.progress, catalog.renamed)
    if not file.exists():
        could_not_run(f"--file: found no file {str(file)!r}, expected your progress")
    read = read_progress(file)
    show_problems(read.problems)
    return statuses(read.progress.events, catalog.renamed)


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
    resources = [one for topic in topics for one in topic.reading]
    languages = {one.language for one in resources}
    places = {place for one in resources for place in one.reach}
    for option, asked, known in (
        ("--language", wish.languages, languages),
        ("--reach", wish.reach, places),
    ):
        for value in asked:
            if value not in known:
                could_not_run(f"{option}: {found(value, listed(sorted(known)))}")


def _lines(words: PathWords, way: Way) -> Iterator[str]:
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
    id = choice.subject.partition("/")[2]
    yield f"   {what} {words.name(choice.subject).text} ({id}{minutes}): {why}"


def _none(words: PathWords, step: Step) -> str:
    """Why a topic has nothing to read in this path."""
    whys = dict.fromkeys(words.reason(left.reason) for left in step.left_out)
    return f"nothing in its list fits: {'; '.join(whys)}" if whys else "nothing is listed yet"


def _totals(words: PathWords, way: Way) -> str:
    least = "at least " if way.unmeasured else ""
    reading = f"{least}{words.time(way.minutes)} of reading"
    unknown = f", {way.unmeasured} of unknown length" if way.unmeasured else ""
    weeks = f", {least}{counted(way.weeks, 'week')}" if way.weeks else ""
    return f"{counted(len(way.steps), 'topic')}, {reading}{unknown}{weeks}"
