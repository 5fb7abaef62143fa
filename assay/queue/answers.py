"""Results that no grader wrote: the errors that stand for items nobody could grade."""

import json
from collections.abc import Sequence
from typing import NamedTuple

from assay.contract import ErrorInfo, ItemResult
from assay.errors import AssayError

__all__ = ["ItemName", "dump_names", "error_info", "error_result", "parse_names"]


class ItemName(NamedTuple):
    """What the caller calls an item."""

    id: str
    group: str | None = None


def error_result(name: ItemName, index: int, error: AssayError, attempts: int = 1) -> bytes:
    """The result of the item at ``index`` that has ``error`` in place of a reward, as JSON."""
    info = error_info(error)
    result = ItemResult(id=name.id, index=index, group=name.group, reward=None, error=info, attempts=attempts)
    return result.model_dump_json().encode()


def error_info(error: AssayError) -> ErrorInfo:
    """The error as it travels."""
    return ErrorInfo(
        code=error.code,
        message=error.message,
        path=error.path or None,
        hint=error.hint or None,
        retryable=error.retryable,
    )


def dump_names(ids: Sequence[str], groups: Sequence[str | None]) -> bytes:
    """The names of a batch's items as JSON; ``groups`` may be empty."""
    return json.dumps([ids, groups]).encode()


def parse_names(text: bytes) -> list[ItemName]:
    """The reverse of `dump_names`."""
    ids, groups = json.loads(text)
    return [ItemName(*pair) for pair in zip(ids, groups or [None] * len(ids), strict=True)]
