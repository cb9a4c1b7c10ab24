"""A filled form to the values of a draft, and to words for people where an answer is no value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tools.exchange.issue_form.answers import Answer, answers
from tools.exchange.issue_form.values import READERS, Reader, caveats, chosen, lines
from tools.model.problem import found, listed
from tools.model.text import visible
from tools.model.words import Words

# The keys of a draft that questions have another name for.
_KEYS = {"address": "url"}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a catalog that answers are chosen from."""

    topics: tuple[str, ...]
    frameworks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """What the answers say.

    `values` are keys of a draft that hold what they should. `remarks` are lines for people: every
    answer that became no value, or not whole, letter by letter. `faults` tell why, by line.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    faults: tuple[tuple[int, str, str], ...] = ()


def read_form(text: str, vocabulary: Vocabulary) -> Form:
    """The answers of an issue's body, in whichever order, with headings in either language."""
    reading = _Reading(vocabulary)
    for answer in answers(text):
        reading.take(answer)
    reading.pair("summary", lambda en, zh: Words(" ".join(en), "".join(zh)))
    reading.pair("caveats", caveats)
    return Form(reading.values, tuple(reading.remarks), tuple(sorted(reading.faults)))


@dataclass(slots=True)
class _Reading:
    vocabulary: Vocabulary
    values: dict[str, Any] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    faults: list[tuple[int, str, str]] = field(default_factory=list)
    halves: dict[str, Answer] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def take(self, answer: Answer) -> None:
        """Put one answer in its place, or among the remarks."""
        if answer.id in self.seen:
            self._fault(answer, "found the question twice, expected it once")
        elif answer.id.startswith(("summary-", "caveats-")):
            self.halves[answer.id] = answer
        elif answer.id in READERS:
            self._read(answer, READERS[answer.id])
        elif answer.id in ("topics", "frameworks"):
            self._choose(answer, getattr(self.vocabulary, answer.id))
        elif answer.id in ("why", "checks"):
            self._remark(answer)
        else:
            self._fault(answer, "found text above the questions, expected none")
        self.seen.add(answer.id)

    def pair(self, name: str, made: Callable[[list[str], list[str]], Any]) -> None:
        """One value of the answers in both languages; what has no partner is a remark."""
        en, zh = (self.halves.get(f"{name}-{language}") for language in ("en", "zh"))
        value = made(lines(en.text), lines(zh.text)) if en and zh else None
        if value:
            self.values[name] = value
        for one, other in ((en, "zh"), (zh, "en")):
            if one and not value:
                self._fault(one, f"found no partner for it in {other}, expected both languages")

    def _read(self, answer: Answer, read: Reader) -> None:
        try:
            self.values[_KEYS.get(answer.id, answer.id)] = read(answer.text)
        except ValueError as error:
            self._fault(answer, str(error))

    def _choose(self, answer: Answer, words: tuple[str, ...]) -> None:
        said = dict.fromkeys(chosen(answer.text))
        wrong = [word for word in said if word not in words]
        if known := tuple(word for word in said if word in words):
            self.values[answer.id] = known
        for word in wrong:
            self.faults.append((answer.line, answer.id, found(word, listed(words))))
        if wrong:
            self._remark(answer)

    def _fault(self, answer: Answer, message: str) -> None:
        self.faults.append((answer.line, answer.id, message))
        self._remark(answer)

    def _remark(self, answer: Answer) -> None:
        self.remarks.append(f"{answer.id}:")
        self.remarks += [visible(line) for line in answer.text.split("\n")]
