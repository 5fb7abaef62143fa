"""Waits for a batch on behalf of a caller who stays on the line, and cancels it for one who hangs up."""

from typing import Final

import anyio
import structlog
from fastapi import Request

from assay.contract import BatchStatus
from assay.errors import ServiceError
from assay.queue.port import BatchState
from assay_service.batches import find_batch, wait_for_end
from assay_service.callers import Caller
from assay_service.edge import Edge
from assay_service.problems import BatchUnfinished

__all__ = ["wait_for_caller"]

HANG_UP_CHECK_S: Final = 2.0
"""How soon a caller who has gone away is noticed."""

_log = structlog.get_logger("assay.service")


async def wait_for_caller(
    request: Request, edge: Edge, caller: Caller, batch_id: str, within_s: float | None = None
) -> BatchState:
    """The batch when it has ended; cancelled, if the caller hung up and the request has no idempotency key.

    Arguments:
        request: what the caller waits for.
        edge: the service.
        caller: whose batch it is.
        batch_id: the batch.
        within_s: how long the caller waits; by default `rewards_timeout_s`.

    Raises:
        BatchUnfinished: ``deadline_exceeded`` after that, ``shutting_down``; the batch goes on.
    """
    until_s = anyio.current_time() + (edge.settings.rewards_timeout_s if within_s is None else within_s)
    state = await find_batch(edge, caller, batch_id)
    while state.status == BatchStatus.RUNNING and (left_s := until_s - anyio.current_time()) > 0:
        state = await _wait_a_while(edge, caller, batch_id, min(left_s, HANG_UP_CHECK_S))
        if "idempotency-key" not in request.headers and await request.is_disconnected():
            _log.info("batch_abandoned", batch=batch_id)
            state = await edge.ledger.cancel(batch_id) or state
    if state.status == BatchStatus.RUNNING:
        message = "the batch was not done in time"
        raise BatchUnfinished(message, code="deadline_exceeded", batch_id=batch_id)
    return state


async def _wait_a_while(edge: Edge, caller: Caller, batch_id: str, timeout_s: float) -> BatchState:
    try:
        return await wait_for_end(edge, caller, batch_id, timeout_s)
    except ServiceError as error:
        if error.code != "shutting_down":
            raise
        raise BatchUnfinished(error.message, code=error.code, batch_id=batch_id) from error
