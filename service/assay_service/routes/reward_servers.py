"""Routes of further reward servers, under ``/compat/<name>`` alone: ScaleBox, Judge0, ROLL, LLaMA-Factory."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request

from assay.contract import BatchStatus, ItemResult
from assay.queue.port import BatchState
from assay_service.batches import admit_body, find_batch, read_json
from assay_service.callers import Caller, TheCaller
from assay_service.compat.judge0 import ANSWER_S, Judge0Batch, Judge0Submission, judged, unfinished
from assay_service.compat.lenient import dumped, reads
from assay_service.compat.llama_factory import Score
from assay_service.compat.roll import RollJob, RollPoll, done, running
from assay_service.compat.scale_box import CommonEvaluate
from assay_service.compat_documents import EVAL_EXAMPLE, compat_answers, compat_body
from assay_service.edge import Edge, TheEdge
from assay_service.holding import hold

__all__ = ["router"]

router = APIRouter(tags=["compatibility"])
Encoded = Annotated[bool, Query(alias="base64_encoded", description="Whether texts are base64, both ways.")]
_SUBMISSION: Final = {
    "source_code": "print(int(input()) + 1)",
    "language_id": 71,
    "stdin": "1",
    "expected_output": "2",
}
_STATUS: Final = {
    "token": "0" * 32,
    "stdout": "2\n",
    "time": "0.003",
    "status": {"id": 3, "description": "Accepted"},
}


@router.post(
    "/compat/scalebox/common_evaluate_batch",
    summary="ScaleBox: a completion and all its tests",
    openapi_extra=compat_body(
        CommonEvaluate,
        {
            "completion": "```python\nprint(int(input()) + 1)\n```",
            "config": {"provided_data": {"test_cases": {"type": "stdin_stdout", "input": ["1"], "output": ["2"]}}},
        },
    ),
    responses=compat_answers("Whether it is accepted, and its tests up to the first that failed.", EVAL_EXAMPLE),
)
async def common_evaluate_batch(request: Request, edge: TheEdge, caller: TheCaller) -> dict[str, Any]:
    """Grades a completion by the tests in the request, and stops at the first failure unless told otherwise."""
    asked = await read_json(request, edge, reads(CommonEvaluate))
    (result,) = await hold(request, edge, caller, asked.to_batch(), asked.answer_s)
    return asked.to_reply(result)


@router.post(
    "/compat/llamafactory",
    summary="LLaMA-Factory: scores of whole texts",
    openapi_extra=compat_body(Score, {"model": "model", "messages": ["<think>\n…\n</think>\n4"]}),
    responses=compat_answers("A score for each text.", {"scores": [1.0]}),
)
async def score_texts(
    request: Request,
    edge: TheEdge,
    caller: TheCaller,
    rewards: Annotated[str, Query(description="Rewards of text, as JSON.", examples=['[{"type": "format"}]'])],
) -> dict[str, Any]:
    """Scores texts by the rewards in the address. What is right is not in the request: rewards of text alone."""
    asked = await read_json(request, edge, reads(Score))
    return asked.to_reply(await hold(request, edge, caller, asked.to_batch(rewards)))


@router.post(
    "/compat/judge0/submissions",
    summary="Judge0: submit a program",
    status_code=201,
    response_model=None,
    openapi_extra=compat_body(Judge0Submission, _SUBMISSION),
    responses=compat_answers("Its token; with `wait` how it went.", _STATUS, status=201),
)
@router.post("/compat/judge0/submissions/", include_in_schema=False, response_model=None, status_code=201)
async def submit_program(
    request: Request, edge: TheEdge, caller: TheCaller, encoded: Encoded = False, wait: bool = False
) -> dict[str, Any]:
    """Submits a program; what could not be judged within `wait` is an error, and never a status."""
    asked = await read_json(request, edge, reads(Judge0Submission))
    batch = asked.to_batch(encoded=encoded)
    if not wait:
        return {"token": await admit_body(edge, caller, dumped(batch))}
    (result,) = await hold(request, edge, caller, batch, ANSWER_S)
    return judged(None, result, encoded=encoded)


@router.post(
    "/compat/judge0/submissions/batch",
    summary="Judge0: submit several programs",
    status_code=201,
    openapi_extra=compat_body(Judge0Batch, {"submissions": [_SUBMISSION]}),
    responses=compat_answers("A token for each.", [{"token": "0" * 32}], status=201),
)
async def submit_programs(
    request: Request, edge: TheEdge, caller: TheCaller, encoded: Encoded = False
) -> list[dict[str, Any]]:
    """Submits up to 20 programs."""
    asked = await read_json(request, edge, reads(Judge0Batch))
    batches = [dumped(each.to_batch(encoded=encoded)) for each in asked.submissions]
    return [{"token": await admit_body(edge, caller, batch)} for batch in batches]


@router.get(
    "/compat/judge0/submissions/batch",
    summary="Judge0: several submissions",
    responses=compat_answers("Each as it is.", {"submissions": [_STATUS]}, "batch_not_found"),
)
async def get_programs(edge: TheEdge, caller: TheCaller, tokens: str, encoded: Encoded = False) -> dict[str, Any]:
    """The submissions of some tokens, with commas between them."""
    return {"submissions": [await _submission(edge, caller, token, encoded=encoded) for token in tokens.split(",")]}


@router.get(
    "/compat/judge0/submissions/{token}",
    summary="Judge0: one submission",
    responses=compat_answers("It as it is.", _STATUS, "batch_not_found"),
)
async def get_program(token: str, edge: TheEdge, caller: TheCaller, encoded: Encoded = False) -> dict[str, Any]:
    """A submission as it is: in queue, or how it went."""
    return await _submission(edge, caller, token, encoded=encoded)


async def _submission(edge: Edge, caller: Caller, token: str, *, encoded: bool) -> dict[str, Any]:
    state, result = await _result_of(edge, caller, token)
    if result is None:
        return unfinished(token, begun=state.done > 0)
    return judged(token, result, encoded=encoded)


@router.post(
    "/compat/roll/submit",
    summary="ROLL: submit a reward job",
    openapi_extra=compat_body(RollJob, {"response": "It is \\boxed{4}", "reward_info": {"ground_truth": "4"}}),
    responses=compat_answers("Its id.", {"reward_request_id": "0" * 32, "errcode": 0, "errmsg": ""}),
)
async def submit_job(request: Request, edge: TheEdge, caller: TheCaller) -> dict[str, Any]:
    """Submits a job, to be polled."""
    asked = await read_json(request, edge, reads(RollJob))
    return {
        "reward_request_id": await admit_body(edge, caller, dumped(asked.to_batch())),
        "errcode": 0,
        "errmsg": "",
    }


@router.get("/compat/roll/result", include_in_schema=False)  # a GET with a body, which OpenAPI has no word for
@router.post(
    "/compat/roll/result",
    summary="ROLL: a reward job",
    openapi_extra=compat_body(RollPoll, {"reward_request_id": "0" * 32}),
    responses=compat_answers("It as it is.", {"errcode": 0, "reward_score": 1.0}, "batch_not_found"),
)
async def get_job(request: Request, edge: TheEdge, caller: TheCaller) -> dict[str, Any]:
    """A job as it is: `errcode` is 0 with its reward, 1 while it runs, 2 if it could not be judged."""
    asked = await read_json(request, edge, reads(RollPoll))
    state, result = await _result_of(edge, caller, asked.reward_request_id)
    return running() if result is None else done(result, state.created_s, state.ended_s or state.created_s)


async def _result_of(edge: Edge, caller: Caller, batch_id: str) -> tuple[BatchState, ItemResult | None]:
    state = await find_batch(edge, caller, batch_id)
    if state.status == BatchStatus.RUNNING:
        return state, None
    results = await edge.ledger.results(batch_id)
    found = [ItemResult.model_validate_json(each) for each in results if each is not None]
    return state, found[0] if found else None
