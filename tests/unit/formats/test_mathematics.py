import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.contract import AccuracyReward
from assay.errors import FormatError
from assay.formats import convert_row
from assay.formats.mathematics import last_boxed


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("\\boxed{42}", "42"),
        ("first \\boxed{1}, then $\\boxed{\\frac{1}{2}}$.", "\\frac{1}{2}"),
        ("\\fbox{3}", "3"),
        ("\\boxed 7$ is it", "7"),
        ("\\boxed{\\{1, 2\\}}", "\\{1, 2\\}"),
        ("\\boxed{1", None),
        ("\\boxed{}", None),
        ("no box", None),
        ("", None),
    ],
)
def test_the_last_box_is_the_answer(text: str, inside: str | None) -> None:
    assert last_boxed(text) == inside


@given(inside=st.text(st.sampled_from("ab1+ "), min_size=1).map(str.strip).filter(bool), depth=st.integers(0, 5))
def test_braces_may_be_nested_to_any_depth(inside: str, depth: int) -> None:
    nested = "{" * depth + inside + "}" * depth
    assert last_boxed(f"text \\boxed{{{nested}}} text") == nested


def gold(row: dict[str, object]) -> str:
    (reward,) = convert_row(row).rewards
    assert isinstance(reward, AccuracyReward)
    (only,) = reward.golds
    return only


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("3+4=7\n#### 7", "7"), ("#### 1,234,567", "1234567"), ("#### 1\n#### -2.50 ", "-2.50"), ("#### $5", "$5")],
)
def test_the_answer_of_gsm8k_stands_behind_the_last_mark(answer: str, expected: str) -> None:
    assert gold({"question": "?", "answer": answer}) == expected


@pytest.mark.parametrize("answer", ["####", "#### \n", None, 3])
def test_no_answer_behind_a_mark_is_refused(answer: object) -> None:
    with pytest.raises(FormatError, match="answer"):
        convert_row({"question": "?", "answer": answer}, "gsm8k")


def test_the_answer_of_math_goes_before_the_box_and_a_difference_is_said() -> None:
    converted = convert_row({"problem": "?", "solution": "\\boxed{2}", "answer": "1"})
    assert converted.rewards == (AccuracyReward(type="accuracy", gold="\\boxed{1}"),)
    assert converted.warnings == ("solution: has another answer than `answer`",)


def test_a_solution_without_a_box_is_refused() -> None:
    with pytest.raises(FormatError, match="boxed"):
        convert_row({"problem": "?", "solution": "It is 2."}, "math")
