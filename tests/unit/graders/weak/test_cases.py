"""Suites of inputs and outputs that a program passes without reading its input are found."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from assay.contract import Suite, SuiteWarning
from assay_workers.graders.weak.suite import find_weak_tests


def warnings_of(kind: str, cases: list[dict[str, Any]], **more: Any) -> tuple[SuiteWarning, ...]:
    suite: Any = TypeAdapter(Suite).validate_python({"kind": kind, "cases": cases, **more})
    weak = find_weak_tests(suite, python=False)
    assert weak.idle == set(), "each test can fail"
    return weak.warnings


def stdio(*pairs: tuple[str, str]) -> list[tuple[str, int]]:
    cases = [{"stdin": stdin, "expected": expected} for stdin, expected in pairs]
    return [(warning.code, warning.test) for warning in warnings_of("stdio", cases)]


def function(*expected: object) -> list[str]:
    cases = [{"args": [number], "expected": value} for number, value in enumerate(expected)]
    return [warning.code for warning in warnings_of("function", cases, entry_point="f")]


def test_the_same_output_for_every_input_is_found() -> None:
    assert stdio(("1", "YES\n"), ("2", "YES"), ("3", "YES")) == [("constant_expected", 0)]
    assert stdio(("1", ""), ("2", "\n")) == [("constant_expected", 0)]
    assert stdio(("1", "YES"), ("2", "NO")) == []


def test_one_test_alone_may_expect_anything() -> None:
    assert stdio(("1", "YES")) == []
    assert function(True) == []


def test_no_output_for_some_input_is_found() -> None:
    assert stdio(("1", "2"), ("3", " \n")) == [("empty_expected", 1)]
    assert stdio(("5", "")) == [("empty_expected", 0)]
    assert stdio(("1", "2"), ("", "")) == [], "nothing comes of nothing"


def test_the_same_value_of_every_call_is_found() -> None:
    assert function([1], [1]) == ["constant_expected"]
    assert function(1, True) == []
    assert function(1, 1.0) == []


@given(st.lists(st.text("ab ", max_size=3), min_size=2, max_size=5))
def test_a_constant_program_passes_just_where_a_warning_says_so(expected: list[str]) -> None:
    warned = ("constant_expected", 0) in stdio(*((str(number), text) for number, text in enumerate(expected)))
    assert warned == (len({text.strip() for text in expected}) == 1)


@pytest.mark.parametrize("python", [True, False])
def test_test_code_is_read_only_where_it_is_python(python: bool) -> None:
    suite: Any = TypeAdapter(Suite).validate_python({"kind": "script", "source": "x = 1", "entry_point": "f"})
    assert bool(find_weak_tests(suite, python=python).warnings) is python
