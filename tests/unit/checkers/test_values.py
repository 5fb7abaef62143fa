import math
import time
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.contract import Compare
from assay_workers.checkers.values import same_value

EXACT = Compare()
FLOAT = Compare(mode="float")
UNORDERED = Compare(mode="unordered")
MODES = (EXACT, FLOAT, UNORDERED)

JSON_SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
JSON_VALUES = st.recursive(
    JSON_SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12
)
LITERALS = st.recursive(
    JSON_SCALARS | st.binary() | st.complex_numbers(allow_nan=False) | st.fractions() | st.dates(),
    lambda inner: st.lists(inner) | st.dictionaries(st.integers() | st.text() | st.booleans(), inner),
    max_leaves=12,
)


@pytest.mark.parametrize("compare", MODES)
@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (True, 1),
        (1, 1.0),
        (0.0, -0.0),
        (Decimal("0.5"), 0.5),
        (Fraction(1, 2), 0.5),
        (2 + 0j, 2),
        ((1, (2, 3)), [1, [2, 3]]),
        ([], ()),
        ({"a": (1,)}, {"a": [1]}),
        ({1: "x", None: "y"}, {"1": "x", "null": "y"}),
        ({2: {3: 4}}, {"2": {"3": 4}}),
        ({0.5: 1, False: 2}, {"0.5": 1, "false": 2}),
        ({1, 2}, {2, 1}),
        (frozenset({(1, 2)}), {(1, 2)}),
        (date(2020, 1, 1), date(2020, 1, 1)),
        (b"a", b"a"),
        (10**400, 10**400),
    ],
)
def test_equal_values_are_equal_in_every_mode(compare: Compare, actual: object, expected: object) -> None:
    assert same_value(compare, actual, expected)


@pytest.mark.parametrize("compare", MODES)
@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (math.nan, math.nan),
        ([math.nan], [math.nan]),
        (Decimal("sNaN"), 1),
        (complex(math.nan, 0), complex(math.nan, 0)),
        (1, "1"),
        ("ab", ["a", "b"]),
        (b"a", "a"),
        (None, False),
        ([], None),
        ({}, []),
        ([1], [1, 1]),
        ([1, 2], [1]),
        ([[1, 2]], [[2, 1]]),
        ([{1, 2}], [[1, 2]]),
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": 1, "b": 2}, {"a": 1}),
        ({1: "x", "1": "x"}, {"1": "x"}),
        ({1: 1, "1": 2}, {"1": 1, "2": 2}),
        ({(1, 2): 3}, {"(1, 2)": 3}),
        (1000000008, 1000000007),
        (2**53 + 1, 2**53),
        (date(2020, 1, 1), datetime(2020, 1, 1)),  # noqa: DTZ001
        (Decimal("1e999999999"), 1),
        ({1}, {2}),
    ],
)
def test_unequal_values_are_unequal_in_every_mode(compare: Compare, actual: object, expected: object) -> None:
    assert not same_value(compare, actual, expected)


@pytest.mark.parametrize(
    ("actual", "expected", "is_close"),
    [
        (0.1 + 0.2, 0.3, True),
        ([0.1 + 0.2, {"x": 0.1 + 0.2}], [0.3, {"x": 0.3}], True),
        (1, 1.0000000001, True),
        (Decimal("0.3"), 0.1 + 0.2, True),
        (1e300, 1.0000000001e300, True),
        (1 + 1e-12j, 1.0, True),
        (1.1, 1.0, False),
        (math.inf, math.inf, False),
        (10**400, 1e308, False),
        (-1e308, 1e308, False),
        (10**18 + 1, 10**18, False),
        (Decimal("Infinity"), 1.0, False),
    ],
)
def test_float_mode_tolerates_floats_and_keeps_whole_numbers_exact(
    actual: object, expected: object, is_close: bool
) -> None:
    assert same_value(FLOAT, actual, expected) is is_close


def test_infinity_equals_itself_exactly_but_is_within_no_tolerance() -> None:
    assert same_value(EXACT, math.inf, math.inf)
    assert same_value(EXACT, Decimal("Infinity"), math.inf)
    assert not same_value(EXACT, -math.inf, math.inf)


def test_unordered_mode_compares_the_outermost_sequence_as_a_multiset() -> None:
    assert same_value(UNORDERED, [[1, 2], {"a": [3]}, "x"], ["x", {"a": [3]}, (1, 2)])
    assert same_value(UNORDERED, {3, 1, 2}, [1, 2, 3])
    assert not same_value(UNORDERED, [1, 1, 2], [1, 2, 2])
    assert not same_value(UNORDERED, {"a": 1}, ["a"])
    assert not same_value(UNORDERED, "ab", ["a", "b"])


def test_a_set_is_not_a_list_unless_any_order_was_asked_for() -> None:
    assert not same_value(EXACT, {1, 2}, [1, 2])
    assert not same_value(FLOAT, frozenset({1, 2}), [1, 2])


def test_keys_of_python_literals_keep_their_types() -> None:
    assert same_value(EXACT, {1: "x"}, {1.0: "x"}, expected_is_json=False)
    assert not same_value(EXACT, {1: "x"}, {"1": "x"}, expected_is_json=False)
    assert same_value(EXACT, {(1, "a"): 2}, {(1, "a"): 2}, expected_is_json=False)


@given(JSON_VALUES)
def test_a_json_value_equals_itself_in_exact_and_unordered_mode(value: object) -> None:
    assert same_value(EXACT, value, value)
    assert same_value(UNORDERED, value, value)


@given(LITERALS, LITERALS)
def test_exact_mode_on_literals_is_the_equality_of_python(actual: Any, expected: Any) -> None:
    assert same_value(EXACT, actual, expected, expected_is_json=False) is bool(actual == expected)


@given(st.lists(LITERALS), st.randoms(use_true_random=False))
def test_any_permutation_is_the_same_in_any_order(values: list[object], random: Random) -> None:
    assert same_value(UNORDERED, random.sample(values, len(values)), values, expected_is_json=False)


def _nested(depth: int, innermost: object) -> object:
    value = innermost
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("compare", MODES)
def test_depth_costs_no_recursion(compare: Compare) -> None:
    assert same_value(compare, _nested(50_000, 1), _nested(50_000, 1))
    assert not same_value(compare, _nested(50_000, 1), _nested(50_000, 2))


def test_numbers_chosen_to_collide_take_no_quadratic_time() -> None:
    colliding = [number * (2**61 - 1) for number in range(100_000)]
    started_s = time.process_time()
    assert same_value(UNORDERED, colliding[::-1], colliding)
    assert same_value(UNORDERED, [[number] for number in colliding], [[number] for number in colliding])
    assert time.process_time() - started_s < 5
