"""The `length` component of an item, once the lengths of its group are known."""

from typing import Any

import pytest

from assay.contract import ComponentResult, ErrorInfo, Item, LengthReward
from assay_workers.rewards.group import judge_length, length_component

LOST = ErrorInfo(code="sandbox_lost", message="lost", retryable=True)


def _given(**more: Any) -> tuple[Item, LengthReward]:
    length = {"type": "length", "correct_by": "format", "shortest": 2, "longest": 6, **more}
    item = Item.model_validate({"id": "a", "completion": "four", "rewards": [{"type": "format"}, length]})
    spec = item.rewards[1]
    assert isinstance(spec, LengthReward)
    return item, spec


def _judged(score: float | None, error: ErrorInfo | None = None) -> ComponentResult:
    return ComponentResult(type="format", score=score, weight=1.0, error=error)


@pytest.mark.parametrize(("longest", "right", "wrong"), [(10, 0.25, 0.0), (4, -0.5, -0.5), (6, 0.0, 0.0)])
def test_a_right_answer_earns_by_its_length_and_a_wrong_one_nothing(
    longest: int, right: float, wrong: float
) -> None:
    item, spec = _given(longest=longest)
    assert judge_length(item, spec, _judged(1.0)).score == right
    assert judge_length(item, spec, _judged(0.5)).score == wrong


def test_the_threshold_says_what_is_right() -> None:
    item, spec = _given(longest=10, at_least=0.5)
    assert judge_length(item, spec, _judged(0.5)).score == 0.25


def test_where_nobody_knows_whether_it_is_right_the_error_is_this_ones_too() -> None:
    result = judge_length(*_given(), _judged(None, LOST))
    assert (result.score, result.error) == (None, LOST)


def test_a_judge_without_score_and_error_is_our_failure() -> None:
    error = judge_length(*_given(), _judged(None)).error
    assert error is not None
    assert error.code == "internal"


def test_without_the_lengths_of_the_group_there_is_no_score() -> None:
    item, spec = _given()
    with pytest.raises(ValueError, match="lengths of the group are missing"):
        length_component(item, spec.model_copy(update={"shortest": None}), correct=True)
