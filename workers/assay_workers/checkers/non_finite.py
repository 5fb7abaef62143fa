"""Looks for NaN and infinity in a plain value. Pure, iterative."""

import math
from decimal import Decimal

__all__ = ["has_non_finite"]


def has_non_finite(value: object) -> bool:
    """Whether a number in ``value``, a plain value of any depth, is not finite."""
    work = [value]
    while work:
        item = work.pop()
        match item:
            case bool() | int() | str() | bytes() | None:
                continue
            case float():
                if not math.isfinite(item):
                    return True
            case complex():
                work += (item.real, item.imag)
            case Decimal():
                if not item.is_finite():
                    return True
            case dict():
                work += item.keys()
                work += item.values()
            case list() | tuple() | set() | frozenset():
                work += item
    return False
