"""Routes of further code servers, under ``/compat/<name>`` alone: open-instruct, open-r1's routers, code-judge."""

from typing import Any, Literal

from fastapi import APIRouter, Request

from assay.errors import ServiceError
from assay_service.batches import read_json
from assay_service.callers import Caller, TheCaller
from assay_service.compat.code_judge import ANSWER_S, Submission, SubmissionsOf, unanswered
from assay_service.compat.e2b import ExecuteBatch
from assay_service.compat.lenient import reads
from assay_service.compat.open_instruct import TestProgram, to_reply
from assay_service.compat_documents import compat_answers, compat_body
from assay_service.documents import problem_answers
from assay_service.edge import Edge, TheEdge
from assay_service.holding import hold

__all__ = ["router"]

router = APIRouter(tags=["compatibility"])
Action = Literal["run", "judge"]


@router.post(
    "/compat/openinstruct/test_program",
    summary="open-instruct: a program and its assertions",
    openapi_extra=compat_body(TestProgram, {"program": "def f(n): return n + 1", "tests": ["assert f(1) == 2"]}),
    responses=compat_answers("1 or 0 for each test, and its CPU seconds.", {"results": [1], "runtimes": [0.003]}),
)
async def test_program(request: Request, edge: TheEdge, caller: TheCaller) -> dict[str, Any]:
    """Judges a program by assertions. Of tests that could not be judged there is no answer, but an error."""
    asked = await read_json(request, edge, reads(TestProgram))
    return to_reply(await hold(request, edge, caller, asked.to_batch(stdio=False), asked.answer_s))


@router.post(
    "/compat/openinstruct/test_program_stdio",
    summary="open-instruct: a program, its inputs and outputs",
    openapi_extra=compat_body(
        TestProgram, {"program": "print(int(input()) + 1)", "tests": [{"input": "1", "output": "2"}]}
    ),
    responses=compat_answers("1 or 0 for each test, and its CPU seconds.", {"results": [1], "runtimes": [0.003]}),
)
async def test_program_stdio(request: Request, edge: TheEdge, caller: TheCaller) -> dict[str, Any]:
    """Judges a program by what it prints. Of tests that could not be judged there is no answer, but an error."""
    asked = await read_json(request, edge, reads(TestProgram))
    return to_reply(await hold(request, edge, caller, asked.to_batch(stdio=True), asked.answer_s))


@router.get("/compat/openinstruct/health", summary="open-instruct: whether it lives", responses=problem_answers())
async def open_instruct_health() -> dict[str, str]:
    """Answers as long as the process does."""
    return {"status": "healthy"}


@router.get(
    "/compat/e2b/health", summary="E2B's and Morph's routers: whether it lives", responses=problem_answers()
)
@router.get("/compat/morph/health", include_in_schema=False)
async def router_health() -> dict[str, str]:
    """Answers as long as the process does."""
    return {"status": "ok"}


@router.post(
    "/compat/e2b/execute_batch",
    summary="open-r1's E2B router: scripts and their last values",
    openapi_extra=compat_body(ExecuteBatch, {"scripts": ["1 / 2"], "languages": ["python"], "timeout": 30}),
    responses=compat_answers(
        "An execution or an exception for each script.",
        [{"execution": {"results": [{"text": "0.5", "is_main_result": True}]}, "exception_str": None}],
    ),
)
async def execute_batch(request: Request, edge: TheEdge, caller: TheCaller) -> list[dict[str, Any]]:
    """Runs scripts in Python, each by itself, and answers with the value of its last expression."""
    asked = await read_json(request, edge, reads(ExecuteBatch))
    return asked.to_reply(await hold(request, edge, caller, asked.to_batch(), asked.answer_s))


@router.post(
    "/compat/morph/execute_batch",
    summary="open-r1's Morph router: scripts and their last values",
    openapi_extra=compat_body(ExecuteBatch, {"scripts": ["1 / 2"], "languages": ["python"], "timeout": 90}),
    responses=compat_answers("A text or an exception for each script.", [{"text": "0.5", "exception_str": None}]),
)
async def execute_batch_of_morph(request: Request, edge: TheEdge, caller: TheCaller) -> list[dict[str, Any]]:
    """The same in the words of the other router."""
    asked = await read_json(request, edge, reads(ExecuteBatch))
    return asked.to_morph_reply(await hold(request, edge, caller, asked.to_batch(), asked.answer_s))


_SUBMISSION = {"type": "python", "solution": "print(int(input()) + 1)", "input": "1", "expected_output": "2"}
_JUDGED = {"sub_id": None, "success": True, "run_success": True, "cost": 0.004, "reason": ""}


@router.get("/compat/codejudge/ping", summary="code-judge: whether it lives", responses=problem_answers())
async def code_judge_ping() -> str:
    """Answers `pong`."""
    return "pong"


@router.get(
    "/compat/codejudge/status", summary="code-judge: its queue", responses=problem_answers("queue_unavailable")
)
async def code_judge_status(edge: TheEdge) -> dict[str, int]:
    """How many items wait, and how many workers there are."""
    depth = await edge.ledger.depth()
    return {"queue": depth.items, "num_workers": depth.workers}


@router.post(
    "/compat/codejudge/{action}",
    summary="code-judge: run or judge one submission",
    openapi_extra=compat_body(Submission, _SUBMISSION),
    responses=compat_answers("How it went.", _JUDGED),
)
async def judge_one(request: Request, action: Action, edge: TheEdge, caller: TheCaller) -> dict[str, Any]:
    """Runs (`run`) or judges (`judge`) one submission; `queue_timeout` is one that could not be judged in time."""
    asked = await read_json(request, edge, reads(Submission))
    return (await _judged(request, edge, caller, [asked], judge=action == "judge"))[0]


@router.post(
    "/compat/codejudge/{action}/batch",
    summary="code-judge: run or judge many submissions",
    openapi_extra=compat_body(SubmissionsOf, {"type": "batch", "submissions": [_SUBMISSION]}),
    responses=compat_answers("How each went.", {"sub_id": None, "results": [_JUDGED]}),
)
@router.post("/compat/codejudge/{action}/long-batch", include_in_schema=False)
async def judge_many(request: Request, action: Action, edge: TheEdge, caller: TheCaller) -> dict[str, Any]:
    """Runs (`run`) or judges (`judge`) submissions; their results are in their order."""
    asked = await read_json(request, edge, reads(SubmissionsOf))
    results = await _judged(request, edge, caller, asked.submissions, judge=action == "judge")
    return {"sub_id": asked.sub_id, "results": results}


async def _judged(
    request: Request, edge: Edge, caller: Caller, submissions: list[Submission], *, judge: bool
) -> list[dict[str, Any]]:
    items = [each.to_item(place, judge=judge) for place, each in enumerate(submissions)]
    try:
        results = await hold(request, edge, caller, {"detail": "outputs", "items": items}, ANSWER_S)
    except ServiceError:
        return unanswered(submissions)
    return [each.to_reply(result, judge=judge) for each, result in zip(submissions, results, strict=True)]
