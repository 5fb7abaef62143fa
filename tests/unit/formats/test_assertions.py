from typing import Any

import pytest

from assay.contract import AssertSuite, ScriptSuite
from assay.errors import FormatError
from assay.formats import convert_row
from tests.fixtures.dataset_rows import PROGRAMS

ACECODE = PROGRAMS["acecode"].row
MBPP, MBPP_SANITIZED, MBPP_PLUS = (PROGRAMS[f"mbpp{part}"].row for part in ("", " sanitized", " plus"))


def test_assertions_of_mbpp_come_with_their_setup() -> None:
    suite = convert_row(MBPP).suite
    assert isinstance(suite, AssertSuite)
    assert (suite.asserts, suite.setup) == (tuple(MBPP["test_list"]), "MINUS_FOUR = -4")


def test_imports_of_the_sanitized_rows_are_setup() -> None:
    suite = convert_row(MBPP_SANITIZED).suite
    assert isinstance(suite, AssertSuite)
    assert suite.setup == "import math"


def test_challenge_tests_are_left_out_aloud() -> None:
    (warning,) = convert_row({**MBPP, "challenge_test_list": ["assert add(0, 0) == 0"]}).warnings
    assert "challenge_test_list: 1 tests" in warning


def test_the_script_of_mbpp_plus_goes_before_the_list() -> None:
    suite = convert_row(MBPP_PLUS).suite
    assert isinstance(suite, ScriptSuite)
    assert suite.entry_point == "add"
    assert suite.source == "import math\n" + MBPP_PLUS["test"]


@pytest.mark.parametrize("assertion", ["assert (", "assert 1 == 1", "assert set([]) == set()", "\x00"])
def test_a_script_whose_function_nothing_names_is_refused(assertion: str) -> None:
    with pytest.raises(FormatError) as caught:
        convert_row({**MBPP_PLUS, "test_list": [assertion]})
    assert caught.value.path == "test_list"


def test_assertions_of_acecode_are_kept_in_order() -> None:
    suite = convert_row(ACECODE).suite
    assert isinstance(suite, AssertSuite)
    assert list(suite.asserts) == ACECODE["test_cases"]


@pytest.mark.parametrize(("row", "column"), [(MBPP, "test_list"), (ACECODE, "test_cases")])
@pytest.mark.parametrize("tests", [[], [3], "assert f()", {"a": 1}, None])
def test_what_is_no_list_of_assertions_is_refused(row: dict[str, Any], column: str, tests: object) -> None:
    with pytest.raises(FormatError, match=column):
        convert_row({**row, column: tests}, "mbpp" if row is MBPP else "acecode")
