from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import FormatError
from assay.formats.fields import MAX_DEPTH, Field

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=10,
)


def test_a_field_knows_its_path() -> None:
    row = Field({"a": {"b": [1, {"c": "x"}]}}, "")
    assert row["a"]["b"].elements()[1]["c"] == Field("x", "a.b[1].c")


@pytest.mark.parametrize("value", [None, ""])
def test_null_and_empty_text_are_no_field(value: object) -> None:
    assert Field({"a": value}, "").find("a") is None
    with pytest.raises(FormatError, match="a: is missing or empty") as caught:
        Field({"a": value}, "")["a"]
    assert (caught.value.path, caught.value.code) == ("a", "invalid_row")


@pytest.mark.parametrize("value", [0, False, [], {}])
def test_a_false_value_is_a_field(value: object) -> None:
    assert Field({"a": value}, "")["a"].value == value


@given(value=JSON)
def test_what_json_carries_is_plain(value: Any) -> None:
    assert Field(value, "x").plain() == value


def test_a_tuple_becomes_a_list() -> None:
    assert Field({"a": ((1, 2), 3)}, "x").plain() == {"a": [[1, 2], 3]}


def deep(levels: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        "\ud800",
        {"\udfff": 1},
        {1: 2},
        {1},
        b"x",
        object(),
        deep(MAX_DEPTH),
        deep(10_000),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_json_does_not_carry_is_refused(value: object) -> None:
    with pytest.raises(FormatError):
        Field([value], "x").plain()


def test_a_list_beyond_the_bound_of_a_suite_is_refused() -> None:
    with pytest.raises(FormatError, match="has 10001 elements"):
        Field([0] * 10_001, "x").elements()


def test_what_is_unsupported_has_a_code_of_its_own() -> None:
    with pytest.raises(FormatError, match="x: unsupported: a checker") as caught:
        Field("…", "x").refuse("a checker", "leave it out")
    assert (caught.value.code, caught.value.hint, caught.value.path) == ("unsupported_row", "leave it out", "x")


@given(text=st.text(max_size=2000) | st.just("\ud800" * 900))
def test_a_message_is_short_text_whatever_the_row_puts_into_it(text: str) -> None:
    with pytest.raises(FormatError) as caught:
        Field("…", "x").fail(text)
    assert len(caught.value.message.encode()) < 4000


@pytest.mark.parametrize(("value", "name"), [("a", "a"), (3, "3"), (0.5, "0.5"), (-7, "-7")])
def test_a_number_will_do_for_a_name(value: object, name: str) -> None:
    assert Field(value, "id").name() == name


@pytest.mark.parametrize("value", [True, [], {}, float("nan")])
def test_nothing_else_does(value: object) -> None:
    with pytest.raises(FormatError):
        Field(value, "id").name()
