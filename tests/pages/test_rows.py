"""What a row and its record say, before any markup."""

import pytest
from shelves import catalog, resource, words

from tools.model.question import Question
from tools.model.resource import Mention, Relation, Resource
from tools.model.words import SiteLanguage, Words
from tools.pages.records import Record, record_of
from tools.pages.rows import NoteMarks, Row, Said, Shelf, host_of


def shelf(*resources: Resource, language: SiteLanguage = "en") -> Shelf:
    return Shelf(catalog(*resources), language, "../", lambda found: f"cite {found.id}")


def row(one: Resource, language: SiteLanguage = "en") -> Row:
    return shelf(one, language=language).row(one)


def record(one: Resource, *others: Resource, language: SiteLanguage = "en") -> Record:
    return record_of(shelf(one, *others, language=language), one)


def test_a_title_is_shown_as_published_with_its_language() -> None:
    bread = resource("bread", title="面包", language="zh", titles={"en": "Bread"})
    assert row(bread).title == Said("面包", "zh-Hans")
    assert row(bread).other_title == "Bread"


def test_a_title_in_the_language_of_the_page_needs_neither() -> None:
    bread = resource("bread", title="面包", language="zh", titles={"en": "Bread"})
    assert row(bread, "zh").title == Said("面包")
    assert row(bread, "zh").other_title == ""


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (("Ann Lee",), "Ann Lee"),
        (("Ann Lee", "Bo Li"), "Ann Lee & Bo Li"),
        (("Ann Lee", "Bo Li", "Cy Ng"), "Ann Lee"),
        ((), "example.org"),
    ],
)
def test_the_by_line_names_two_authors_the_first_or_the_host(
    names: tuple[str, ...], shown: str
) -> None:
    assert row(resource("bread", authors=names)).authors == Said(shown)


def test_authors_of_another_language_say_so() -> None:
    chinese = resource("bread", language="zh", authors=("王一", "李二"))
    assert row(chinese).authors == Said("王一、李二", "zh-Hans")
    assert row(chinese, "zh").authors == Said("王一、李二")


def test_marks_stay_with_their_note_and_are_never_averaged() -> None:
    mentions = (
        Mention(note="table", rating=2, read=True),
        Mention(note="list", highlight=True),
        Mention(note="table", rating=4),
    )
    assert row(resource("bread", mentions=mentions)).marks == (
        NoteMarks(note="Table", stars=4, picked=False, ticked=True),
        NoteMarks(note="The short list", stars=0, picked=True, ticked=False),
    )


def test_the_language_mark_is_a_language_by_its_own_sign() -> None:
    assert row(resource("bread", language="zh-Hans")).language_mark == Said("中文", "zh-Hans")
    assert row(resource("bread", language="fr-CA")).language_mark == Said("FR")


def test_a_record_begins_with_the_summary_of_the_page() -> None:
    english, chinese = record(resource("bread")).summaries
    assert (english.lang, chinese.lang) == ("", "zh-Hans")
    first, second = record(resource("bread"), language="zh").summaries
    assert (first.text, second.lang) == (chinese.text, "en")


def test_every_mention_is_told_in_our_words_or_the_notes() -> None:
    mentions = (
        Mention(note="table", label="面包入门", rating=3),
        Mention(note="list", label="bread", says=Words(en="A start.", zh="起点。")),
    )
    told = record(resource("bread", mentions=mentions)).remarks
    assert [(remark.note, remark.text) for remark in told] == [
        ("The long table", Said("面包入门", "zh-Hans")),
        ("The short list", Said("A start.")),
    ]


@pytest.mark.parametrize(
    ("mention", "means"),
    [
        (Mention(note="table", rating=3), ("The long table", "stars in English")),
        (Mention(note="table", read=True), ("The long table", "ticks in English")),
        (Mention(note="list", highlight=True), ("The short list", "hand in English")),
    ],
)
def test_the_legend_explains_the_marks_that_are_shown(
    mention: Mention, means: tuple[str, str]
) -> None:
    assert record(resource("bread", mentions=(mention,))).legend == (means,)


def test_a_plain_mention_needs_no_legend() -> None:
    assert record(resource("bread", mentions=(Mention(note="table"),))).legend == ()


def test_relations_are_told_from_both_ends() -> None:
    code = resource("code", relations=(Relation(kind="code-for", resource="book"),))
    book = resource("book", language="zh", title="书")
    (there,) = record(code, book).related
    (back,) = record(book, code).related
    assert (there.word, there.id, there.title) == (
        "relation-code-for", "book", Said("书", "zh-Hans"),
    )  # fmt: skip
    assert (back.word, back.id) == ("relation-code-for-back", "code")


def test_a_record_names_its_topics_questions_conditions_and_citation() -> None:
    one = resource(
        "bread", answers=("why",), access="paywall", reach=("mainland-china", "the-moon")
    )
    asked = Question(id="why", question=words("why"), answer=words("so"), topic="bread")
    other = Question(id="how", question=words("how"), answer=words("so"), topic="bread")
    whole = catalog(one, questions=(other, asked))
    told = record_of(Shelf(whole, "en", "../", lambda found: f"cite {found.id}"), one)
    assert [topic.id for topic in told.topics] == ["bread"]
    assert told.questions == (asked,)
    assert told.conditions == ("access-paywall", "reach-mainland-china")
    assert told.citation == "cite bread"


def test_hosts_are_named_without_www() -> None:
    assert host_of("https://www.example.org:8080/a?b") == "example.org"
