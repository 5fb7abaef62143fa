"""Reads items from lines of JSON. A line that is no item is reported by its number and costs only itself."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

__all__ = ["BadLine", "ItemLine", "parse_item_lines"]


@dataclass(frozen=True)
class ItemLine:
    """An item and the line it stands on, from 1. Whether it is a well-formed item, the service says."""

    line: int
    item: dict[str, Any]


@dataclass(frozen=True)
class BadLine:
    """A line that holds no JSON object."""

    line: int
    reason: str


def parse_item_lines(lines: Iterable[bytes]) -> tuple[list[ItemLine], list[BadLine]]:
    """Sorts lines into items and bad ones; empty lines count as lines only.

    An item without an ``id`` is named after its line.
    """
    items: list[ItemLine] = []
    bad: list[BadLine] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            bad.append(BadLine(number, f"not JSON: {error}"))
            continue
        if isinstance(value, dict):
            items.append(ItemLine(number, {"id": f"line-{number}", **value}))
        else:
            bad.append(BadLine(number, f"an item is a JSON object, not a {type(value).__name__}"))
    return items, bad
