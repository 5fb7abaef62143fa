"""The routes of other services' contracts, at their own paths and under ``/compat/<name>``."""

from typing import Any

from fastapi import APIRouter, Request

from assay_service.batches import read_json
from assay_service.callers import TheCaller
from assay_service.compat import openrlhf, sample
from assay_service.compat_documents import compat_answers
from assay_service.documents import OPENRLHF_BODY, SAMPLE_BODY
from assay_service.edge import TheEdge
from assay_service.holding import hold

__all__ = ["router"]

router = APIRouter(tags=["compatibility"])


@router.post(
    "/get_reward",
    summary="OpenRLHF's remote reward model",
    openapi_extra=OPENRLHF_BODY,
    responses=compat_answers(
        "A reward and a score (of the first component, 0 to 1) for each query.",
        {"rewards": [1.0], "scores": [1.0], "extra_logs": {"correct": [1.0]}},
    ),
)
@router.post("/compat/openrlhf/get_reward", include_in_schema=False)
async def get_reward(request: Request, edge: TheEdge, caller: TheCaller) -> dict[str, Any]:
    """Grades queries by their labels: a reward, a suite or tests as JSON, or the answer to a problem.

    An item that cannot be judged is an error of the whole answer, which OpenRLHF asks for again.
    """
    batch = await read_json(request, edge, openrlhf.to_batch)
    return openrlhf.to_reply(await hold(request, edge, caller, batch, openrlhf.ANSWER_S))


@router.post(
    "/compat/slime",
    summary="slime's remote reward model, and xtuner's judger",
    openapi_extra=SAMPLE_BODY,
    responses=compat_answers(
        "The score of the sample, and whether its first component has its full score.",
        {"score": 1.0, "correct": 1.0},
    ),
)
@router.post("/compat/xtuner", include_in_schema=False)
async def score(request: Request, edge: TheEdge, caller: TheCaller) -> dict[str, Any]:
    """Grades one sample by its label: a reward, a suite or tests, also as JSON, or the answer to a problem.

    A sample that cannot be judged is an error, never a score.
    """
    batch = await read_json(request, edge, sample.to_batch)
    patience_s = sample.XTUNER_S if request.url.path.endswith("/xtuner") else sample.SLIME_S
    (result,) = await hold(request, edge, caller, batch, patience_s)
    return sample.to_reply(result)
