"""Which answers match a gold answer, for every `match` but mathematics."""

from typing import Any

import pytest

from assay.contract import AccuracyReward
from assay_workers.rewards.answers import judge_answer
from assay_workers.rewards.verifier import MathVerifier

NO_VERIFIER = MathVerifier(1.0, 512)
"""It starts its process with the first mathematics, and these tests have none."""


def score(completion: str, **parameters: Any) -> float:
    spec = AccuracyReward.model_validate({"type": "accuracy", **parameters})
    return judge_answer(NO_VERIFIER, spec, completion).score


@pytest.mark.parametrize(
    ("completion", "gold", "right"),
    [
        (r"It is \boxed{\text{Paris}}.", "Paris", True),
        ("The answer is  paris .", "Paris", True),
        ("<answer>\nNew  York\n</answer>", "new york", True),
        ("Paris", "Paris", True),
        ("Paris or London", "Paris", False),
        ("The answer is Paris, or London", "Paris", False),
        ("<answer>\uff30aris</answer>", "Paris", True),
        ("Paris\nThe answer is London", "Paris", False),
        ("", "Paris", False),
    ],
)
def test_exact_compares_the_final_answer_as_text(completion: str, gold: str, right: bool) -> None:
    assert score(completion, match="exact", gold=gold) == right


def test_exact_may_tell_upper_from_lower_case() -> None:
    assert score("paris", match="exact", gold="Paris", case_sensitive=True) == 0
    assert score("Paris", match="exact", gold=["London", "Paris"], case_sensitive=True) == 1


@pytest.mark.parametrize(
    ("completion", "right"),
    [
        ("Gravity bends LIGHT.", True),
        ("gravity only", False),
        ("antigravity and light", False),
        ("gravity, light and magic", False),
        ("gravity, light and magicians", True),
    ],
)
def test_keywords_must_all_occur_as_whole_words_and_forbidden_ones_must_not(completion: str, right: bool) -> None:
    assert score(completion, match="keywords", gold=["gravity", "light"], forbidden=["magic"]) == right


def test_keywords_of_a_script_without_spaces_occur_anywhere() -> None:
    assert score("我认为答案在北京市", match="keywords", gold="北京") == 1


def test_keywords_in_the_reasoning_do_not_count_if_only_the_answer_is_judged() -> None:
    completion = "<think>light, gravity</think> no idea"
    parameters = {"match": "keywords", "gold": ["gravity", "light"]}
    assert score(completion, **parameters) == 1
    assert score(completion, **parameters, after_reasoning=True) == 0


@pytest.mark.parametrize(
    ("completion", "gold", "right"),
    [
        (r"\boxed{B}", "B", True),
        (r"\boxed{\text{(b)}}", "B", True),
        ("The correct option is B.", "(B)", True),
        ("The answer is option B", "B", True),
        ("The answer is B because A is false.", "B", True),
        ("A is false, B is true.\n\n(B)", "B", True),
        ("<answer>B. Paris</answer>", "B", True),
        ("<answer>A or B</answer>", "B", False),
        ("<answer>A, C</answer>", "AC", True),
        ("<answer>C, A</answer>", "A and C", True),
        ("<answer>A</answer>", "AC", False),
        ("<answer>A dog</answer>", "A", False),
        ("<answer>D</answer>", ["A", "D"], True),
        ("I do not know", "I", False),
        ("", "A", False),
    ],
)
def test_choices_are_compared_as_sets_of_letters(completion: str, gold: Any, right: bool) -> None:
    assert score(completion, match="choice", gold=gold) == right


@pytest.mark.parametrize(
    ("completion", "gold", "right"),
    [
        ("so 5 + 7 is 12 apples", "12", True),
        ("#### 1,234", "1234", True),
        (r"\boxed{\$1{,}234}", "1234", True),
        ("The answer is 0.3333333", "1/3", True),
        ("The answer is 0.33", "1/3", False),
        ("1000001", "1000000", False),
        ("50%", "50", True),
        ("50%", "0.5", True),
        ("0.5", "50%", True),
        ("50%", "5%", False),
        ("9007199254740993", "9007199254740995", True),
        ("pages 12-15", "15", True),
        ("x1", "1", False),
        ("no number", "1", False),
        ("1e999999999", "1", False),
    ],
)
def test_numbers_are_compared_within_the_tolerance(completion: str, gold: str, right: bool) -> None:
    assert score(completion, match="numeric", gold=gold) == right


def test_a_tolerance_can_be_given() -> None:
    assert score("about 3.1", match="numeric", gold="3.14159", rel=0.05) == 1
    assert score("about 3.1", match="numeric", gold="3.14159", abs=0.01) == 0
    assert score("3", match="numeric", gold="3.0", abs=0, rel=0) == 1


@pytest.mark.parametrize("match", ["exact", "choice", "keywords"])
def test_a_list_of_guesses_is_wrong_where_one_answer_must_be_given(match: str) -> None:
    guesses = r"\boxed{A} or \boxed{B}"
    assert score(guesses, match=match, gold="B") == 1
    assert score(guesses, match=match, gold="B", single_answer=True) == 0
    assert score(r"\boxed{B}, that is \boxed{B}", match=match, gold="B", single_answer=True) == 1


@pytest.mark.parametrize(
    "guesses", ["3 or 4", "The answer is 3 or 4", "3\n4", "#### 3\n#### 4", "<answer>3 4</answer>"]
)
def test_several_numbers_are_no_single_answer(guesses: str) -> None:
    assert score(guesses, match="numeric", gold="4", single_answer=True) == 0


def test_reasoning_that_does_not_end_has_no_answer() -> None:
    outcome = judge_answer(
        NO_VERIFIER, AccuracyReward(type="accuracy", gold="4", match="numeric", after_reasoning=True), "<think>4"
    )
    assert outcome.score == 0
    assert outcome.message == "there is no </think> after which an answer could stand"
