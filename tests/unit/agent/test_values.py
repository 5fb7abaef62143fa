"""Values come back as they were, and hostile bytes are quickly refused."""

import collections
import datetime as dt
import math
import struct
import time
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay_agent.values import MAX_DEPTH, MAX_NODES, MAX_VALUE_BYTES, NotAValue, decode, encode, materialize

_KEYS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters())
    | st.binary()
    | st.decimals(allow_nan=False)
    | st.fractions()
    | st.dates()
    | st.times()
    | st.datetimes()
    | st.timedeltas()
)
_VALUES = st.recursive(
    _KEYS | st.complex_numbers(allow_nan=False) | st.sampled_from([int, str, list, type(None), object]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(_KEYS, inner, max_size=4)
        | st.sets(_KEYS, max_size=4)
        | st.frozensets(_KEYS, max_size=4)
    ),
    max_leaves=15,
)
_COUNT = struct.Struct("!I")


class _Pair(NamedTuple):
    x: int
    y: int


def _leaf(tag: bytes, content: bytes) -> bytes:
    return tag + _COUNT.pack(len(content)) + content


@given(_VALUES)
def test_a_plain_value_comes_back_equal_and_of_the_same_type(value: object) -> None:
    returned = decode(encode(value))
    assert returned == value
    assert type(returned) is type(value)


def test_what_is_not_equal_to_itself_comes_back_too() -> None:
    returned: Any = decode(encode([math.nan, Decimal("NaN"), -0.0]))
    assert math.isnan(returned[0])
    assert returned[1].is_nan()
    assert math.copysign(1, returned[2]) == -1


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (collections.OrderedDict(a=1), {"a": 1}),
        (collections.defaultdict(list, a=[1]), {"a": [1]}),
        (collections.Counter("aab"), {"a": 2, "b": 1}),
        (_Pair(1, 2), (1, 2)),
        (bytearray(b"x"), b"x"),
        (np.int64(3), 3),
        (np.float64(0.5), 0.5),
        (np.bool_(True), True),
        (np.array([[1, 2]]), [[1, 2]]),
        (np.str_("x"), "x"),
    ],
)
def test_kin_of_plain_values_come_back_plain(value: object, plain: object) -> None:
    returned = decode(encode(value))
    assert returned == plain
    assert type(returned) is type(plain)


class _Liar(int):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__

    def __add__(self, other: int) -> int:
        return 42

    def bit_length(self) -> int:
        return 0

    def to_bytes(self, *args: Any, **kwargs: Any) -> bytes:
        return b"\x2a"


class _Shape(list[int]):
    def __iter__(self) -> Any:
        return iter([1, 2, 3])

    def __len__(self) -> int:
        return 3


@pytest.mark.parametrize(("value", "plain"), [(_Liar(7), 7), (_Shape([9]), [9])], ids=["int", "list"])
def test_what_a_subclass_overrides_stays_behind(value: object, plain: object) -> None:
    returned = decode(encode(value))
    assert type(returned) is type(plain)
    assert returned == plain


class _Claims:
    """Says it is a list."""

    __class__ = list  # type: ignore[assignment]


@pytest.mark.parametrize(
    "value",
    [object(), len, lambda: 1, iter([]), range(3), _Liar, {1: object()}],
    ids=lambda value: type(value).__name__,
)
def test_anything_else_is_not_a_value(value: object) -> None:
    with pytest.raises(NotAValue):
        encode(value)


def test_an_object_that_only_claims_to_be_a_list_gives_no_list() -> None:
    with pytest.raises((NotAValue, TypeError)):
        encode(_Claims())


def test_bounds_hold_for_single_elements() -> None:
    too_large = (1 << (1 << 21), "x" * (17 << 20), Fraction(1, 10**5000), Fraction(10**5000))
    assert decode(encode(Fraction(10**900, 7))) == Fraction(10**900, 7)
    for value in too_large:
        with pytest.raises(NotAValue):
            encode([value])


def test_bounds_hold_for_encoding() -> None:
    deep: list[Any] = []
    for _ in range(MAX_DEPTH + 1):
        deep = [deep]
    endless: list[Any] = []
    endless.append(endless)
    shared: list[Any] = []
    for _ in range(60):
        shared = [shared, shared]
    for value in (deep, endless, shared, [0] * (MAX_NODES + 1)):
        with pytest.raises(NotAValue):
            encode(value)


def test_only_iterators_and_views_become_lists() -> None:
    assert materialize(iter("ab")) == ["a", "b"]
    assert materialize(range(2)) == [0, 1]
    assert materialize({1: 2}.keys()) == [1]
    assert materialize({1: 2}.items()) == [(1, 2)]
    assert materialize("ab") == "ab"
    assert materialize({1}) == {1}


@given(st.binary(max_size=200))
def test_hostile_bytes_raise_nothing_but_not_a_value(data: bytes) -> None:
    try:
        value = decode(data)
    except NotAValue:
        return
    assert decode(encode(value)) == value or value != value


@given(_VALUES, st.data())
def test_a_damaged_value_is_refused_or_another_value(value: object, data: st.DataObject) -> None:
    encoded = bytearray(encode(value))
    place = data.draw(st.integers(0, len(encoded) - 1))
    encoded[place] = data.draw(st.integers(0, 255))
    try:
        decode(bytes(encoded))
    except NotAValue:
        return


_FLOOD = 60_000
_HOSTILE = {
    "a list that promises four billion elements": b"l\xff\xff\xff\xff",
    "many lists that do": b"l\xff\xff\xff\xff" * 1000,
    "a text longer than the message": b"s\xff\xff\xff\xffx",
    "depth": b"l\0\0\0\1" * 10_000,
    "millions of empty lists": b"l" + _COUNT.pack(2_000_000) + b"l\0\0\0\0" * 2_000_000,
    "a huge integer": _leaf(b"i", b"\x7f" * (1 << 20)),
    "a huge decimal": _leaf(b"D", b"1e9999999999999999999"),
    "a long decimal": _leaf(b"D", b"1" * 200_000),
    "a fraction of long numbers": _leaf(b"Q", b"1" * 10_000 + b"/3"),
    "a fraction over zero": _leaf(b"Q", b"1/0"),
    "a class that is none of ours": _leaf(b"k", b"eval"),
    "a date that is none": _leaf(b"Y", b"2020-13-01"),
    "a list as a key": b"d\0\0\0\1l\0\0\0\0N",
    "a list in a set": b"e\0\0\0\1l\0\0\0\0",
    "text that is no UTF-8": _leaf(b"s", b"\xff"),
    "bytes after the value": b"NN",
    "nothing": b"",
    "an unknown tag": b"?",
    "keys with one hash": b"e"
    + _COUNT.pack(_FLOOD)
    + b"".join(_leaf(b"i", (n * (2**61 - 1)).to_bytes(10, "big", signed=True)) for n in range(_FLOOD)),
    "keys with nearly one hash": b"d"
    + _COUNT.pack(_FLOOD)
    + b"".join(_leaf(b"i", (n * (2**61 - 1)).to_bytes(10, "big", signed=True)) + b"N" for n in range(_FLOOD)),
    "tuples of keys with one hash": b"e"
    + _COUNT.pack(_FLOOD)
    + b"".join(
        b"t\0\0\0\1" + _leaf(b"i", (n * (2**61 - 1)).to_bytes(10, "big", signed=True)) for n in range(_FLOOD)
    ),
}


@pytest.mark.parametrize("data", _HOSTILE.values(), ids=_HOSTILE.keys())
def test_a_hostile_message_is_refused_quickly(data: bytes) -> None:
    started = time.process_time()
    with pytest.raises(NotAValue):
        decode(data)
    assert time.process_time() - started < 5


def test_a_message_over_the_cap_is_refused() -> None:
    with pytest.raises(NotAValue):
        decode(bytes(MAX_VALUE_BYTES + 1))


def test_the_naive_time_of_a_day_stays_naive() -> None:
    moment = dt.datetime(2020, 1, 2, 3, 4, 5, 6, dt.timezone(dt.timedelta(hours=2)))
    assert decode(encode(moment)) == moment
