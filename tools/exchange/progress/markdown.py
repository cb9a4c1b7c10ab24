"""Progress as a Markdown reading log: what was read, when, how good it was, and the notes."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from tools.exchange.exporters.markdown import address, escaped
from tools.model.progress import Status
from tools.model.reading_log import Logged
from tools.model.resource import Resource
from tools.model.snippet import Snippet
from tools.model.text import visible
from tools.model.topic import Topic
from tools.model.words import SiteLanguage, Words

_TITLE = Words("Reading log", "阅读记录")
_STATUSES: Mapping[Status | None, Words] = {
    "reading": Words("Reading now", "在读"),
    "review": Words("To look at again", "要重读"),
    "planned": Words("Planned", "打算读"),
    "done": Words("Done", "读完"),
    "skimmed": Words("Skimmed", "翻过"),
    "dropped": Words("Dropped", "不读了"),
    None: Words("Without a status", "没有标状态"),
}
_TOTAL = Words("{} in all", "一共{}项")
_CODE = Words("code", "代码")
_TOPIC = Words("topic", "主题")
_GONE = Words("Not in the catalog", "目录里没有的")
_ELSEWHERE = Words("Without a topic", "没有归入主题的")
_NOTHING = Words("Nothing recorded yet.", "还没有记录。")


def to_markdown(log: Sequence[Logged], language: SiteLanguage) -> str:
    """A section a status and in it one a topic, each subject with its facts and the note below."""
    total = " · ".join([_TOTAL.to(language).format(len(log)), *_minutes(log)])
    parts = [f"# {_TITLE.to(language)}\n", f"{total if log else _NOTHING.to(language)}\n"]
    for status, of_status in groupby(log, key=lambda one: one.state.status):
        here = [*of_status]
        parts.append(f"## {_heading(_STATUSES[status].to(language), here)}\n")
        for topic, of_topic in groupby(here, key=lambda one: _topic(one, language)):
            there = [*of_topic]
            parts.append(f"### {_heading(topic, there)}\n")
            parts.append("".join(_listed(one, language) for one in there))
    return "\n".join(parts)


def _heading(name: str, log: Sequence[Logged]) -> str:
    return " · ".join([escaped(name), str(len(log)), *_minutes(log)])


def _minutes(log: Sequence[Logged]) -> Iterator[str]:
    if minutes := sum(one.state.spent for one in log):
        yield f"{minutes}′"


def _topic(one: Logged, language: SiteLanguage) -> str:
    if one.thing is None:
        return _GONE.to(language)
    return one.topic.title.to(language) if one.topic else _ELSEWHERE.to(language)


def _listed(one: Logged, language: SiteLanguage) -> str:
    title, rating = escaped(visible(one.title(language))), one.state.rating
    facts = [f"[{title}]({address(one.thing.url)})" if isinstance(one.thing, Resource) else title]
    facts += [_CODE.to(language)] if isinstance(one.thing, Snippet) else []
    facts += [_TOPIC.to(language)] if isinstance(one.thing, Topic) else []
    facts += [one.day] if one.day else []
    facts += _minutes([one])
    facts += ["★" * rating + "☆" * (5 - rating)] if rating else []
    note = f"  - {escaped(visible(one.state.note))}\n" if one.state.note else ""
    return f"- {' · '.join(facts)}\n{note}"
