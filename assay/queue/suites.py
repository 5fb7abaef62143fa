"""Suites that items of a batch share are stored once, by hash; an item's payload then refers to them.

The text of a suite is its JSON as admission wrote it, and its name the SHA-256 of that, so that whoever has a suite
of that name has the right one, from whatever batch.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from pydantic import TypeAdapter

from assay.contract import Item, Suite

__all__ = ["name_of", "parse_suite", "read_item", "reference", "referred_suites"]

_SUITE: Final[TypeAdapter[Suite]] = TypeAdapter(Suite)
_REFERENCE: Final = re.compile(rb'"tests":\{"kind":"shared","sha256":"([0-9a-f]{64})"\}')
"""As it stands in a payload. Within a string its quotes would be escaped."""


def name_of(text: bytes) -> str:
    """The name of a suite's text."""
    return hashlib.sha256(text).hexdigest()


def reference(name: str) -> dict[str, str]:
    """What stands in a payload in the place of a suite."""
    return {"kind": "shared", "sha256": name}


def parse_suite(value: object) -> Suite:
    """The suite of a parsed JSON value.

    Raises:
        pydantic.ValidationError: it is none.
    """
    return _SUITE.validate_python(value)


def referred_suites(payloads: Iterable[bytes]) -> set[str]:
    """The names of the suites that payloads refer to."""
    return {name.decode() for payload in payloads for name in _REFERENCE.findall(payload)}


def read_item(payload: bytes, suite_of: Callable[[str], Suite]) -> Item:
    """The item of a payload, with its suites in place.

    Arguments:
        payload: as admission wrote it.
        suite_of: gives a suite by name.

    Raises:
        pydantic.ValidationError: it is no item.
    """
    if not _REFERENCE.search(payload):
        return Item.model_validate_json(payload)
    item = json.loads(payload)
    item["rewards"] = [_with_suite(reward, suite_of) for reward in item["rewards"]]
    return Item.model_validate(item)


def _with_suite(reward: dict[str, Any], suite_of: Callable[[str], Suite]) -> dict[str, Any]:
    match reward.get("tests"):
        case {"kind": "shared", "sha256": str(name)}:
            return {**reward, "tests": suite_of(name)}
    return reward
