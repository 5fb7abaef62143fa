"""Reads limits: `2.0 seconds`, `256 megabytes`, seconds and nanoseconds, bytes."""

import math
import re
from collections.abc import Mapping
from typing import Final

from assay.contract import Limits
from assay.formats.fields import Field

__all__ = ["make_limits", "megabytes_of", "seconds_of"]

_AMOUNT: Final = re.compile(r"\s*(\d{1,12}(?:\.\d{1,12})?)\s*([A-Za-z]*)\s*")
_SECONDS: Final = {"": 1.0, "s": 1.0, "sec": 1.0, "secs": 1.0, "second": 1.0, "seconds": 1.0}
_SECONDS_OF: Final = {**_SECONDS, "ms": 1e-3, "millisecond": 1e-3, "milliseconds": 1e-3}
_MEGABYTES_OF: Final = {
    "": 1.0, "m": 1.0, "mb": 1.0, "mib": 1.0, "megabyte": 1.0, "megabytes": 1.0, "mebibytes": 1.0,
    "kb": 2.0**-10, "kib": 2.0**-10, "kilobyte": 2.0**-10, "kilobytes": 2.0**-10,
    "gb": 2.0**10, "gib": 2.0**10, "gigabyte": 2.0**10, "gigabytes": 2.0**10,
    "b": 2.0**-20, "byte": 2.0**-20, "bytes": 2.0**-20,
}  # fmt: skip
MOST_CHARACTERS: Final = 64
"""Of a text that says an amount."""
_CPU_S: Final = (0.1, 600.0)
"""Below a tenth of a second an interpreter does not start; the upper bound is that of `Limits`."""
_MEMORY_MB: Final = (64, 65_536)
"""Below 64 MiB an interpreter has no room; the upper bound is that of `Limits`."""


def seconds_of(field: Field | None, notes: list[str]) -> float | None:
    """A time limit in seconds: a number, a text with a unit, or an object of `seconds` and `nanos`.

    None if the row names none, or one that is not understood, which is noted.

    Raises:
        FormatError: it is a list or a truth value.
    """
    if field is None:
        return None
    if isinstance(field.value, Mapping):
        whole = _number(field.find("seconds"), _SECONDS_OF, notes) or 0.0
        return whole + (_number(field.find("nanos"), _SECONDS_OF, notes) or 0.0) * 1e-9
    return _number(field, _SECONDS_OF, notes)


def megabytes_of(field: Field | None, notes: list[str], *, unit: str = "") -> float | None:
    """A memory limit in MiB: a number of ``unit``, or a text with a unit of its own.

    None if the row names none, or one that is not understood, which is noted.

    Raises:
        FormatError: it is neither a number nor a text.
    """
    number = _number(field, _MEGABYTES_OF, notes)
    factor = _MEGABYTES_OF[unit] if field is not None and not isinstance(field.value, str) else 1.0
    return None if number is None else number * factor


def make_limits(cpu_s: float | None, memory_mb: float | None, notes: list[str]) -> Limits:
    """Limits with what is known; what lies outside of the contract's range moves to its border, and is noted."""
    given: dict[str, float] = {}
    if cpu_s:
        given["cpu_s"] = _clamp(cpu_s, *_CPU_S, "time limit", "s", notes)
    if memory_mb:
        given["memory_mb"] = math.ceil(_clamp(memory_mb, *_MEMORY_MB, "memory limit", "MiB", notes))
    return Limits.model_validate(given)


def _number(field: Field | None, factors: Mapping[str, float], notes: list[str]) -> float | None:
    if field is None:
        return None
    value = field.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not 0 <= value < 1e18:  # so are NaN and what no float holds
            field.fail("is no limit: it must be a number from 0 on")
        return float(value)
    if not isinstance(value, str):
        field.fail("must be a number or a text such as '2.0 seconds'")
    found = _AMOUNT.fullmatch(value) if len(value) <= MOST_CHARACTERS else None  # the pattern takes quadratic time
    if found is None or found[2].lower() not in factors:
        notes.append(f"{field.path}: {value[:60]!r} is not understood; the default limit applies")
        return None
    return float(found[1]) * factors[found[2].lower()]


def _clamp(value: float, least: float, most: float, what: str, unit: str, notes: list[str]) -> float:
    inside = min(max(value, least), most)
    if inside != value:
        notes.append(f"the {what} of {value:g} {unit} became {inside:g} {unit}")
    return inside
