"""Reads the JSON with which a driver answers. The text is a candidate's: everything about it has a bound.

Depth and number of values are counted before anything is built, in one pass that takes no recursion and reads no
byte twice. The bounds are those of `assay_agent.values`.
"""

import json
import re
from typing import Any, Final

from assay_agent.values import MAX_DEPTH, MAX_NODES, MAX_VALUE_BYTES, NotAValue

__all__ = ["decode_json"]

_TOKEN: Final = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[{]|[\]}]|,|:', re.DOTALL)
"""A string (one that does not end reaches to the end of the text), or what makes the structure."""
_STRUCTURE: Final = {"[": 1, "{": 1, "]": -1, "}": -1}


def decode_json(data: bytes) -> object:
    """The value of a JSON document: None, bool, int, float, str, list and dict, nothing else.

    `NaN`, `Infinity` and `-Infinity` are floats, as in Python's `json`.

    Raises:
        NotAValue: it is no JSON document, too large, too deep, or has a key twice.
    """
    if len(data) > MAX_VALUE_BYTES:
        raise NotAValue("the value is too large")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotAValue("the value is no UTF-8") from error
    _check_structure(text)
    try:
        value: object = json.loads(text, object_pairs_hook=_without_repetition)
    except (ValueError, RecursionError) as error:  # among them numbers of more digits than Python reads
        raise NotAValue("the value is no JSON") from error
    return value


def _check_structure(text: str) -> None:
    depth = nodes = 0
    for found in _TOKEN.finditer(text):
        step = _STRUCTURE.get(found[0], 0)
        depth += step
        nodes += step >= 0
        if depth > MAX_DEPTH:
            raise NotAValue("the value is too deeply nested")
        if nodes > 3 * MAX_NODES:  # an entry of an object: its key, its colon, its comma
            raise NotAValue("the value has too many parts")


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise NotAValue("an object has a key twice")
    return entries
