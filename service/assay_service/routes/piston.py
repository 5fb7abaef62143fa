"""Piston's routes, version 2, at their own paths and under ``/compat/piston``."""

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from assay.errors import AssayError, RequestError
from assay_service.batches import read_json
from assay_service.callers import Caller, TheCaller
from assay_service.compat.lenient import reads
from assay_service.compat.piston.contests import contest_batch, contest_reply, is_contest
from assay_service.compat.piston.execution import plain_batch, plain_reply
from assay_service.compat.piston.request import PATIENCE_S, Execute
from assay_service.compat.piston.runtimes import packages, runtimes
from assay_service.compat_documents import PISTON_EXAMPLE, compat_answers, compat_body
from assay_service.documents import problem_answers
from assay_service.edge import Edge, TheEdge
from assay_service.holding import hold
from assay_service.problems import PROBLEM_TYPE, describe_problem

__all__ = ["router"]

router = APIRouter(tags=["compatibility"])
_ROOT: Final = "/api/v2"
_PREFIX: Final = "/compat/piston/api/v2"


@router.get(_ROOT + "/runtimes", summary="Piston: the languages", responses=problem_answers())
@router.get(_PREFIX + "/runtimes", include_in_schema=False)
async def list_runtimes() -> list[dict[str, Any]]:
    """Lists the languages. There is one version of each, and a request may ask for any."""
    return runtimes()


@router.get(_ROOT + "/packages", summary="Piston: what is installed", responses=problem_answers())
@router.get(_PREFIX + "/packages", include_in_schema=False)
async def list_packages() -> list[dict[str, Any]]:
    """Lists the same languages. Nothing can be installed or removed over the network."""
    return packages()


@router.post(
    _ROOT + "/execute",
    summary="Piston: run a program, or judge one as open-r1 does",
    response_model=None,
    openapi_extra=compat_body(
        Execute,
        {"language": "python", "version": "*", "files": [{"content": "print(int(input()) + 1)"}], "stdin": "41"},
    ),
    responses=compat_answers("How the program ended and what it printed.", PISTON_EXAMPLE),
)
@router.post(_PREFIX + "/execute", include_in_schema=False, response_model=None)
async def execute(request: Request, edge: TheEdge, caller: TheCaller) -> Response | dict[str, Any]:
    """Runs one program. The languages `cms_ioi`, `cf_python3` and, with `grader_config`, `c++17` judge it, too."""
    try:
        return await _execute(request, edge, caller)
    except RequestError as error:
        return _refusal(error)


async def _execute(request: Request, edge: Edge, caller: Caller) -> dict[str, Any]:
    asked = await read_json(request, edge, reads(Execute))
    judged = is_contest(asked)
    batch = contest_batch(asked) if judged else plain_batch(asked)
    patience_s = PATIENCE_S if judged else asked.answer_s
    (result,) = await hold(request, edge, caller, batch, patience_s)
    return contest_reply(asked, result) if judged else plain_reply(asked, result)


def _refusal(error: AssayError) -> Response:
    """A problem, with the text where Piston's clients look for it."""
    problem = describe_problem(error).model_dump(exclude_none=True)
    content = {"message": problem["detail"], **problem}
    return JSONResponse(content, status_code=problem["status"], media_type=PROBLEM_TYPE)
