"""``/v1/batches``: submit a batch, poll it, cancel it."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request, Response, status

from assay_service.answers import whole_answer
from assay_service.batches import answer_batch, batch_not_found, find_batch, submit_batch, wait_for_end
from assay_service.callers import TheCaller
from assay_service.documents import BATCH_BODY, batch_answer, problem_answers
from assay_service.edge import TheEdge
from assay_service.questions import AskedOfGroups

__all__ = ["SUBMISSION_CODES", "BatchId", "router"]

LONGEST_POLL_S: Final = 60.0
SUBMISSION_CODES: Final = (
    "invalid_json",
    "invalid_request",
    "too_many_items",
    "body_too_large",
    "invalid_encoding",
    "unsupported_media_type",
    "idempotency_conflict",
    "queue_full",
    "rate_limited",
    "queue_unavailable",
    "unauthorized",
)
"""What may be wrong with a batch that is handed in."""

router = APIRouter(tags=["batches"])
BatchId = Annotated[str, Path(description="The id that the submission answered.")]


@router.post(
    "/v1/batches",
    status_code=status.HTTP_202_ACCEPTED,
    summary="Submit a batch",
    response_class=Response,
    openapi_extra=BATCH_BODY,
    responses={
        202: {
            **batch_answer("The batch is admitted.", ended=False),
            "headers": {"Location": {"description": "Where to poll it.", "schema": {"type": "string"}}},
        },
        **problem_answers(*SUBMISSION_CODES),
    },
)
async def submit(request: Request, edge: TheEdge, caller: TheCaller) -> Response:
    """Admits the batch and answers at once with its id; `Location` says where to poll it."""
    state = await find_batch(edge, caller, await submit_batch(request, edge, caller))
    return Response(
        whole_answer(state, None),
        status_code=status.HTTP_202_ACCEPTED,
        headers={"Location": caller.path(f"/v1/batches/{state.batch_id}")},
        media_type="application/json",
    )


@router.get(
    "/v1/batches/{batch_id}",
    summary="Poll a batch",
    response_class=Response,
    responses={
        200: batch_answer("The batch, with results and summary once it has ended.", ended=True),
        **problem_answers(
            "batch_not_found", "invalid_request", "queue_unavailable", "shutting_down", "unauthorized"
        ),
    },
)
async def poll(
    batch_id: BatchId,
    edge: TheEdge,
    caller: TheCaller,
    asked: AskedOfGroups,
    wait_s: Annotated[
        float,
        Query(ge=0, le=LONGEST_POLL_S, allow_inf_nan=False, description="Seconds to wait for the batch to end."),
    ] = 0.0,
) -> Response:
    """The batch as it is, or as it is when it ends within `wait_s`."""
    state = await wait_for_end(edge, caller, batch_id, wait_s)
    return Response(await answer_batch(edge, state, asked), media_type="application/json")


@router.delete(
    "/v1/batches/{batch_id}",
    summary="Cancel a batch",
    response_class=Response,
    responses={
        200: batch_answer("The batch after the cancellation.", ended=True),
        **problem_answers("batch_not_found", "queue_unavailable", "unauthorized"),
    },
)
async def cancel(batch_id: BatchId, edge: TheEdge, caller: TheCaller) -> Response:
    """Ends the batch: items without a result get the error `cancelled`. A batch that has ended stays as it is."""
    await find_batch(edge, caller, batch_id)
    state = await edge.ledger.cancel(batch_id)
    if state is None:
        raise batch_not_found(batch_id)
    return Response(await answer_batch(edge, state), media_type="application/json")
