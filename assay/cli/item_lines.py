"""Reads items from lines of JSON. A line that is no item is reported by its number and costs only itself.

A row of a dataset with completions in it is as many items (`assay.cli.sample_lines`).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from assay.cli.sample_lines import completions_of, items_of_row
from assay.contract import Item
from assay.errors import FormatError
from assay.formats import AUTO

__all__ = ["BadLine", "ItemLine", "parse_item_lines"]


@dataclass(frozen=True)
class ItemLine:
    """An item and the line it stands on, from 1. Whether it is a well-formed item, the service says."""

    line: int
    item: dict[str, Any]


@dataclass(frozen=True)
class BadLine:
    """A line that holds no JSON object, or a row that cannot be graded."""

    line: int
    reason: str


def parse_item_lines(
    lines: Iterable[bytes], *, source: str | None = None, column: str | None = None
) -> tuple[list[ItemLine], list[BadLine]]:
    """Sorts lines into items and bad ones; empty lines count as lines only.

    An item without an ``id`` is named after its line.

    Arguments:
        lines: JSON objects, one per line.
        source: the format of the rows of a dataset; by default rows are what has completions and no ``rewards``.
        column: the rows' column of completions.
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
        if not isinstance(value, dict):
            bad.append(BadLine(number, f"an item is a JSON object, not a {type(value).__name__}"))
        elif source is None and column is None and not _is_row(value):
            items.append(ItemLine(number, {"id": f"line-{number}", **value}))
        else:
            try:
                made = items_of_row(value, number, source=source or AUTO, column=column)
                items += (ItemLine(number, item) for item in made)
            except FormatError as error:
                hint = f"; {error.hint}" if error.hint else ""
                bad.append(BadLine(number, f"{error.code}: {error.message}{hint}"))
    return items, bad


def _is_row(value: dict[str, Any]) -> bool:
    """Whether it is a row and no item, which has rewards, or by mistake none, and no fields but an item's."""
    return "rewards" not in value and bool(value.keys() - Item.model_fields) and completions_of(value) is not None
