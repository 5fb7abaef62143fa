from typing import Any

import pytest

from assay.contract import Limits, ProgramChecker, StdioSuite
from assay.errors import FormatError
from assay.formats import convert_row
from tests.fixtures.dataset_rows import CODECONTESTS, CODECONTESTS_RECORDS


def test_structs_of_lists_and_lists_of_structs_are_the_same_tests() -> None:
    assert convert_row(CODECONTESTS).suite == convert_row(CODECONTESTS_RECORDS).suite


def test_generated_tests_count_as_much_as_the_others() -> None:
    suite = convert_row(CODECONTESTS).suite
    assert isinstance(suite, StdioSuite)
    assert [case.stdin for case in suite.cases] == ["1\n", "5\n"]


def test_seconds_with_nanoseconds_and_bytes_are_limits() -> None:
    assert convert_row(CODECONTESTS).limits == Limits(cpu_s=1.5, memory_mb=256)


def test_limits_of_nothing_are_the_defaults() -> None:
    assert convert_row({**CODECONTESTS, "time_limit": None, "memory_limit_bytes": 0}).limits == Limits()


@pytest.mark.parametrize("change", [{"input_file": "input.txt"}, {"output_file": "out.txt"}])
def test_files_stand_in_the_place_of_the_streams(change: dict[str, Any]) -> None:
    suite = convert_row({**CODECONTESTS, **change}).suite
    assert isinstance(suite, StdioSuite)
    assert {name: getattr(suite, name) for name in change} == change


def test_a_checker_of_code_contests_plus_is_one_of_testlib() -> None:
    converted = convert_row({**CODECONTESTS, "checker": '#include "testlib.h"\nint main() {}'})
    assert isinstance(converted.suite, StdioSuite)
    assert isinstance(converted.suite.checker, ProgramChecker)
    assert (converted.suite.checker.language, converted.suite.checker.protocol) == ("cpp", "testlib")
    assert "ASSAY_TESTLIB" in converted.warnings[0]


@pytest.mark.parametrize("tests", [{"input": ["1"], "output": []}, {"input": ["1"]}, [{"input": "1"}], 3, ["1"]])
def test_tests_that_are_no_pairs_are_refused(tests: object) -> None:
    with pytest.raises(FormatError, match="private_tests"):
        convert_row({**CODECONTESTS, "private_tests": tests})
