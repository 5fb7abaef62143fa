from typing import Any

import pytest

from assay.contract import Checker, Limits, StdioSuite
from assay.errors import FormatError
from assay.formats import convert_row
from tests.fixtures.dataset_rows import CODEFORCES, IOI


def test_limits_of_codeforces_are_seconds_and_megabytes() -> None:
    assert convert_row(CODEFORCES).limits == Limits(cpu_s=2, memory_mb=256)


@pytest.mark.parametrize(
    ("outputs", "case_sensitive"),
    [(["YES\n", "NO\n"], False), (["Yes 3\n"], False), (["YES\n", "NO A\n"], True), (["3\n"], True)],
)
def test_case_is_ignored_where_all_words_are_yes_or_no(outputs: list[str], case_sensitive: bool) -> None:
    suite = convert_row({**CODEFORCES, "official_tests": [{"input": "", "output": each} for each in outputs]}).suite
    assert isinstance(suite, StdioSuite)
    assert isinstance(suite.checker, Checker)
    assert (suite.checker.type, suite.checker.case_sensitive) == ("tokens", case_sensitive)


@pytest.mark.parametrize(
    ("column", "value"),
    [("generated_checker", "import sys"), ("interaction_format", "Print a query."), ("input_mode", "file")],
)
def test_checkers_interaction_and_files_are_unsupported(column: str, value: str) -> None:
    with pytest.raises(FormatError, match="unsupported") as caught:
        convert_row({**CODEFORCES, column: value})
    assert (caught.value.code, caught.value.path) == ("unsupported_row", column)


def test_tests_that_are_missing_are_said() -> None:
    warnings = convert_row({**CODEFORCES, "official_tests_complete": False, "generated_tests": 31}).warnings
    assert [warning.partition(":")[0] for warning in warnings] == ["official_tests", "generated_tests"]
    assert "31 tests" in warnings[1]


@pytest.mark.parametrize("tests", [[], None, [{"input": "1"}], "x", [3]])
def test_official_tests_that_are_none_are_refused(tests: object) -> None:
    with pytest.raises(FormatError, match="official_tests"):
        convert_row({**CODEFORCES, "official_tests": tests})


def test_a_subtask_is_its_named_tests_and_all_of_them_must_pass() -> None:
    converted = convert_row(IOI)
    assert isinstance(converted.suite, StdioSuite)
    assert [case.stdin for case in converted.suite.cases] == ["5\n", "1\n"]
    assert (converted.scoring, converted.language) == ("all_or_nothing", "cpp")
    assert converted.limits == Limits(cpu_s=1, memory_mb=256)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"task_type": "Communication"}, "task_type"),
        ({"grader_files": [["grader.cpp", "int main() {}"]]}, "grader_files"),
        ({"test_cases": None}, "test_names"),
    ],
)
def test_graders_managers_and_tests_elsewhere_are_unsupported(change: dict[str, Any], path: str) -> None:
    with pytest.raises(FormatError, match="unsupported") as caught:
        convert_row({**IOI, **change})
    assert (caught.value.code, caught.value.path) == ("unsupported_row", path)


def test_a_test_that_is_named_and_not_there_is_refused() -> None:
    with pytest.raises(FormatError, match="'09-01' is not among"):
        convert_row({**IOI, "test_names": ["01-01", "09-01"]})
