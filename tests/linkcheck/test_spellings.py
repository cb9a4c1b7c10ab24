"""Titles in other spellings, beside the table of titles: what counts, and what is chance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.linkcheck.spellings import likeness, shows_number, told
from tools.linkcheck.titles import closeness, coverage, is_shown, squeezed, words_in


@pytest.mark.parametrize(
    ("known", "shown", "share"),
    [
        ("RNN", "Recurrent neural networks", 1),
        ("Recurrent neural networks", "An RNN", 1),
        ("Bag of Words", "BoW", 1),
        ("RNN", "Really no news", 1),
        ("rnn", "Really no news", 0),
        ("A net", "New England Times", 0),
        ("Auto-encoders", "Autoencoders", 1),
        ("Intro", "Introduction", 1),
        ("Int", "Internal", 0),
        ("BiLSTM", "Two-way LSTM", 1),
        ("seq2seq", "Sequence to sequence", 1),
        ("seq2tree", "Sequence to sequence", 0),
        ("", "RNN", 0),
        ("RNN", "", 0),
    ],
)
def test_likeness_in_any_spelling(known: str, shown: str, share: float) -> None:
    assert likeness(known, shown) == likeness(shown, known) == share


def test_initials_of_two_are_chance_in_a_text() -> None:
    assert told("QA systems", "Questions answered by systems") == 0.5
    assert told("NER systems", "named entity recognition systems") == 1
    assert likeness("QA", "Question answering") == 1
    assert told("", "x") == 0


@pytest.mark.parametrize(
    ("known", "text", "shown"),
    [
        ("Deep networks (CS 182)", "Home of CS W182 / 282A", True),
        ("CS224n", "the page of cs 224N", True),
        ("CS 224N", "CS 229", False),
        ("CS 224N", "EE 224", False),
        ("CS 22", "CS 224N", False),
        ("Top 10 nets", "top 10 shoes", False),
        ("NIPS 2019", "NIPS 2019", False),
        ("Deep networks", "CS 182", False),
    ],
)
def test_numbers_of_courses(known: str, text: str, shown: bool) -> None:
    assert shows_number(known, text) is shown


def test_squeezed_titles() -> None:
    assert squeezed("CS-224N: “ＮＬＰ”") == "cs224nnlp"
    assert is_shown("word 2 vec", "Word2Vec, a primer")
    assert not is_shown("net", "Internet")


WORDS = st.text("abAB 2-", max_size=24)


@given(WORDS, WORDS)
def test_other_spellings_only_add_to_what_is_alike(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one) <= 1
    assert likeness(one, other) >= closeness(one, other)
    assert coverage(one, words_in(other)) <= told(one, other) <= 1
