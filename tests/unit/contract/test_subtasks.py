"""Subtasks, and rewards that are scored by them, are refused where they make no sense."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from assay.contract import RewardSpec

ADAPTER: TypeAdapter[Any] = TypeAdapter(RewardSpec)
CASES = [{"expected": "1"}, {"expected": "2"}]


def _spec(*subtasks: dict[str, Any], **more: Any) -> Any:
    tests = {"kind": "stdio", "cases": CASES, "subtasks": subtasks}
    return ADAPTER.validate_python({"type": "code", "scoring": "subtasks", "tests": tests, **more})


def test_subtasks_may_share_cases_and_depend_on_earlier_ones() -> None:
    first = {"name": "a", "points": 1, "cases": [0]}
    assert _spec(first, {"name": "b", "points": 2, "cases": [0, 1], "depends": ["a"]}).tests.subtasks[1].points == 2


@pytest.mark.parametrize(
    ("subtasks", "complaint"),
    [
        ([], "needs 'stdio' or 'interactive' tests with 'subtasks'"),
        ([{"name": "a", "points": 0, "cases": [0]}], "one with 'points' above 0"),
        ([{"name": "a", "points": 1, "cases": [2]}], "has case 2, and there are 2 cases"),
        (2 * [{"name": "a", "points": 1, "cases": [0]}], "two subtasks are called 'a'"),
        ([{"name": "a", "points": 1, "cases": [0], "depends": ["b"]}], "depends on 'b', which must come before it"),
        ([{"name": "a", "points": 1, "cases": []}], "at least 1 item"),
    ],
)
def test_subtasks_that_make_no_sense_are_refused(subtasks: list[dict[str, Any]], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        _spec(*subtasks)


def test_other_tests_have_no_subtasks() -> None:
    tests = {"kind": "assert", "asserts": ["assert f(1)"]}
    with pytest.raises(ValidationError, match="needs 'stdio' or 'interactive' tests with 'subtasks'"):
        ADAPTER.validate_python({"type": "code", "scoring": "subtasks", "tests": tests})


def test_an_ioi_problem_without_subtasks_is_one() -> None:
    tests = {"kind": "stdio", "cases": CASES}
    assert ADAPTER.validate_python({"type": "ioi_code", "tests": tests}).score_precision == 2
