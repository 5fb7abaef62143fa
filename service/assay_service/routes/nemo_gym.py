"""NeMo Gym's routes of a resources server, at their own paths and under ``/compat/nemogym``."""

from typing import Any, Final

from fastapi import APIRouter, Request

from assay_service.batches import read_json
from assay_service.callers import TheCaller
from assay_service.compat import nemo_gym
from assay_service.compat_documents import compat_answers, json_body
from assay_service.documents import problem_answers
from assay_service.edge import TheEdge
from assay_service.holding import hold
from assay_service.json_body import parse_body
from assay_service.routes.batches import SUBMISSION_CODES

__all__ = ["router"]

router = APIRouter(tags=["compatibility"])
_PREFIX: Final = "/compat/nemogym"
_MESSAGE: Final = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "It is 4."}]}
_ROW: Final = {
    "responses_create_params": {"input": [{"role": "user", "content": "2 + 2?"}]},
    "response": {"id": "r", "object": "response", "output": [_MESSAGE]},
    "expected_answer": "4",
}


@router.post(
    "/seed_session",
    summary="NeMo Gym: begin a rollout",
    openapi_extra=json_body(_ROW),
    responses=problem_answers(*SUBMISSION_CODES),
)
@router.post(_PREFIX + "/seed_session", include_in_schema=False)
async def seed_session(request: Request, edge: TheEdge, caller: TheCaller) -> dict[str, Any]:
    """Answers with an empty object: there is nothing to remember between the calls."""
    del caller
    await read_json(request, edge, parse_body)
    return {}


@router.post(
    "/verify",
    summary="NeMo Gym: the reward of a rollout",
    openapi_extra=json_body(_ROW),
    responses=compat_answers("The row with its reward.", {**_ROW, "reward": 1.0, "score": 1.0, "pass_rate": 1.0}),
)
@router.post(_PREFIX + "/verify", include_in_schema=False)
async def verify(request: Request, edge: TheEdge, caller: TheCaller) -> dict[str, Any]:
    """Grades what the model wrote by what the row says; what cannot be judged is an error, never a reward."""
    row = await read_json(request, edge, parse_body)
    (result,) = await hold(request, edge, caller, nemo_gym.to_batch(row), nemo_gym.ANSWER_S)
    return nemo_gym.to_reply(row, result)


@router.post(
    "/aggregate_metrics",
    summary="NeMo Gym: statistics of rewards",
    openapi_extra=json_body({"verify_responses": [{nemo_gym.TASK_INDEX: 0, "reward": 1.0}]}),
    responses=problem_answers(*SUBMISSION_CODES),
)
@router.post(_PREFIX + "/aggregate_metrics", include_in_schema=False)
async def aggregate_metrics(request: Request, edge: TheEdge, caller: TheCaller) -> dict[str, Any]:
    """Mean, extremes and deviation of the numbers in replies of `/verify`, per task and over all of them."""
    del caller
    asked = await read_json(request, edge, parse_body)
    return nemo_gym.aggregate(asked)
