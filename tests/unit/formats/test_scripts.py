import pytest

from assay.contract import PytestSuite, ScriptSuite
from assay.errors import FormatError
from assay.formats import convert_row
from tests.fixtures.dataset_rows import HUMANEVAL, KODCODE, LEETCODE


def test_a_check_comes_with_its_function_and_its_prompt() -> None:
    suite = convert_row(HUMANEVAL).suite
    assert isinstance(suite, ScriptSuite)
    assert (suite.source, suite.entry_point, suite.prompt) == (HUMANEVAL["test"], "add", HUMANEVAL["prompt"])


def test_inputs_of_evalplus_without_outputs_are_unsupported() -> None:
    row = {**HUMANEVAL, "test": "", "base_input": [[1, 2]], "plus_input": [[3, 4]]}
    with pytest.raises(FormatError, match="unsupported") as caught:
        convert_row(row)
    assert (caught.value.path, "evalplus/humanevalplus" in caught.value.hint) == ("base_input", True)


def test_inputs_beside_a_check_are_left_out_aloud() -> None:
    (warning,) = convert_row({**HUMANEVAL, "plus_input": [[3, 4]]}).warnings
    assert warning.startswith("plus_input: ")


def test_a_method_of_leetcode_stays_a_call_of_a_new_object() -> None:
    converted = convert_row(LEETCODE)
    assert converted.entry_point == "Solution().add"
    assert converted.prompt == LEETCODE["query"]


def test_a_test_file_of_kodcode_imports_the_program_as_solution() -> None:
    suite = convert_row(KODCODE).suite
    assert isinstance(suite, PytestSuite)
    assert (suite.files, suite.module) == ({"test_solution.py": KODCODE["test"]}, "solution")


@pytest.mark.parametrize("entry_point", ["", "a b", "import os", 3, None])
def test_what_is_no_entry_point_is_refused(entry_point: object) -> None:
    with pytest.raises(FormatError, match=r"entry_point|pattern"):
        convert_row({**HUMANEVAL, "entry_point": entry_point})
