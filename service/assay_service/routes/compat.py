"""The routes of other services' contracts, at their own paths and under ``/compat/<name>``."""

from typing import Any

import anyio
from fastapi import APIRouter, Request

from assay_service.batches import admit_body, receive_json
from assay_service.callers import Caller, TheCaller
from assay_service.compat import openrlhf, sample
from assay_service.documents import OPENRLHF_BODY, SAMPLE_BODY, problem_answers
from assay_service.edge import Edge, TheEdge
from assay_service.routes.batches import SUBMISSION_CODES
from assay_service.waiting import wait_for_caller

__all__ = ["router"]

router = APIRouter(tags=["compatibility"])


def _answers(description: str, example: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    content = {"application/json": {"schema": {"type": "object"}, "example": example}}
    errors = problem_answers(*SUBMISSION_CODES, "shutting_down", "deadline_exceeded")
    return {200: {"description": description, "content": content}, **errors}


@router.post(
    "/get_reward",
    summary="OpenRLHF's remote reward model",
    openapi_extra=OPENRLHF_BODY,
    responses=_answers(
        "A reward and a score (of the first component, 0 to 1) for each query.",
        {"rewards": [1.0], "scores": [1.0], "extra_logs": {"correct": [1.0]}},
    ),
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
    results = await _results_of(request, edge, caller, batch)
    return await anyio.to_thread.run_sync(openrlhf.to_reply, results)


@router.post(
    "/compat/slime",
    summary="slime's remote reward model, and xtuner's judger",
    openapi_extra=SAMPLE_BODY,
    responses=_answers(
        "The score of the sample, and whether its first component has its full score.",
        {"score": 1.0, "correct": 1.0},
    ),
)
@router.post("/compat/xtuner", include_in_schema=False)
async def score(request: Request, edge: TheEdge, caller: TheCaller) -> dict[str, Any]:
    """Grades one sample by its label: a reward, a suite or tests, also as JSON, or the answer to a problem.

    A sample that cannot be judged is an error, never a score.
    """
    async with receive_json(request, edge) as body:
        batch = await anyio.to_thread.run_sync(sample.to_batch, body, limiter=edge.admissions)
    (result,) = await _results_of(request, edge, caller, batch)
    return sample.to_reply(result)


async def _results_of(request: Request, edge: Edge, caller: Caller, batch: bytes) -> list[bytes]:
    batch_id = await admit_body(edge, caller, batch, request.headers.get("idempotency-key"))
    await wait_for_caller(request, edge, caller, batch_id)
    return [result for result in await edge.ledger.results(batch_id) if result is not None]
