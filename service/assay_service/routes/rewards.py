"""``/v1/rewards``: a batch in, its rewards out, in one request."""

from fastapi import APIRouter, Request, Response

from assay_service.batches import answer_batch, submit_batch
from assay_service.callers import TheCaller
from assay_service.documents import BATCH_BODY, batch_answer, problem_answers
from assay_service.edge import TheEdge
from assay_service.questions import AskedOfGroups
from assay_service.routes.batches import SUBMISSION_CODES
from assay_service.waiting import wait_for_caller

__all__ = ["router"]

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
    state = await wait_for_caller(request, edge, caller, batch_id)
    return Response(await answer_batch(edge, state, asked), media_type="application/json")
