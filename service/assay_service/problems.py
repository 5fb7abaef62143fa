"""Every error as an RFC 9457 problem document, and the one place that maps exceptions to answers.

Routes raise errors of the table (`assay.errors`), which know nothing of HTTP; the handlers installed here
answer them, and what the framework itself raises, in one form. The last resort is `UnforeseenErrors`: it
answers anything else as ``internal``, and logs it.
"""

import traceback
from http import HTTPStatus
from math import ceil
from typing import Final

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assay.contract import ErrorInfo
from assay.errors import ERRORS, AssayError, RequestError, ServiceError
from assay_service.complaints import InvalidRequest, complain, printable

__all__ = [
    "PREFIX",
    "PROBLEM_TYPE",
    "RETRY_AFTER_S",
    "BatchUnfinished",
    "Problem",
    "TransferBroken",
    "UnforeseenErrors",
    "answer_problem",
    "describe_problem",
    "install_problem_handlers",
]

PROBLEM_TYPE: Final = "application/problem+json"
PREFIX: Final = "assay.prefix"
"""Where a request's scope has what the paths of its caller begin with (`assay_service.callers`)."""
RETRY_AFTER_S: Final = 5
"""What 429 and 503 ask for: long enough for a worker or Redis to come back, short beside a training step."""

_log = structlog.get_logger("assay.service")


class Problem(BaseModel):
    """A problem document (RFC 9457) with Assay's extensions."""

    type: str
    """`urn:assay:error:` and the code."""
    title: str
    """What the code means; the same for every problem of the code."""
    status: int
    """The HTTP status."""
    detail: str
    """What went wrong this time."""
    code: str
    """A stable code from the error table."""
    retryable: bool
    """Whether sending the same request again can help."""
    path: str | None = None
    """The offending field, if it was one."""
    hint: str | None = None
    """How to mend it."""
    errors: list[ErrorInfo] | None = None
    """All complaints, if there are several."""
    batch_id: str | None = None
    """The batch that goes on without the caller, if there is one: poll it."""


class BatchUnfinished(ServiceError):
    """The wait for a batch ended before the batch; poll it by ``batch_id``."""

    def __init__(self, message: str, *, code: str, batch_id: str) -> None:
        hint = f"the batch goes on: poll /v1/batches/{batch_id}"
        super().__init__(message, code=code, hint=hint)
        self.batch_id = batch_id


def describe_problem(error: AssayError) -> Problem:
    """The problem document of an error of the table."""
    several = error.errors if isinstance(error, InvalidRequest) and len(error.errors) > 1 else None
    return Problem(
        type=f"urn:assay:error:{error.code}",
        title=error.row.meaning,
        status=error.row.status,
        detail=printable(error.message),
        code=error.code,
        retryable=error.row.retryable,
        path=printable(error.path) or None,
        hint=printable(error.hint) or None,
        errors=list(several) if several else None,
        batch_id=error.batch_id if isinstance(error, BatchUnfinished) else None,
    )


def answer_problem(error: AssayError, headers: dict[str, str] | None = None, prefix: str = "") -> Response:
    """The response of an error of the table; ``prefix`` begins the caller's paths."""
    problem = describe_problem(error)
    headers = dict(headers or {})
    if problem.status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        asked_s = RETRY_AFTER_S if error.retry_after_s is None else error.retry_after_s
        headers["Retry-After"] = str(ceil(asked_s))
    if problem.batch_id:
        headers["Location"] = f"{prefix}/v1/batches/{problem.batch_id}"
    if problem.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    body = problem.model_dump_json(exclude_none=True)
    return Response(body, status_code=problem.status, headers=headers, media_type=PROBLEM_TYPE)


def install_problem_handlers(app: FastAPI) -> None:
    """Makes the app answer every expected exception with a problem document."""
    app.add_exception_handler(AssayError, _answer_assay_error)
    app.add_exception_handler(RequestValidationError, _answer_parameter_error)
    app.add_exception_handler(HTTPException, _answer_framework_error)


class TransferBroken(Exception):
    """A stream cannot go on, which is logged already; the caller is to see it break off."""


class UnforeseenErrors:
    """ASGI middleware, the request's boundary: what nobody expected is logged and answered as ``internal``."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the application, and answers for it if it fails."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except TransferBroken:
            return  # without an end: the server closes the connection, and the caller sees that it is incomplete
        except ClientDisconnect:
            _log.info("caller_hung_up", path=scope["path"])
        except Exception as error:  # the request's boundary
            trace = "".join(traceback.format_exception(error))
            _log.error("request_failed", code="internal", path=scope["path"], trace=trace)
            if started:  # Too late for an answer: a broken transfer is the only sign left to give.
                raise
            await answer_problem(ServiceError())(scope, receive, send)


async def _answer_assay_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, AssayError)
    if isinstance(error, ServiceError):
        _log.warning("request_refused", code=error.code, path=request.url.path, message=error.message)
    return answer_problem(error, prefix=request.scope.get(PREFIX, ""))


async def _answer_parameter_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    complaints = tuple(
        complain(str(detail["msg"]).replace("Input should be", "must be", 1), path=str(detail["loc"][-1]))
        for detail in error.errors()
    )
    return answer_problem(InvalidRequest(complaints))


async def _answer_framework_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = _FRAMEWORK_CODES.get(error.status_code, "internal")
    refused = f"{request.method} {request.url.path}"
    message = f"{refused}: {ERRORS[code].meaning}"
    known = RequestError(message, code=code, hint="see /openapi.json for the routes")
    return answer_problem(known, dict(error.headers or {}))


_FRAMEWORK_CODES: Final[dict[int, str]] = {
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.BAD_REQUEST: "invalid_request",
}
