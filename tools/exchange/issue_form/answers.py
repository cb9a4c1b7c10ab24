"""An issue's body to the questions and the text below each."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt

from tools.exchange.issue_form.questions import QUESTIONS
from tools.model.text import visible

# Only the blocks are told apart: answers are plain text here, and no rule of inline text is worth
# the time it takes on a hostile one.
_MARKDOWN = MarkdownIt("commonmark").disable("inline")
# Where text above all questions goes.
ABOVE = "above"
_NOTHING = ("", "_no response_", "none", "_none_")
_BY_LABEL = {
    name.casefold(): question.id
    for question in QUESTIONS
    for name in (question.label, question.en, question.zh)
}


@dataclass(frozen=True, slots=True)
class Answer:
    """The text below one heading; `id` is the question's, `line` where it stands."""

    id: str
    line: int
    text: str


def answers(text: str) -> Iterator[Answer]:
    """Every question with what stands below it; other headings belong to the answer they are in."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip().split("\n")
    asked = [*_asked(lines), (len(lines), "")]
    if above := "\n".join(lines[: asked[0][0]]).strip():
        yield Answer(ABOVE, 1, above)
    for (start, id), (end, _) in pairwise(asked):
        said = "\n".join(lines[start + 1 : end]).strip()
        if said.lower() not in _NOTHING:
            yield Answer(id, start + 1, said)


def _asked(lines: list[str]) -> Iterator[tuple[int, str]]:
    """The lines of the questions, those too that an unclosed block of an answer would swallow."""
    first: int | None = 0
    seen: set[str] = set()
    while first is not None:
        found, first = _headings(lines, first, seen)
        yield from found


def _headings(
    lines: list[str], first: int, seen: set[str]
) -> tuple[list[tuple[int, str]], int | None]:
    """The questions from a line on, and the line where to look anew for the rest."""
    found = []
    tokens = _MARKDOWN.parse("\n".join(lines[first:]))
    for n, token in enumerate(tokens):
        if not token.map:
            continue
        start, end = (first + line for line in token.map)
        if token.type == "heading_open" and token.tag == "h3" and token.level == 0:
            if id := _question(tokens[n + 1].content):
                found.append((start, id))
                seen.add(id)
        elif token.type in ("fence", "html_block") and end >= len(lines):
            if token.type == "fence" and end - start > 1 and lines[-1].strip() == token.markup:
                continue  # It is closed, on the very last line.
            inner = (k for k in range(start + 1, end) if lines[k].startswith("### "))
            return found, next(
                (k for k in inner if _question(lines[k][4:]) not in {"", *seen}), None
            )
    return found, None


def _question(heading: str) -> str:
    return _BY_LABEL.get(visible(heading).casefold(), "")
