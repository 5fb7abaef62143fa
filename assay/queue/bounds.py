"""What bounds the queue, in all and for each tenant, and how long to wait at a bound: pure functions."""

from math import ceil, inf
from typing import Final, NamedTuple

from assay.errors import QueueError
from assay.queue.port import NewBatch, QueueDepth, Quota
from assay.settings import Settings

__all__ = ["Bound", "bounds_of", "queue_full", "rate_exceeded"]

_UNBOUNDED: Final = 1e300
"""JSON has no infinity."""
_MIB: Final = 1 << 20
_LEAST_WAIT_S: Final = 1.0
_LONGEST_WAIT_S: Final = 600.0


class Bound(NamedTuple):
    """How much a batch adds to a field of `Keys.queued`, and how much may stand there then."""

    field: str
    amount: float
    most: float


def bounds_of(new: NewBatch, work_s: float, settings: Settings, quota: Quota) -> list[Bound]:
    """The bounds in force for a batch.

    Arguments:
        new: the batch.
        work_s: its expected work in seconds.
        settings: the bounds for all tenants together.
        quota: those of the batch's tenant.
    """
    items, size_bytes = len(new.items), new.size_bytes
    whose = f"@{new.line.tenant}"
    most_bytes = None if quota.max_queued_mb is None else quota.max_queued_mb * _MIB
    return [
        Bound("items", items, settings.max_queued_items),
        Bound("bytes", size_bytes, settings.max_queued_mb * _MIB),
        Bound("work_s", work_s, settings.max_queued_work_s),
        Bound(f"items{whose}", items, _or_unbounded(quota.max_queued_items)),
        Bound(f"bytes{whose}", size_bytes, _or_unbounded(most_bytes)),
        Bound(f"work_s{whose}", work_s, _or_unbounded(quota.max_queued_work_s)),
    ]


def queue_full(bound: Bound, queued: float, depth: QueueDepth) -> QueueError:
    """The error of a batch that a bound keeps out, with the time after which it may fit.

    Arguments:
        bound: the bound.
        queued: how much stands against it already.
        depth: what is queued in all.
    """
    what, _, tenant = bound.field.partition("@")
    names = {"items": "items", "bytes": "bytes of items", "work_s": "seconds of expected work"}
    whose = f" for '{tenant}'" if tenant else ""
    message = (
        f"{bound.most:.0f} {names[what]} may be queued{whose}, and {bound.amount:.0f} more on top of {queued:.0f} "
        "would exceed it"
    )
    if bound.amount > bound.most:
        return QueueError(message, code="queue_full", hint="send smaller batches: this one alone is too much")
    error = QueueError(message, code="queue_full", hint="try again when some are done")
    in_all = {"items": depth.items, "bytes": depth.bytes, "work_s": depth.work_s}[what]
    excess_share = (queued + bound.amount - bound.most) / max(in_all, queued, 1e-9)
    seconds = excess_share * depth.work_s / depth.workers if depth.workers else inf
    error.retry_after_s = ceil(min(max(seconds, _LEAST_WAIT_S), _LONGEST_WAIT_S))
    return error


def rate_exceeded(quota: Quota, wait_s: float) -> QueueError:
    """The error of a batch that comes too soon after others."""
    message = f"this key may send {quota.batches_per_s:g} batches a second"
    error = QueueError(message, code="rate_limited", hint="send larger batches, less often")
    error.retry_after_s = ceil(max(wait_s, _LEAST_WAIT_S))
    return error


def _or_unbounded(most: float | None) -> float:
    return _UNBOUNDED if most is None else most
