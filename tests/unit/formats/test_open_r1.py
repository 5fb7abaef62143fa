from typing import Any

import pytest

from assay.contract import Checker, IoiCodeReward, Limits, ProgramChecker, StdioSuite
from assay.errors import FormatError
from assay.formats import convert_row
from tests.fixtures.dataset_rows import CODEFORCES, IOI, IOI_GRADER


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


def test_interaction_is_unsupported() -> None:
    with pytest.raises(FormatError, match="unsupported") as caught:
        convert_row({**CODEFORCES, "interaction_format": "Print a query."})
    assert (caught.value.code, caught.value.path) == ("unsupported_row", "interaction_format")


def test_a_generated_checker_is_a_python_program_that_prints_a_score() -> None:
    suite = convert_row({**CODEFORCES, "generated_checker": "print(1)"}).suite
    assert isinstance(suite, StdioSuite)
    assert isinstance(suite.checker, ProgramChecker)
    assert (suite.checker.language, suite.checker.protocol) == ("python", "score")


def test_a_problem_of_files_reads_and_writes_those_of_open_r1() -> None:
    suite = convert_row({**CODEFORCES, "input_mode": "file"}).suite
    assert isinstance(suite, StdioSuite)
    assert (suite.input_file, suite.output_file) == ("input.txt", "output.txt")


def test_an_input_mode_that_nobody_knows_is_refused() -> None:
    with pytest.raises(FormatError, match="neither 'stdio' nor 'file'") as caught:
        convert_row({**CODEFORCES, "input_mode": "socket"})
    assert caught.value.code == "invalid_row"


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
        ({"test_cases": None}, "test_names"),
    ],
)
def test_managers_and_tests_elsewhere_are_unsupported(change: dict[str, Any], path: str) -> None:
    with pytest.raises(FormatError, match="unsupported") as caught:
        convert_row({**IOI, **change})
    assert (caught.value.code, caught.value.path) == ("unsupported_row", path)


def test_a_test_that_is_named_and_not_there_is_refused() -> None:
    with pytest.raises(FormatError, match="'09-01' is not among"):
        convert_row({**IOI, "test_names": ["01-01", "09-01"]})


def test_grader_files_are_linked_and_the_checker_stands_apart() -> None:
    (reward,) = convert_row({**IOI_GRADER, "score_precision": 1}).rewards
    assert isinstance(reward, IoiCodeReward)
    assert (list(reward.grader_files), reward.main) == (["grader.cpp", "doubles.h"], "doubles.cpp")
    assert reward.score_precision == 1
    assert isinstance(reward.tests.checker, ProgramChecker)
    assert (reward.tests.checker.protocol, list(reward.tests.checker.files)) == ("cms", ["share.h"])


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ([["graders/a.h"]], "must be a path and a content"),
        ([["checker/helper.h", "int x;"]], "a checker is none of: helper.h"),
        ("x", "grader_files"),
        ([["graders/a.h", 3]], "must be text"),
    ],
)
def test_grader_files_of_another_shape_are_refused(files: object, complaint: str) -> None:
    with pytest.raises(FormatError, match=complaint) as caught:
        convert_row({**IOI, "grader_files": files})
    assert caught.value.code == "invalid_row"
