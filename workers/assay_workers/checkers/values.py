"""Comparison of the value a function returned with the expected one.

Both are plain values: None, bool, int, float, str, bytes, list, tuple, set, frozenset, dict, complex, Decimal,
Fraction, date, time and the like, of these exact types; the returned one was made by a trusted decoder. The
walk over them is iterative, so depth costs no recursion, and stops at the first difference. Values that have
to be looked up (keys, elements of sets, elements in any order) are named by `ValueNames`.
`docs/checkers.md` states each rule with examples. Source: `INTEGRITY.md` 3.2.
"""

import math
from collections import Counter
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Final

from assay.contract import Compare
from assay_workers.checkers.value_names import Number, ValueNames, json_key, number_name

__all__ = ["same_value"]

_IDENTICAL_TYPES: Final = frozenset({bool, int, str, bytes, type(None)})
"""Types whose `==` between two values of the same type is cheap, total and exact."""


def same_value(compare: Compare, actual: object, expected: object, *, expected_is_json: bool = True) -> bool:
    """Says whether a function returned what was expected.

    Args:
        compare: the mode of comparison and its tolerances.
        actual: the returned value, of plain types.
        expected: the expected value, of plain types.
        expected_is_json: whether ``expected`` came from JSON, whose object keys are always strings; then a
            returned key that is not a string stands for its JSON spelling (`1` for `"1"`). False for Python
            literals.

    Returns:
        True if the value is right.
    """
    comparison = _Comparison(compare, expected_is_json=expected_is_json)
    if compare.mode == "unordered" and isinstance(expected, list | tuple):
        if not isinstance(actual, list | tuple | set | frozenset):
            return False
        return comparison.same_in_any_order(actual, expected)
    return comparison.same(actual, expected)


class _Comparison:
    """One comparison of two values."""

    def __init__(self, compare: Compare, *, expected_is_json: bool) -> None:
        self._compare = compare
        self._json = expected_is_json
        self._names = ValueNames(json_keys=expected_is_json)

    def same(self, actual: object, expected: object) -> bool:
        pairs = [(actual, expected)]
        while pairs:
            left, right = pairs.pop()
            if type(left) is type(right) and type(left) in _IDENTICAL_TYPES:
                if left != right:
                    return False
            elif not self._compare_pair(left, right, pairs):
                return False
        return True

    def same_in_any_order(self, actual: Collection[object], expected: Collection[object]) -> bool:
        if len(actual) != len(expected):
            return False
        wanted = Counter(self._names.name(value) for value in expected)
        return Counter(self._names.name(value) for value in actual) == wanted

    def _compare_pair(self, left: object, right: object, pairs: list[tuple[object, object]]) -> bool:
        """Compares two values, but leaves those inside them to ``pairs``."""
        if isinstance(left, list | tuple) and isinstance(right, list | tuple):
            pairs.extend(zip(left[::-1], right[::-1], strict=False))
            return len(left) == len(right)
        if isinstance(left, dict) and isinstance(right, dict):
            return self._pair_entries(left, right, pairs)
        if isinstance(left, set | frozenset) and isinstance(right, set | frozenset):
            return len(left) == len(right) and self._names.name(left) == self._names.name(right)
        if isinstance(left, Number) and isinstance(right, Number):
            return self._same_number(left, right)
        return type(left) is type(right) and not _is_collection(left) and bool(left == right)

    def _pair_entries(
        self, left: Mapping[object, object], right: Mapping[object, object], pairs: list[tuple[object, object]]
    ) -> bool:
        values = {self._key(key): value for key, value in left.items()}
        wanted = {self._key(key): value for key, value in right.items()}
        # Keys that fall together in JSON, such as 1 and "1", leave fewer entries than the mapping has.
        if len(values) != len(left) or values.keys() != wanted.keys():
            return False
        pairs.extend((values[key], value) for key, value in wanted.items())
        return True

    def _key(self, key: object) -> object:
        spelling = json_key(key) if self._json else key
        return spelling if isinstance(spelling, str) else self._names.name(spelling)

    def _same_number(self, left: Number, right: Number) -> bool:
        if self._compare.mode == "float" and _is_inexact(left, right):
            return self._is_close(left, right)
        name = number_name(left)
        return name is not None and name == number_name(right)

    def _is_close(self, left: Number, right: Number) -> bool:
        try:
            number, target = _to_float(left), _to_float(right)
            distance, size = abs(number - target), abs(target)
        except OverflowError:
            return False
        if not (math.isfinite(distance) and math.isfinite(size)):
            return False
        return distance <= max(self._compare.abs, self._compare.rel * size)


def _is_collection(value: object) -> bool:
    return isinstance(value, list | tuple | set | frozenset | dict)


def _is_inexact(left: object, right: object) -> bool:
    """Whether a tolerance applies: one of two numbers is a float; whole numbers and booleans stay exact."""
    return isinstance(left, float | complex) or isinstance(right, float | complex)


def _to_float(value: Number) -> complex:
    if isinstance(value, Decimal) and not value.is_finite():
        return math.nan
    return value if isinstance(value, complex) else float(value)
