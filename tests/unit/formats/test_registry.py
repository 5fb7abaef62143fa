"""Each format's rows are known as its own, and no row, however hostile, ends as anything but a `FormatError`."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.contract import Item
from assay.errors import FormatError
from assay.formats import FORMATS, convert_row, detect_format, find_format
from tests.fixtures.dataset_rows import ANSWERS, PROGRAMS, AnswerRow, ProgramRow, pack

ROWS: dict[str, ProgramRow | AnswerRow] = {**PROGRAMS, **ANSWERS}

HOSTILE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
BOMBS: dict[str, Any] = {
    "nothing": None,
    "a truth value": True,
    "NaN": float("nan"),
    "a number": 3,
    "a huge number": 10**400,
    "an empty list": [],
    "an empty object": {},
    "an object of anything": {"inputs": 1, "input": [1], "test_cases": 2, "ground_truth": [], "seconds": "x"},
    "deep text": "[" * 100_000,
    "half a surrogate": "\ud800",
    "a pickle": pack("[" * 5000),
}
MILLION = 1_000_000
MANY: dict[str, Any] = {
    "records": [{"input": "", "output": "", "testtype": "stdin"}] * MILLION,
    "assertions": ["assert f()"] * MILLION,
    "text": json.dumps({"inputs": [""] * MILLION, "outputs": [""] * MILLION}),
    "lists": {"input": [""] * MILLION, "output": [""] * MILLION},
    "containers": "[" + "[]," * 9_000_000 + "[]]",
}
TESTS_IN = {
    "apps": "input_output",
    "livecodebench": "private_test_cases",
    "code_contests": "generated_tests",
    "deepcoder": "tests",
    "acecode": "test_cases",
    "mbpp": "test_list",
    "rstar": "inputs",
    "codeforces": "official_tests",
    "ioi": "test_names",
}


def refusal(row: object, name: str) -> FormatError | None:
    """Why a row is refused; None if it is converted. Any other exception is a failed test."""
    try:
        convert_row(row, name)
    except FormatError as error:
        return error
    return None


@pytest.mark.parametrize("example", ROWS.values(), ids=ROWS)
def test_a_row_has_the_shape_of_its_own_format_and_of_no_other(example: ProgramRow | AnswerRow) -> None:
    assert [each.name for each in FORMATS.values() if each.detect(example.row)] == [example.format]


@pytest.mark.parametrize("example", PROGRAMS.values(), ids=PROGRAMS)
def test_a_row_becomes_a_suite_with_all_of_its_tests(example: ProgramRow) -> None:
    suite: Any = convert_row(example.row).suite
    assert suite.kind == example.kind
    if example.kind != "pytest":
        assert len(getattr(suite, "cases", getattr(suite, "asserts", [suite]))) == example.tests


@pytest.mark.parametrize("example", ROWS.values(), ids=ROWS)
def test_the_rewards_of_a_row_are_those_of_an_item(example: ProgramRow | AnswerRow) -> None:
    rewards = [reward.model_dump(mode="json") for reward in convert_row(example.row).rewards]
    item = Item.model_validate({"id": "1", "completion": "x", "rewards": rewards})
    assert item.rewards == convert_row(example.row).rewards


@pytest.mark.parametrize("example", ROWS.values(), ids=ROWS)
def test_a_row_is_what_it_says_to_both_detection_and_name(example: ProgramRow | AnswerRow) -> None:
    assert convert_row(example.row) == convert_row(example.row, example.format)


def test_every_format_has_an_example() -> None:
    assert {example.format for example in ROWS.values()} == set(FORMATS)


def test_no_name_or_alias_means_two_formats() -> None:
    names = [name.lower() for each in FORMATS.values() for name in {each.name, *each.aliases}]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", ["apps", "APPS", "codeparrot/apps"])
def test_a_format_is_found_by_its_name_and_its_aliases_in_whatever_case(name: str) -> None:
    assert find_format(name).name == "apps"


def test_an_unknown_name_is_told_the_nearest() -> None:
    with pytest.raises(FormatError) as caught:
        find_format("livecodebenhc")
    assert (caught.value.path, caught.value.hint) == ("format", "did you mean 'livecodebench'?")


def test_a_row_of_no_shape_is_told_its_own_columns() -> None:
    with pytest.raises(FormatError, match="of these fields: body, title"):
        detect_format({"title": "a", "body": "b"})


def test_a_row_of_two_shapes_is_told_both() -> None:
    row = {**PROGRAMS["mbpp"].row, **PROGRAMS["synthetic"].row}
    with pytest.raises(FormatError, match="several formats: synthetic-1, mbpp"):
        detect_format(row)


@pytest.mark.parametrize("row", [None, 3, "text", [1], True])
def test_a_row_that_is_no_object_is_refused(row: object) -> None:
    with pytest.raises(FormatError, match="must be an object"):
        convert_row(row)


def test_what_no_suite_holds_is_checked_too() -> None:
    info = {"language": "x" * 100, "test_cases": [{"input": "", "output": ""}]}
    with pytest.raises(FormatError, match="language"):
        convert_row({"verification_info": info})


def opened(value: Any) -> Any:
    """The value that a JSON text stands for, or the value itself."""
    try:
        return json.loads(value) if isinstance(value, str) and value[:1] in {"{", "["} else value
    except ValueError:
        return value


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths to every value in a row, into JSON text as well."""
    value = opened(value)
    keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [path, *(inner for key in keys for inner in places(value[key], (*path, key)))]


def spoiled(value: Any, path: tuple[Any, ...], by: Any) -> Any:
    """The row with another value at a path."""
    if not path:
        return by
    if isinstance(value, str):
        return json.dumps(spoiled(json.loads(value), path, by))
    changed = dict(value) if isinstance(value, dict) else list(value)
    changed[path[0]] = spoiled(value[path[0]], path[1:], by)
    return changed


@pytest.mark.parametrize("name", ROWS)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_a_row_with_anything_in_any_place_is_converted_or_refused(name: str, data: st.DataObject) -> None:
    example = ROWS[name]
    path = data.draw(st.sampled_from(places(example.row)[1:]))
    row = spoiled(example.row, path, data.draw(HOSTILE))
    error = refusal(row, example.format)
    assert error is None or (error.code in {"invalid_row", "unsupported_row"} and 0 < len(error.message) < 1000)


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize("name", ROWS)
def test_a_bomb_in_the_place_of_a_column_is_converted_or_refused(name: str, bomb: str) -> None:
    example = ROWS[name]
    for column in example.row:
        error = refusal({**example.row, column: BOMBS[bomb]}, example.format)
        assert error is None or len(error.message) < 1000


@pytest.mark.parametrize("many", MANY)
@pytest.mark.parametrize("name", TESTS_IN)
def test_more_tests_than_a_suite_may_have_are_refused_before_they_are_read(name: str, many: str) -> None:
    example = ROWS[name]
    error = refusal({**example.row, TESTS_IN[name]: MANY[many]}, example.format)
    assert error is not None
    assert len(error.message) < 1000
