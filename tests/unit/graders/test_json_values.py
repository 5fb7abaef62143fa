"""The JSON of a driver's answer: what is a value, what is none, and that nothing else can happen."""

import json
import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay_agent.values import MAX_DEPTH, MAX_NODES, MAX_VALUE_BYTES, NotAValue
from assay_workers.graders.json_values import decode_json

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
_HOSTILE = {
    "nothing": b"",
    "two values": b"1 2",
    "no JSON": b"[1,]",
    "Python": b"(1, 2)",
    "no UTF-8": b'"\xff"',
    "a byte order mark": b"\xef\xbb\xbf1",
    "a key twice": b'{"a": 1, "a": 2}',
    "a key twice, inside": b'[{"a": {"b": 1, "\\u0062": 2}}]',
    "a string without end": b'"abc',
    "a string that ends in a backslash": b'"abc\\',
    "brackets without end": b"[" * 100_000,
    "braces without end": b'{"a":' * 100_000,
    "too deep": b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1),
    "too many parts": b"[" + b"0," * (3 * MAX_NODES) + b"0]",
    "too large": b'"' + b"a" * MAX_VALUE_BYTES + b'"',
    "a number of a million digits": b"1" * 1_000_000,
    "quotes that open strings anew": b'"\\' * 500_000,
    "a control character": b'"\n"',
}


@given(_JSON)
def test_what_json_can_say_is_read_as_it_is(value: object) -> None:
    assert decode_json(json.dumps(value).encode()) == value
    assert decode_json(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")) == value


def test_kinds_of_numbers_stay_apart() -> None:
    kinds = [type(value) for value in decode_json(b"[1, 1.0, 1e2, -0.0, true, 9223372036854775808]")]  # type: ignore[attr-defined]
    assert kinds == [int, float, float, float, bool, int]


def test_what_is_no_finite_number_has_its_spelling() -> None:
    read = decode_json(b"[Infinity, -Infinity, NaN]")
    assert isinstance(read, list)
    assert read[:2] == [math.inf, -math.inf]
    assert math.isnan(read[2])


def test_depth_within_the_bound_is_read() -> None:
    assert isinstance(decode_json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH), list)


def test_brackets_within_strings_are_text() -> None:
    text = '[{"\\' * 10_000
    assert decode_json(json.dumps(text).encode()) == text


@pytest.mark.parametrize("data", _HOSTILE.values(), ids=_HOSTILE.keys())
def test_whatever_is_malformed_is_no_value_and_soon_so(data: bytes) -> None:
    began = time.monotonic()
    with pytest.raises(NotAValue):
        decode_json(data)
    assert time.monotonic() - began < 10


@given(st.binary() | st.text(alphabet='[]{}",:\\0e-aN').map(str.encode))
def test_any_bytes_are_a_value_or_none(data: bytes) -> None:
    try:
        value = decode_json(data)
    except NotAValue:
        return
    assert isinstance(value, (type(None), bool, int, float, str, list, dict))
