"""Cuts what is too much for one batch into several, and makes one result of theirs. Pure.

Items of one rollout group stay together: what compares them needs all of them in one batch.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import fsum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pydantic import BaseModel

    from assay.contract import BatchResult, BatchSummary, Item, ItemResult

__all__ = ["Encoded", "cut", "encode_items", "merged", "plain"]

MOST_ITEMS: Final = 16_384
"""A quarter of what a service takes by default (`max_batch_items`)."""
MOST_BYTES: Final = 64 << 20
"""Of a batch's items; what a service reads of one request at once has to fit into its memory."""

Encoded = tuple[str | None, str]
"""An item: its rollout group, and its JSON."""


def plain(value: BaseModel | Mapping[str, Any]) -> Mapping[str, Any]:
    """A value as JSON has it."""
    return value if isinstance(value, Mapping) else value.model_dump(mode="json", exclude_unset=True)


def encode_items(items: Iterable[Item | Mapping[str, Any]], defaults: Mapping[str, Any] | None) -> list[Encoded]:
    """The items as JSON in ASCII: a lone surrogate travels as its escape and is dealt with by the service."""
    common = (defaults or {}).get("group")
    encoded = []
    for item in items:
        fields = plain(item)
        group = fields.get("group", common)
        encoded.append((group if isinstance(group, str) else None, json.dumps(fields, separators=(",", ":"))))
    return encoded


def cut(items: Sequence[Encoded], most_items: int = MOST_ITEMS, most_bytes: int = MOST_BYTES) -> list[list[int]]:
    """The places of the items of each part; one part if all fit into it, and at least one.

    Arguments:
        items: all of them.
        most_items: items of a part; a larger group is a part by itself.
        most_bytes: bytes of a part; a larger group is a part by itself.
    """
    if len(items) <= most_items and sum(len(text) for _, text in items) <= most_bytes:
        return [list(range(len(items)))]
    parts: list[list[int]] = []
    size = 0
    for places in _units(items):
        added = sum(len(items[place][1]) for place in places)
        if not parts or len(parts[-1]) + len(places) > most_items or size + added > most_bytes:
            parts.append([])
            size = 0
        parts[-1] += places
        size += added
    return parts


def _units(items: Sequence[Encoded]) -> list[list[int]]:
    """What must not be cut: the groups, in the order in which they begin, and items without one."""
    units: dict[object, list[int]] = {}
    for place, (group, _) in enumerate(items):
        units.setdefault(place if group is None else group, []).append(place)
    return list(units.values())


def merged(batches: Sequence[BatchResult], parts: Sequence[Sequence[int]]) -> BatchResult:
    """One result of several batches'; its id is that of the first.

    Arguments:
        batches: ended batches.
        parts: the places of their items among all.
    """
    if len(batches) == 1:
        return batches[0]
    from assay.contract import BatchResult, BatchStatus

    found: dict[int, ItemResult] = {}
    for batch, places in zip(batches, parts, strict=True):
        for place, result in zip(places, batch.results or (), strict=True):
            found[place] = result.model_copy(update={"index": place})
    cancelled = any(batch.status is BatchStatus.CANCELLED for batch in batches)
    return BatchResult(
        id=batches[0].id,
        status=BatchStatus.CANCELLED if cancelled else BatchStatus.FINISHED,
        total=sum(batch.total for batch in batches),
        done=sum(batch.done for batch in batches),
        results=tuple(found[place] for place in range(len(found))),
        summary=_summary([batch.summary for batch in batches if batch.summary is not None]),
    )


def _summary(summaries: Sequence[BatchSummary]) -> BatchSummary:
    from assay.contract import BatchSummary

    judged = sum(each.judged for each in summaries)
    total = fsum(each.judged * each.mean_reward for each in summaries if each.mean_reward is not None)
    groups = {name: group for each in summaries for name, group in (each.groups or {}).items()}
    return BatchSummary(
        items=sum(each.items for each in summaries),
        judged=judged,
        errors=sum(each.errors for each in summaries),
        mean_reward=total / judged if judged else None,
        verdicts=_added(each.verdicts for each in summaries),
        error_codes=_added(each.error_codes for each in summaries),
        flags={name: flags for each in summaries for name, flags in each.flags.items()},
        groups=groups if any(each.groups is not None for each in summaries) else None,
        reused=sum(each.reused for each in summaries),
        duration_ms=max((each.duration_ms for each in summaries), default=0.0),
    )


def _added(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return dict(total)
