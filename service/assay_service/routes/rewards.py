"""``/v1/rewards``: a batch in, its rewards out, in one request."""

from typing import Final

import structlog
from fastapi import APIRouter, Request, Response

from assay.contract import BatchStatus
from assay.errors import ServiceError
from assay.queue.port import BatchState
from assay_service.batches import answer_batch, find_batch, submit_batch, wait_for_end
from assay_service.callers import Caller, TheCaller
from assay_service.documents import BATCH_BODY, batch_answer, problem_answers
from assay_service.edge import Edge, TheEdge
from assay_service.problems import BatchUnfinished
from assay_service.questions import AskedOfGroups
from assay_service.routes.batches import SUBMISSION_CODES

__all__ = ["router"]

HANG_UP_CHECK_S: Final = 2.0
"""How soon a caller who has gone away is noticed."""

_log = structlog.get_logger("assay.service")
router = APIRouter(tags=["rewards"])


@router.post(
    "/v1/rewards",
    summary="Grade a batch and answer when it is done",
    response_class=Response,
    openapi_extra=BATCH_BODY,
    responses={
        200: batch_answer("The batch has ended; results in request order.", ended=True),
        **problem_answers(*SUBMISSION_CODES, "shutting_down", "deadline_exceeded"),
    },
)
async def grade(request: Request, edge: TheEdge, caller: TheCaller, asked: AskedOfGroups) -> Response:
    """Grades the items and answers with all results, in request order.

    An item that is malformed has a null reward and an error; the others are graded. A caller who hangs up
    cancels the batch, unless the request has an `Idempotency-Key`: then it goes on, and the same request again
    waits for it. After `rewards_timeout_s` the answer is the problem `deadline_exceeded` with the batch's id.
    """
    batch_id = await submit_batch(request, edge, caller)
    state = await _wait_for_caller(request, edge, caller, batch_id)
    if state.status == BatchStatus.RUNNING:
        raise _unfinished(batch_id, "deadline_exceeded", "the batch was not done within `rewards_timeout_s`")
    return Response(await answer_batch(edge, state, asked), media_type="application/json")


async def _wait_for_caller(request: Request, edge: Edge, caller: Caller, batch_id: str) -> BatchState:
    left_s = edge.settings.rewards_timeout_s
    state = await find_batch(edge, caller, batch_id)
    while state.status == BatchStatus.RUNNING and left_s > 0:
        state = await _wait_a_while(edge, caller, batch_id, min(left_s, HANG_UP_CHECK_S))
        left_s -= HANG_UP_CHECK_S
        if "idempotency-key" not in request.headers and await request.is_disconnected():
            _log.info("batch_abandoned", batch=batch_id)
            return await edge.ledger.cancel(batch_id) or state
    return state


async def _wait_a_while(edge: Edge, caller: Caller, batch_id: str, timeout_s: float) -> BatchState:
    try:
        return await wait_for_end(edge, caller, batch_id, timeout_s)
    except ServiceError as error:
        if error.code != "shutting_down":
            raise
        raise _unfinished(batch_id, error.code, error.message) from error


def _unfinished(batch_id: str, code: str, message: str) -> BatchUnfinished:
    return BatchUnfinished(message, code=code, batch_id=batch_id)
