"""What a reward may ask of a final answer, and how numbers and choices are read."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from assay.contract import AccuracyReward
from assay.contract.answers import Number, read_choices, read_number


def accuracy(**parameters: Any) -> AccuracyReward:
    return AccuracyReward.model_validate({"type": "accuracy", **parameters})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("42", 42),
        (" -3 ", -3),
        ("\u22123", -3),
        ("+7", 7),
        ("1,234.5", Fraction("1234.5")),
        ("$1,000", 1000),
        ("-$5", -5),
        (".5", Fraction(1, 2)),
        ("2.", 2),
        ("2/3", Fraction(2, 3)),
        ("1e-4", Fraction(1, 10_000)),
        ("3.5E3", 3500),
    ],
)
def test_numbers_are_read_as_they_are_written(text: str, value: Fraction | int) -> None:
    number = read_number(text)
    assert number is not None
    assert number.value == value
    assert not number.percent


def test_a_percent_sign_is_noted_and_not_worked_in() -> None:
    assert read_number("50%") == Number(Fraction(50), percent=True)
    assert read_number("50\\%") == Number(Fraction(50), percent=True)


@pytest.mark.parametrize(
    "text", ["", "x", "1 2", "1/0", "1e9999", "12,34", "1,2345", "nan", "inf", "0x10", "1_000", "٣x", "9" * 401]
)
def test_what_is_not_one_number_is_none(text: str) -> None:
    assert read_number(text) is None


@given(st.fractions(max_denominator=10**6))
def test_every_fraction_is_read_back(value: Fraction) -> None:
    assert read_number(str(value)) == Number(value, percent=False)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_every_decimal_is_read_back(value: Any) -> None:
    number = read_number(f"{value:f}")
    assert number is None or number.value == Fraction(value)
    assert number is not None or len(f"{value:f}") > 400


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("B", "B"),
        ("b", "B"),
        ("(c)", "C"),
        ("B. Paris", "B"),
        ("B) Paris", "B"),
        ("(B) Paris", "B"),
        ("A, C", "AC"),
        ("A and C", "AC"),
        ("A or C", "AC"),
        ("(A) (C)", "AC"),
        ("AC", "AC"),
        ("C: 北京", "C"),
    ],
)
def test_choices_are_letters(text: str, letters: str) -> None:
    assert read_choices(text) == frozenset(letters)


@pytest.mark.parametrize("text", ["", "Paris", "PARIS", "A dog", "42", "é", "Bees", "()"])
def test_other_texts_are_no_choice(text: str) -> None:
    assert read_choices(text) == frozenset()


@pytest.mark.parametrize(
    ("parameters", "complaint"),
    [
        ({"gold": "x", "match": "numeric"}, "gold is not a number"),
        ({"gold": ["1", "one"], "match": "numeric"}, r"gold\[1\] is not a number"),
        ({"gold": "Paris", "match": "choice"}, "gold is not a choice"),
        ({"gold": "  "}, "gold is blank"),
        ({"gold": "1", "forbidden": ["2"]}, "'forbidden' is for match 'keywords'"),
        ({"gold": "1", "case_sensitive": True}, "'case_sensitive' is for match 'exact' and 'keywords'"),
        ({"gold": "1", "abs": 1}, "'abs' and 'rel' are for match 'numeric'"),
        ({"gold": []}, "at least 1"),
        ({"gold": "1", "match": "guess"}, "'math', 'exact'"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_reason(parameters: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        accuracy(**parameters)


def test_one_gold_answer_or_several_are_a_tuple_of_them() -> None:
    assert accuracy(gold="1").golds == ("1",)
    assert accuracy(gold=["1", "2"]).golds == ("1", "2")
