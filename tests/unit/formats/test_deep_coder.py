import json
from typing import Any

import pytest

from assay.contract import FunctionSuite, StdioSuite
from assay.errors import FormatError
from assay.formats import convert_row
from tests.fixtures.dataset_rows import (
    DEEPCODER,
    DEEPCODER_CODEFORCES,
    DEEPCODER_LCB,
    DEEPCODER_TACO,
    LCB_CALLS,
    METHOD,
    SYNTHETIC,
)


@pytest.mark.parametrize("row", [DEEPCODER, DEEPCODER_LCB])
def test_calls_of_both_kinds_are_the_same_cases(row: dict[str, Any]) -> None:
    suite = convert_row(row).suite
    assert isinstance(suite, FunctionSuite)
    assert [(case.args, case.expected) for case in suite.cases] == [((1, 2), 3), ((-4, 1), -3)]


@pytest.mark.parametrize(("row", "stdin"), [(DEEPCODER_TACO, "4\n"), (DEEPCODER_CODEFORCES, "5\n")])
def test_tables_and_plain_records_are_tests_of_programs(row: dict[str, Any], stdin: str) -> None:
    suite = convert_row(row).suite
    assert isinstance(suite, StdioSuite)
    assert suite.cases[1].stdin == stdin


def test_the_name_stands_with_each_test_or_with_the_row() -> None:
    named = [{**test, "metadata": {"func_name": "add"}} for test in LCB_CALLS]
    row = {**DEEPCODER_LCB, "tests": json.dumps(named), "metadata": None}
    assert convert_row(row).entry_point == convert_row(DEEPCODER_LCB).entry_point == "Solution.add"


def test_a_solution_shows_a_method() -> None:
    assert convert_row({**DEEPCODER, "solutions": [METHOD]}).entry_point == "Solution.add"


@pytest.mark.parametrize(
    "tests",
    [
        [{"type": "stdin_stdout", "input": "", "output": ""}, {"type": "function_call", "input": [], "output": 1}],
        [{"type": "interactive", "input": "", "output": ""}],
        [
            {"type": "function_call", "fn_name": "f", "input": [], "output": 1},
            {"type": "function_call", "fn_name": "g", "input": [], "output": 1},
        ],
        [{"type": "function_call", "input": [], "output": 1}],
        [],
    ],
    ids=["mixed", "unknown", "two functions", "no function", "none"],
)
def test_tests_that_no_suite_can_hold_together_are_refused(tests: list[Any]) -> None:
    with pytest.raises(FormatError, match="tests"):
        convert_row({**DEEPCODER, "tests": json.dumps(tests)})


def test_the_language_of_a_row_is_kept() -> None:
    info = json.loads(SYNTHETIC["verification_info"])
    row = {**SYNTHETIC, "verification_info": {**info, "language": "rust"}}
    assert (convert_row(row).language, convert_row(SYNTHETIC).language) == ("rust", "python")


@pytest.mark.parametrize("info", [repr, json.dumps, lambda info: info], ids=["literal", "JSON", "object"])
def test_verification_info_may_be_an_object_or_the_text_of_one(info: Any) -> None:
    row = {**SYNTHETIC, "verification_info": info(json.loads(SYNTHETIC["verification_info"]))}
    assert convert_row(row) == convert_row(SYNTHETIC)


def test_an_answer_to_something_else_than_mathematics_is_unsupported() -> None:
    row = {"task_type": "llm_judgeable_groundtruth_similarity", "verification_info": {"ground_truth": "a text"}}
    with pytest.raises(FormatError, match="unsupported") as caught:
        convert_row(row)
    assert (caught.value.code, caught.value.path) == ("unsupported_row", "task_type")
