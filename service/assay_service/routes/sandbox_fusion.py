"""SandboxFusion's routes, at their own paths and under ``/compat/sandboxfusion``."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from assay_service.batches import read_json
from assay_service.callers import Caller, TheCaller
from assay_service.compat.lenient import reads
from assay_service.compat.sandbox_fusion.jupyter import RunJupyter
from assay_service.compat.sandbox_fusion.run_code import RunCode
from assay_service.compat.sandbox_fusion.submit import Submit
from assay_service.compat_documents import (
    EVAL_EXAMPLE,
    JUPYTER_EXAMPLE,
    RUN_EXAMPLE,
    compat_answers,
    compat_body,
)
from assay_service.documents import problem_answers
from assay_service.edge import Edge, TheEdge
from assay_service.holding import hold

__all__ = ["router"]

router = APIRouter(tags=["compatibility"])
_PREFIX = "/compat/sandboxfusion"


@router.post(
    "/run_code",
    summary="SandboxFusion: run a program",
    openapi_extra=compat_body(RunCode, {"code": "print(int(input()) + 1)", "language": "python", "stdin": "41\n"}),
    responses=compat_answers("How the program ended and what it printed.", RUN_EXAMPLE),
)
@router.post(_PREFIX + "/run_code", include_in_schema=False)
async def run_code(request: Request, edge: TheEdge, caller: TheCaller) -> dict[str, Any]:
    """Runs one program and answers with its outputs; nothing is judged, and nothing taken over from earlier runs.

    The answer is always that of a run. If there was none within the timeouts of the request and five seconds more,
    the status is 504, and the same request again finds the run where it is by then.
    """
    return await _answer(request, edge, caller, RunCode)


@router.post(
    "/run_jupyter",
    summary="SandboxFusion: run the cells of a notebook",
    openapi_extra=compat_body(RunJupyter, {"cells": ["a = 41", "a + 1"]}),
    responses=compat_answers("What came of each cell.", JUPYTER_EXAMPLE),
)
@router.post(_PREFIX + "/run_jupyter", include_in_schema=False)
async def run_jupyter(request: Request, edge: TheEdge, caller: TheCaller) -> dict[str, Any]:
    """Runs cells one after the other in one namespace. They are plain Python: there are no magic commands."""
    return await _answer(request, edge, caller, RunJupyter)


@router.post(
    "/submit",
    summary="SandboxFusion: grade a completion by a problem in the request",
    openapi_extra=compat_body(
        Submit,
        {
            "dataset": "mine",
            "id": 1,
            "completion": "```python\nprint(int(input()) + 1)\n```",
            "config": {
                "dataset_type": "CommonOJDataset",
                "provided_data": {"id": 1, "test": [{"input": {"stdin": "41"}, "output": {"stdout": "42"}}]},
            },
        },
    ),
    responses=compat_answers("Whether it is accepted, and its tests up to the first that failed.", EVAL_EXAMPLE),
)
@router.post(_PREFIX + "/submit", include_in_schema=False)
async def submit(request: Request, edge: TheEdge, caller: TheCaller) -> dict[str, Any]:
    """Grades a completion by the tests of `config.provided_data`, whose shape `config.dataset_type` tells."""
    return await _answer(request, edge, caller, Submit)


@router.get("/v1/ping", summary="SandboxFusion: whether the service lives", responses=problem_answers())
@router.get(_PREFIX + "/v1/ping", include_in_schema=False)
async def ping() -> str:
    """Answers `pong`."""
    return "pong"


@router.get("/list_datasets", summary="SandboxFusion: the stored problems", responses=problem_answers())
@router.get(_PREFIX + "/list_datasets", include_in_schema=False)
async def list_datasets() -> list[str]:
    """Answers with an empty list: requests bring their problems."""
    return []


@router.get("/", include_in_schema=False)
async def welcome() -> PlainTextResponse:
    """Says what this is; clients of several contracts take any answer as a sign of life."""
    return PlainTextResponse("Assay. See /docs for the API.\n")


async def _answer(
    request: Request, edge: Edge, caller: Caller, model: type[RunCode | RunJupyter | Submit]
) -> dict[str, Any]:
    asked = await read_json(request, edge, reads(model))
    (result,) = await hold(request, edge, caller, asked.to_batch(), asked.answer_s)
    return asked.to_reply(result)
