"""Inputs and outputs become suites, and suites written as rows come back as they were."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.contract import AssertSuite, FunctionSuite, StdioSuite
from assay.errors import FormatError
from assay.formats import convert_row
from tests.fixtures.dataset_rows import pack

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.sampled_from("abc"), min_size=1), inner),
    max_leaves=6,
)
TEXTS = st.text(max_size=20)
STDIO = st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=5)
CALLS = st.lists(st.tuples(st.lists(VALUES, max_size=3), VALUES), min_size=1, max_size=5)

Rows = Callable[[list[Any], list[Any], str | None], dict[str, Any]]


def _table(inputs: list[Any], outputs: list[Any], name: str | None) -> dict[str, Any]:
    return {"inputs": inputs, "outputs": outputs, **({"fn_name": name} if name else {})}


def _records(inputs: list[Any], outputs: list[Any], name: str | None) -> list[dict[str, Any]]:
    kind = {"type": "function_call", "fn_name": name} if name else {"type": "stdin_stdout"}
    return [{**kind, "input": given, "output": wanted} for given, wanted in zip(inputs, outputs, strict=True)]


def _tagged(inputs: list[Any], outputs: list[Any], name: str | None) -> list[dict[str, Any]]:
    kind = "functional" if name else "stdin"
    return [{"input": i, "output": o, "testtype": kind} for i, o in zip(inputs, outputs, strict=True)]


WRAPPING: dict[str, Rows] = {
    "apps": lambda i, o, f: {
        "question": "",
        "starter_code": f"def {f}():",
        "input_output": json.dumps(_table(i, o, f)),
    },
    "prime": lambda i, o, f: {"ability": "code", "reward_model": {"ground_truth": json.dumps(_table(i, o, f))}},
    "deepcoder": lambda i, o, f: {"problem": "p", "tests": json.dumps(_records(i, o, f))},
    "synthetic-1": lambda i, o, f: {"verification_info": json.dumps({"test_cases": _records(i, o, f)})},
}
"""Formats that wrap what a call must return in a list."""
LINES: dict[str, Rows] = {
    "livecodebench": lambda i, o, f: {
        "private_test_cases": pack(json.dumps(_tagged(i, o, f))),
        "metadata": json.dumps({"func_name": f}),
        "starter_code": f"def {f}():",
    },
    "deepcoder": lambda i, o, f: {
        "problem": "p",
        "tests": json.dumps(_tagged(i, o, f)),
        "metadata": json.dumps({"func_name": f}),
    },
    "rstar-coder": lambda i, o, f: {"question_id": "1", "inputs": i, "outputs": o, "func_name": f or ""},
}
"""Formats that give arguments as lines of JSON."""
PROGRAMS: dict[str, Rows] = {
    **WRAPPING,
    **LINES,
    "code_contests": lambda i, o, f: {"public_tests": {"input": i, "output": o}},
    "codeforces": lambda i, o, f: {"official_tests": _records(i, o, None)},
}


@pytest.mark.parametrize("name", PROGRAMS)
@settings(max_examples=30)
@given(cases=STDIO)
def test_tests_of_programs_come_back_as_they_were_written(name: str, cases: list[tuple[str, str]]) -> None:
    suite = convert_row(PROGRAMS[name]([i for i, _ in cases], [o for _, o in cases], None), name).suite
    assert isinstance(suite, StdioSuite)
    assert [(case.stdin, case.expected) for case in suite.cases] == cases


@pytest.mark.parametrize("name", WRAPPING)
@settings(max_examples=30)
@given(cases=CALLS)
def test_wrapped_values_come_back_without_their_wrapper(name: str, cases: list[tuple[list[Any], Any]]) -> None:
    suite = convert_row(WRAPPING[name]([i for i, _ in cases], [[o] for _, o in cases], "f"), name).suite
    assert isinstance(suite, FunctionSuite)
    assert [(list(case.args), case.expected) for case in suite.cases] == cases


@pytest.mark.parametrize("name", LINES)
@settings(max_examples=30)
@given(cases=CALLS)
def test_arguments_in_lines_come_back_as_values(name: str, cases: list[tuple[list[Any], Any]]) -> None:
    inputs = ["\n".join(map(json.dumps, args)) for args, _ in cases]
    suite = convert_row(LINES[name](inputs, [json.dumps(o) for _, o in cases], "f"), name).suite
    assert isinstance(suite, FunctionSuite)
    assert [(list(case.args), case.expected) for case in suite.cases] == cases


@settings(max_examples=30)
@given(statements=st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=5))
@pytest.mark.parametrize("name", ["acecode", "mbpp", "prime"])
def test_assertions_come_back_as_they_were_written(name: str, statements: list[str]) -> None:
    row = {
        "acecode": {"test_cases": statements},
        "mbpp": {"test_list": statements},
        "prime": {"ability": "code", "reward_model": {"ground_truth": json.dumps({"assert_case": statements})}},
    }[name]
    suite = convert_row(row, name).suite
    assert isinstance(suite, AssertSuite)
    assert list(suite.asserts) == statements


def calls(outputs: list[Any], starter_code: str = "", inputs: list[Any] | None = None) -> dict[str, Any]:
    table = {"fn_name": "f", "inputs": inputs or [[each] for each in outputs], "outputs": outputs}
    return {"question": "", "input_output": json.dumps(table), "starter_code": starter_code}


def expected(row: dict[str, Any]) -> list[Any]:
    suite = convert_row(row, "apps").suite
    assert isinstance(suite, FunctionSuite)
    return [case.expected for case in suite.cases]


@pytest.mark.parametrize(
    ("outputs", "values"),
    [
        ([[1], [2]], [1, 2]),
        ([1, 2], [1, 2]),
        ([[1, 2], [3]], [[1, 2], [3]]),
        ([[[1]], [[2]]], [[1], [2]]),
        ([[1], 2], [[1], 2]),
        ([[]], [[]]),
    ],
)
def test_outputs_are_unwrapped_only_if_each_of_them_is_a_list_of_one(outputs: list[Any], values: list[Any]) -> None:
    assert expected(calls(outputs, "def f(a):\n")) == values


def test_an_annotation_of_a_list_keeps_lists_of_one() -> None:
    assert expected(calls([[1], [2]], "def f(a) -> List[int]:\n")) == [[1], [2]]
    assert expected(calls([[[1]], [[2]]], "def f(a) -> List[int]:\n")) == [[1], [2]]


def test_taking_off_a_wrapper_is_said_unless_an_annotation_shows_it() -> None:
    assert any("wrapper" in warning for warning in convert_row(calls([[1]], "def f(a):\n")).warnings)
    assert convert_row(calls([[1]], "def f(a) -> int:\n")).warnings == ()


@pytest.mark.parametrize(("outputs", "mode"), [([1, "a"], "exact"), ([[1, 0.5], [2, 2]], "float")])
def test_values_are_compared_with_tolerance_where_a_float_is_expected(outputs: list[Any], mode: str) -> None:
    suite = convert_row(calls(outputs)).suite
    assert isinstance(suite, FunctionSuite)
    assert suite.compare.mode == mode


@pytest.mark.parametrize("table", [{"1": 2}, {"-3": [1]}])
def test_keys_that_stand_for_numbers_are_unsupported(table: dict[str, Any]) -> None:
    with pytest.raises(FormatError, match="keys are numbers") as caught:
        convert_row(calls([1], inputs=[[table]]))
    assert (caught.value.code, caught.value.path) == ("unsupported_row", "input_output.inputs[0]")


@pytest.mark.parametrize(
    ("table", "path"),
    [
        ({"outputs": ["1"]}, "input_output.inputs"),
        ({"inputs": ["1"], "outputs": []}, "input_output.inputs"),
        ({"inputs": [], "outputs": []}, "input_output.inputs"),
        ({"inputs": ["1", 2], "outputs": ["1", "2"]}, "input_output.inputs[1]"),
        ({"inputs": ["1", ["a", 2]], "outputs": ["1", "2"]}, "input_output.inputs[1][1]"),
        ({"inputs": ["1"], "outputs": [None]}, "input_output.outputs[0]"),
        ({"inputs": [3], "outputs": [3], "fn_name": "f"}, "input_output.inputs[0]"),
        ({"inputs": ["[1"], "outputs": ["1"], "fn_name": "f"}, "input_output.inputs[0], line 1"),
        ({"inputs": [[1]], "outputs": [1], "fn_name": 3}, "input_output.fn_name"),
    ],
)
def test_a_complaint_names_the_place(table: dict[str, Any], path: str) -> None:
    with pytest.raises(FormatError) as caught:
        convert_row({"input_output": json.dumps(table)}, "apps")
    assert (caught.value.path, caught.value.code) == (path, "invalid_row")
