"""The routes of other services' contracts, at their own paths and under ``/compat/<name>``."""

from typing import Any, Final

import anyio
from fastapi import APIRouter, Request

from assay_service.batches import admit_body, receive_json
from assay_service.callers import TheCaller
from assay_service.compat import openrlhf
from assay_service.documents import openrlhf_body, problem_answers
from assay_service.edge import TheEdge
from assay_service.routes.batches import SUBMISSION_CODES
from assay_service.waiting import wait_for_caller

__all__ = ["router"]

router = APIRouter(tags=["compatibility"])
_REPLY: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "A reward and a score (of the first component, 0 to 1) for each query.",
        "content": {
            "application/json": {
                "schema": {"type": "object"},
                "example": {"rewards": [1.0], "scores": [1.0], "extra_logs": {"correct": [1.0]}},
            }
        },
    }
}


@router.post(
    "/get_reward",
    summary="OpenRLHF's remote reward model",
    openapi_extra=openrlhf_body(),
    responses={**_REPLY, **problem_answers(*SUBMISSION_CODES, "shutting_down", "deadline_exceeded")},
)
@router.post("/compat/openrlhf/get_reward", include_in_schema=False)
async def get_reward(request: Request, edge: TheEdge, caller: TheCaller) -> dict[str, Any]:
    """Grades queries by their labels: a reward, a suite or tests as JSON, or the answer to a problem.

    An item that cannot be judged is an error of the whole answer, which OpenRLHF asks for again.
    """
    async with receive_json(request, edge) as body:
        batch = await anyio.to_thread.run_sync(openrlhf.to_batch, body, limiter=edge.admissions)
    if batch is None:
        return openrlhf.to_reply([])
    batch_id = await admit_body(edge, caller, batch, request.headers.get("idempotency-key"))
    await wait_for_caller(request, edge, caller, batch_id)
    results = [result for result in await edge.ledger.results(batch_id) if result is not None]
    return await anyio.to_thread.run_sync(openrlhf.to_reply, results)
