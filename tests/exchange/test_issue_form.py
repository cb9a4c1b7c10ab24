"""A filled issue form: every answer in its key, and nothing that was said is lost."""

from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.exchange.issue_form.questions import QUESTIONS
from tools.exchange.issue_form.read import Form, Vocabulary, read_form
from tools.model.words import Words

WORDS = Vocabulary(topics=("dough", "baking"), frameworks=("oven", "rye"))
FILLED = """\
### Address · 地址

https://oven.example/dough?utm_source=x

### Why it belongs here · 推荐理由

It measures what others guess.

- with a scale
### and with patience

### Title · 标题

Why Dough Rises

### Kind · 类型

article

### Language · 语言

en

### Authors · 作者

Ada Baker
王小明

### Published · 发表日期

2018/6/27

### Topics · 主题

dough, baking

### Level · 难度

beginner

### Minutes · 分钟数

40 minutes

### Frameworks · 框架

rye

### Access · 获取方式

free

### Summary in English · 英文简介

Weighs a dough
every hour.

### Summary in Chinese · 中文简介

每小时称一次面团。

### Caveats in English · 英文提醒

- Wheat only.
- Old units.

### Caveats in Chinese · 中文提醒

只讲小麦。
单位老旧。

### Checks · 确认

- [X] I have opened the address myself. · 地址我亲自打开过。
- [ ] I have read it. · 我读过。
"""
VALUES = {
    "url": "https://oven.example/dough?utm_source=x",
    "title": "Why Dough Rises",
    "kind": "article",
    "language": "en",
    "authors": ("Ada Baker", "王小明"),
    "published": "2018-06-27",
    "topics": ("dough", "baking"),
    "level": "beginner",
    "minutes": 40,
    "frameworks": ("rye",),
    "access": "free",
    "summary": Words("Weighs a dough every hour.", "每小时称一次面团。"),
    "caveats": (Words("Wheat only.", "只讲小麦。"), Words("Old units.", "单位老旧。")),
}
REMARKS = (
    "why:",
    "It measures what others guess.",
    "",
    "- with a scale",
    "### and with patience",
    "checks:",
    "- [X] I have opened the address myself. · 地址我亲自打开过。",
    "- [ ] I have read it. · 我读过。",
)
LABELS = {question.id: question.label for question in QUESTIONS}


def form(**said: str) -> Form:
    """The form with these answers; `summary_en` names the question summary-en."""
    parts = (f"### {LABELS[id.replace('_', '-')]}\n\n{text}\n" for id, text in said.items())
    return read_form("\n".join(parts), WORDS)


def test_every_answer_lands_in_its_key() -> None:
    assert read_form(FILLED, WORDS) == Form(VALUES, REMARKS)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_headings_are_known_in_either_language_and_with_any_line_ends(language: str) -> None:
    text = FILLED
    for question in QUESTIONS:
        text = text.replace(f"### {question.label}\n", f"### {getattr(question, language)} \n")
    assert question.label not in text
    assert read_form(text.replace("\n", "\r\n"), WORDS) == Form(VALUES, REMARKS)


def test_what_was_left_open_stays_open() -> None:
    nothing = "".join(f"### {label}\n\n_No response_\n\n" for label in LABELS.values())
    assert read_form(nothing, WORDS) == read_form("", WORDS) == Form()
    assert form(kind="None", level="", why="") == Form()


@pytest.mark.parametrize(
    ("id", "said", "expected"),
    [
        ("address", "oven.example", "found 'oven.example', expected an http or https address"),
        ("title", "x" * 301, "expected a title on one line"),
        ("kind", "poem", "found 'poem', expected one of article, tutorial"),
        ("kind", "article, video", "expected one of article, tutorial"),
        ("language", "the one they speak", "expected a language tag such as en or zh"),
        ("authors", "https://ada.example", "expected one name a line"),
        ("authors", "Ada Baker\n12", "expected one name a line"),
        ("published", "last summer", "expected a year, a month or a day: 2018-06-27"),
        ("level", "hard", "found 'hard', expected one of beginner, intermediate, advanced"),
        ("minutes", "an hour", "expected a whole number of minutes"),
        ("minutes", "0", "expected a whole number of minutes"),
        ("access", "gratis", "found 'gratis', expected one of free, login, paywall"),
        ("topics", "soup", "found 'soup', expected one of dough, baking"),
        ("summary-en", "Only this.", "found no partner for it in zh, expected both languages"),
        ("caveats-zh", "只有这个。", "found no partner for it in en, expected both languages"),
    ],
)
def test_a_wrong_answer_is_told_with_its_line_and_kept(id: str, said: str, expected: str) -> None:
    found = read_form(f"### Title\n\nOf a loaf\n\n### {LABELS[id]}\n\n{said}\n", WORDS)
    if id == "title":
        found = read_form(f"\n\n\n\n### {LABELS[id]}\n\n{said}\n", WORDS)
    assert {**found.values, "title": ""} == {"title": ""}
    assert [(line, asked) for line, asked, _ in found.faults] == [(5, id)]
    assert expected in found.faults[0][2]
    assert found.remarks == (f"{id}:", *said.split("\n"))


def test_of_a_list_the_good_part_is_taken() -> None:
    found = form(topics="dough, soup\nBAKING", frameworks="rye、steam")
    assert found.values == {"topics": ("dough", "baking"), "frameworks": ("rye",)}
    assert [fault[1:] for fault in found.faults] == [
        ("topics", "found 'soup', expected one of dough, baking"),
        ("frameworks", "found 'steam', expected one of oven, rye"),
    ]
    assert found.remarks == ("topics:", "dough, soup", "BAKING", "frameworks:", "rye、steam")


def test_ticked_boxes_choose_too() -> None:
    found = form(topics="- [ ] dough\n- [X] baking", level="* [x] advanced\n* [ ] beginner")
    assert (found.values, found.faults) == ({"topics": ("baking",), "level": "advanced"}, ())


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("Ada Baker, Jan van Ovn", ("Ada Baker", "Jan van Ovn")),
        ("Baker, Ada", ("Baker, Ada",)),
        ("王小明，李华、Ada", ("王小明", "李华", "Ada")),
        ("- Ada Baker;\n2. Jan Ovn\nAda Baker", ("Ada Baker", "Jan Ovn")),
        ("OpenAI", ("OpenAI",)),
    ],
)
def test_authors_as_people_write_them(said: str, names: tuple[str, ...]) -> None:
    assert form(authors=said).values == {"authors": names}


@pytest.mark.parametrize(
    ("id", "said", "value"),
    [("language", "中文", "zh"), ("language", "English", "en"), ("language", "zh-TW", "zh-Hant"),
     ("minutes", "40分钟", 40), ("minutes", "40", 40), ("minutes", "40 min.", 40)],
)  # fmt: skip
def test_other_words_for_the_same(id: str, said: str, value: object) -> None:
    assert form(**{id: said}).values == {id: value}


def test_a_question_that_comes_twice_is_answered_once() -> None:
    found = read_form("### Level\n\nbeginner\n\n### Level\n\nadvanced\n", WORDS)
    assert found.values == {"level": "beginner"}
    assert found.faults == ((5, "level", "found the question twice, expected it once"),)
    assert found.remarks == ("level:", "advanced")


def test_text_above_all_questions_is_kept() -> None:
    found = read_form("Hello!\n\n### Level\n\nbeginner\n", WORDS)
    assert found.remarks == ("above:", "Hello!")
    assert found.faults == ((1, "above", "found text above the questions, expected none"),)


@pytest.mark.parametrize(
    "code",
    ["```\n### Level\n\nadvanced\n```", "    ### Level", "> ### Level", "- ### Level", "# Level"],
)
def test_a_heading_inside_a_block_is_part_of_the_answer(code: str) -> None:
    found = form(why=f"See:\n\n{code}", kind="paper")
    assert found.values == {"kind": "paper"}
    remarks = ("why:", "See:", "", *(line.strip() for line in code.split("\n")))
    assert found.remarks == remarks
    assert form(kind="paper", why=f"See:\n\n{code}") == found


@pytest.mark.parametrize("opening", ["```", "~~~~ yaml", "<!-- ", "<pre>", "<script>"])
def test_what_an_answer_leaves_open_swallows_no_other_answer(opening: str) -> None:
    found = form(why=f"See:\n\n{opening}", level="beginner", title=f"A {opening}", kind="paper")
    assert found.values == {"level": "beginner", "title": f"A {opening}".strip(), "kind": "paper"}
    assert found.remarks == ("why:", "See:", "", opening.strip())


def test_remarks_are_single_lines_of_visible_text() -> None:
    found = form(why="a\x00b\u2028c\u202e\n\x85d\te\x1b[0m")
    assert found.remarks == ("why:", "abc", "d e[0m")


PIECES = (
    "### Level\n", "### Kind\n```\n", "<!--\n### Kind\n", "> ", "- ", "`", "\n\n", "[x](", "面",
    "\r", "_No response_\n", "- [X] a\n", "### Address\n\nhttps://a.example\n",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES)), st.text(max_size=30))
def test_no_body_breaks_it(pieces: list[str], text: str) -> None:
    read_form(text.join(pieces), WORDS)


@pytest.mark.parametrize("piece", PIECES)
def test_no_body_takes_long(piece: str) -> None:
    began = monotonic()
    read_form(piece * (65_536 // len(piece)), WORDS)
    assert monotonic() - began < 3
