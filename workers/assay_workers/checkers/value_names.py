"""Names for plain values: two values have the same name if and only if they are equal.

A value that has to be looked up needs a hash, but a returned value may be a million whole numbers chosen to
have the same one, which makes a dictionary quadratic. So a number is named by its digits as text, whose hash is
keyed by a secret of the process, and a collection by the names of what is in it: small integers given in
order of appearance. Nothing recurses. Equality is Python's, but a tuple equals a list, and a NaN equals nothing.
"""

import math
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final

__all__ = ["Number", "ValueNames", "json_key", "number_name"]

Number = int | float | complex | Decimal | Fraction

DECIMAL_EXPONENT_LIMIT: Final = 10_000
"""Decimals beyond 10^±this go by their spelling: as fractions they could fill the memory."""
JSON_KEY_BITS: Final = 4096
"""Larger whole numbers are no JSON keys: their decimal spelling takes quadratic time."""


class ValueNames:
    """Gives values their names."""

    def __init__(self, *, json_keys: bool) -> None:
        self._json_keys = json_keys
        self._names: dict[object, int] = {}
        self._unequal = 0

    def name(self, value: object) -> int:
        """Gives the name of ``value``."""
        finished: list[int] = []
        work: list[tuple[object, int | None]] = [(value, None)]
        while work:
            item, size = work.pop()
            if size is not None:
                names = finished[len(finished) - size :]
                del finished[len(finished) - size :]
                finished.append(self._name_of_key(_collection_key(item, names)))
            elif isinstance(item, list | tuple | set | frozenset | dict):
                parts = list(self._parts(item))
                work.append((item, len(parts)))
                work.extend((part, None) for part in reversed(parts))
            else:
                finished.append(self._name_of_key(_scalar_key(item)))
        return finished[0]

    def _parts(self, collection: object) -> Iterator[object]:
        if not isinstance(collection, dict):
            assert isinstance(collection, list | tuple | set | frozenset)
            yield from collection
            return
        for key, value in collection.items():
            yield json_key(key) if self._json_keys else key
            yield value

    def _name_of_key(self, key: object) -> int:
        if key is None:
            self._unequal -= 1
            return self._unequal
        return self._names.setdefault(key, len(self._names))


def json_key(key: object) -> object:
    """Gives the spelling of a mapping's key in JSON, as `json.dumps` writes it; other keys stay as they are."""
    if key is None:
        return "null"
    if isinstance(key, bool):
        return "true" if key else "false"
    if isinstance(key, int) and key.bit_length() <= JSON_KEY_BITS:
        return str(key)
    if isinstance(key, float) and math.isfinite(key):
        return repr(key)
    return key


def number_name(number: Number) -> str | None:
    """Gives a text that equal numbers share, or None for a NaN, which equals nothing."""
    if isinstance(number, int):
        return hex(number)
    if isinstance(number, complex):
        return _complex_name(number)
    if isinstance(number, Decimal):
        return _decimal_name(number)
    if isinstance(number, float) and not math.isfinite(number):
        return None if math.isnan(number) else str(number)
    return _ratio_name(*number.as_integer_ratio())


def _complex_name(number: complex) -> str | None:
    real, imaginary = number_name(number.real), number_name(number.imag)
    if real is None or imaginary is None:
        return None
    return real if number.imag == 0 else f"{real} {imaginary}i"


def _decimal_name(number: Decimal) -> str | None:
    if not number.is_finite():
        return None if number.is_nan() else str(float(number))
    if number and abs(number.adjusted()) > DECIMAL_EXPONENT_LIMIT:
        return str(number)
    return _ratio_name(*number.as_integer_ratio())


def _ratio_name(numerator: int, denominator: int) -> str:
    return hex(numerator) if denominator == 1 else f"{numerator:x}/{denominator:x}"


def _scalar_key(value: object) -> object:
    if isinstance(value, Number):
        name = number_name(value)
        return None if name is None else ("number", name)
    return (type(value).__name__, value)


def _collection_key(collection: object, names: list[int]) -> object:
    if isinstance(collection, dict):
        return ("dict", frozenset(zip(names[::2], names[1::2], strict=True)))
    if isinstance(collection, set | frozenset):
        return ("set", frozenset(names))
    return ("list", tuple(names))
