"""Reading a body item by item."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import RequestError
from assay_service.json_body import MAX_DEPTH, find_flaw, parse_body, without_surrogates

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)
OBJECTS = st.dictionaries(st.text() | st.just("items"), VALUES)


def refused(body: bytes) -> RequestError:
    with pytest.raises(RequestError) as caught:
        parse_body(body)
    return caught.value


def code_of(body: bytes) -> str | None:
    try:
        parse_body(body)
    except RequestError as error:
        return error.code
    return None


@given(OBJECTS, st.sampled_from([None, 1]), st.booleans())
def test_reads_what_the_standard_library_wrote(
    value: dict[str, object], indent: int | None, ascii_only: bool
) -> None:
    assert value == parse_body(json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode())


@given(st.binary())
def test_refuses_other_bytes_with_a_code(body: bytes) -> None:
    assert code_of(body) in {None, "invalid_json", "invalid_request"}


@given(st.text(alphabet='{}[]",:1 \\n"items"', max_size=40))
def test_takes_and_refuses_the_same_texts_as_the_standard_library(text: str) -> None:
    try:
        expected = json.loads(text)
    except ValueError:
        assert refused(text.encode()).code == "invalid_json"
    else:
        if isinstance(expected, dict):
            assert parse_body(text.encode()) == expected
        else:
            assert refused(text.encode()).code == "invalid_request"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "Expecting value: line 1 column 1 (char 0)"),
        (b" \n ", "Expecting value: line 2 column 2 (char 3)"),
        (b"{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        (b'{"items": [1,\n 2', "Expecting ',': line 2 column 3 (char 16)"),
        (b'{"items": [1]} tail', "Extra data: line 1 column 16 (char 15)"),
        (b'{"a": "\x00"}', "Invalid control character at: line 1 column 8 (char 7)"),
        (b'{"a": "\xff"}', "the body is not UTF-8: invalid start byte at byte 7"),
    ],
)
def test_says_where_a_body_stops_being_json(body: bytes, message: str) -> None:
    error = refused(body)
    assert ("invalid_json", message) == (error.code, error.message)


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 500, 100_000])
def test_refuses_deep_nesting_and_says_where(depth: int) -> None:
    error = refused(b'{"items": [' + b"[" * depth + b"]" * depth + b"]}")
    assert error.code == "invalid_json"
    assert error.message == f"Nested deeper than {MAX_DEPTH} levels: line 1 column 12 (char 11)"


def test_takes_nesting_up_to_the_bound() -> None:
    body = b'{"items": [' + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH + b"]}"
    assert parse_body(body) == json.loads(body)


def test_keeps_integers_beyond_64_bits_exact() -> None:
    assert parse_body(b'{"a": [123456789012345678901234567890]}') == {"a": [123456789012345678901234567890]}


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e400", b"9" * 5000])
def test_numbers_that_json_cannot_carry_are_found_with_their_path(number: bytes) -> None:
    items = parse_body(b'{"items": [{"a": {"b": [1, ' + number + b"]}}]}")["items"]
    flaw = find_flaw(items[0], "items[0]")
    assert flaw is not None
    assert flaw[0] == "items[0].a.b[1]"


@pytest.mark.parametrize("body", [b'{"a": "\\ud83d"}', b'{"a": "\xed\xa0\xbd"}'])
def test_lone_surrogates_pass_however_they_are_written_and_are_found(body: bytes) -> None:
    fields = parse_body(body)
    assert fields == {"a": "\ud83d"}
    flaw = find_flaw(fields, "")
    assert flaw is not None
    assert flaw[0] == ".a"


@given(VALUES)
def test_what_json_can_carry_has_no_flaw(value: object) -> None:
    assert find_flaw(value, "") is None


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_without_surrogates_any_text_is_unicode_of_the_same_length(text: str) -> None:
    mended = without_surrogates(text)
    assert len(mended.encode().decode()) == len(text)


def test_infinity_stands_for_an_integer_that_is_too_long() -> None:
    assert parse_body(b'{"a": [' + b"9" * 5000 + b", 7]}") == {"a": [math.inf, 7]}
