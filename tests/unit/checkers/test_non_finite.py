"""NaN and infinity are found wherever they are."""

import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay_workers.checkers.non_finite import has_non_finite

_FINITE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
)


_ODD = [math.nan, math.inf, -math.inf, complex(0, math.nan), Decimal("sNaN"), Decimal("-inf")]


@pytest.mark.parametrize("bad", _ODD, ids=str)
@given(value=_FINITE)
def test_one_is_found_at_any_place(bad: object, value: object) -> None:
    for holder in (bad, [value, [bad]], (value, {"k": bad}), {"a": [value], "b": (bad,)}):
        assert has_non_finite(holder)


@given(_FINITE)
def test_finite_values_have_none(value: object) -> None:
    assert not has_non_finite(value)


def test_depth_costs_no_recursion_and_other_plain_values_are_finite() -> None:
    deep: object = 1.0
    for _ in range(100_000):
        deep = [deep]
    assert not has_non_finite(deep)
    assert not has_non_finite([Fraction(1, 3), 10**400, b"nan", "nan", int, None])
