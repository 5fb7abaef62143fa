import json
from typing import Any

import pytest

from assay.contract import Checker, FunctionSuite, StdioSuite
from assay.errors import FormatError
from assay.formats import convert_row
from tests.fixtures.dataset_rows import LCB_CALLS, LCB_STDIN, LIVECODEBENCH, LIVECODEBENCH_CALLS, pack


def test_public_tests_come_before_the_private_ones() -> None:
    suite = convert_row(LIVECODEBENCH).suite
    assert isinstance(suite, StdioSuite)
    assert [case.stdin for case in suite.cases] == ["1\n", "5\n"]


def test_numbers_are_compared_as_decimals_without_tolerance() -> None:
    suite = convert_row(LIVECODEBENCH).suite
    assert isinstance(suite, StdioSuite)
    assert isinstance(suite.checker, Checker)
    assert (suite.checker.type, suite.checker.abs, suite.checker.rel) == ("float", 0, 0)


@pytest.mark.parametrize(
    "private", [json.dumps(LCB_STDIN), pack(json.dumps(LCB_STDIN)), pack(LCB_STDIN), LCB_STDIN]
)
def test_private_tests_may_be_packed_or_not(private: Any) -> None:
    suite = convert_row({**LIVECODEBENCH, "private_test_cases": private}).suite
    assert isinstance(suite, StdioSuite)
    assert len(suite.cases) == 3


def test_functional_tests_call_the_method_that_the_metadata_name() -> None:
    suite = convert_row(LIVECODEBENCH_CALLS).suite
    assert isinstance(suite, FunctionSuite)
    assert suite.entry_point == "Solution.add"
    assert [(case.args, case.expected) for case in suite.cases] == [((1, 2), 3), ((-4, 1), -3)]


def test_a_row_without_private_tests_is_converted_and_says_so() -> None:
    (warning,) = convert_row({**LIVECODEBENCH, "private_test_cases": ""}).warnings
    assert "private_test_cases: not in the row" in warning


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"public_test_cases": json.dumps(LCB_STDIN + LCB_CALLS)}, "public_test_cases[0]"),
        ({"public_test_cases": "[]", "private_test_cases": "[]"}, "public_test_cases"),
        ({"public_test_cases": "[", "private_test_cases": "[]"}, "public_test_cases"),
        ({"private_test_cases": pack(print)}, "private_test_cases"),
        (
            {"private_test_cases": pack(json.dumps([{"input": "1", "testtype": "stdin"}]))},
            "private_test_cases[0].output",
        ),
    ],
)
def test_a_complaint_names_the_place(change: dict[str, Any], path: str) -> None:
    with pytest.raises(FormatError) as caught:
        convert_row({**LIVECODEBENCH, **change})
    assert caught.value.path == path


@pytest.mark.parametrize("metadata", ["{}", None, '{"func_name": null}'])
def test_a_call_without_a_name_is_refused(metadata: str | None) -> None:
    with pytest.raises(FormatError, match="metadata"):
        convert_row({**LIVECODEBENCH_CALLS, "metadata": metadata})
