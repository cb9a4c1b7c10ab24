"""The catalog's YAML: the table for both readers, places of values, and what is out of bounds."""

import math
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from tools.storage.editing import edited_text, read_for_editing
from tools.storage.yaml import DEEPEST, YamlError, plain_value, read_yaml

# PyYAML's own reader, so that the table can hold what the catalog's refuses.
CASES = yaml.safe_load((Path(__file__).parents[1] / "cases/yaml.yml").read_text(encoding="utf-8"))
GOOD = [case for case in CASES if "data" in case]
BAD = [case for case in CASES if "fault" in case]


def name(case: dict[str, Any]) -> str:
    return ascii(case["text"])


def typed(value: Any) -> Any:
    """Data with the type of every scalar, so that 1 and 1.0 and True differ."""
    if isinstance(value, dict):
        return {str(key): typed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [typed(inner) for inner in value]
    kinds = (bool, int, float, str, type(None))
    return next(kind for kind in kinds if isinstance(value, kind)).__name__, value


def test_the_table_says_one_thing_of_every_text() -> None:
    assert len(GOOD) + len(BAD) == len(CASES)
    assert len({case["text"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", GOOD, ids=name)
def test_a_text_has_its_data(case: dict[str, Any]) -> None:
    assert typed(read_yaml(case["text"])) == typed(case["data"])


@pytest.mark.parametrize("case", GOOD, ids=name)
def test_the_editor_reads_the_same_data(case: dict[str, Any]) -> None:
    assert typed(read_for_editing(case["text"])) == typed(case["data"])


@pytest.mark.parametrize("case", BAD, ids=name)
def test_a_text_has_its_fault(case: dict[str, Any]) -> None:
    with pytest.raises(YamlError) as caught:
        read_yaml(case["text"])
    found = [line for line, message in caught.value.faults if case["fault"] in message]
    assert found == [case["line"]], caught.value.faults


def test_not_a_number_is_read_by_both() -> None:
    for spelling in (".nan", ".NaN", ".NAN"):
        assert math.isnan(read_yaml(spelling))
        assert math.isnan(read_for_editing(spelling))


def test_every_fault_of_a_text_is_told_in_the_order_of_lines() -> None:
    with pytest.raises(YamlError) as caught:
        read_yaml("a: &x 1\n1: b\na: !y c\n")
    assert caught.value.faults == [
        (1, "found the anchor &x, expected none"),
        (2, "found the key 1, expected a key that is text"),
        (3, "found the key 'a' twice, expected it once"),
        (3, "found the tag !y, expected none"),
    ]


def test_places_are_the_lines_of_values_and_keys() -> None:
    places: dict[tuple[str | int, ...], int] = {}
    read_yaml("# head\na: 1\nb:\n  - c\n  - d:\n      e: f\n    g: h\ni: {j: k}\n", places)
    assert places == {
        ("a",): 2,
        ("b",): 3,
        ("b", 0): 4,
        ("b", 1): 5,
        ("b", 1, "d"): 5,
        ("b", 1, "d", "e"): 6,
        ("b", 1, "g"): 7,
        ("i",): 8,
        ("i", "j"): 8,
    }


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_nesting_ends_in_a_sentence(opening: str) -> None:
    deepest = opening * 100_000 if opening != "- " else opening * 5_000
    with pytest.raises(YamlError) as caught:
        read_yaml(deepest)
    assert (1, f"found more than {DEEPEST} levels of nesting, expected fewer") in (
        caught.value.faults
    )


def test_nesting_up_to_the_bound_is_read() -> None:
    assert str(read_yaml("[" * DEEPEST + "]" * DEEPEST)) == "[" * DEEPEST + "]" * DEEPEST


def test_an_alias_bomb_is_only_many_faults() -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    with pytest.raises(YamlError, match="alias"):
        read_yaml("\n".join(lines))


@given(st.text(max_size=40))
@example("1" * 5000)
@example("a: 1e999")
def test_any_text_has_data_or_faults(text: str) -> None:
    try:
        read_yaml(text)
    except YamlError as error:
        assert error.faults


@given(st.text(alphabet="0123456789+-._:eExobfinaINF~", min_size=1, max_size=24))
@example("+123456789012345678")
@example("0o17777777777777777")
@example("1_0")
@example("0012")
def test_both_readers_agree_on_everything_that_looks_like_a_number(text: str) -> None:
    try:
        value = read_yaml(f"[{text}]")
    except YamlError:
        return
    edited = read_for_editing(f"[{text}]")
    assert str(typed(edited)) == str(typed(value))


@given(st.text(alphabet="0123456789+-.eE", min_size=1, max_size=24))
def test_a_plain_number_never_loses_digits(text: str) -> None:
    value = plain_value(text)
    if isinstance(value, int):
        assert str(value).lstrip("-").zfill(len(text.lstrip("+-"))) == text.lstrip("+-")
    if isinstance(value, float):
        assert "." in text or "e" in text.lower()


@pytest.mark.parametrize("case", GOOD, ids=name)
def test_what_the_editor_writes_says_the_same(case: dict[str, Any]) -> None:
    document = read_for_editing(case["text"])
    if isinstance(document, dict | list):
        assert typed(read_yaml(edited_text(document))) == typed(case["data"])
