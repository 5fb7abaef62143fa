"""``/v1/batches/{id}/results``: results as they finish, as NDJSON or as server-sent events.

A transfer that cannot go on (Redis is away, the server stops) is broken off in NDJSON, where a clean end means
the end of the batch, and ends with an ``error`` event in SSE. Either way the caller resumes at the number of
results it has.
"""

from collections.abc import AsyncIterator
from typing import Annotated, Final

import anyio
import orjson
import structlog
from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import StreamingResponse

from assay.errors import AssayError
from assay_service.answers import summarize
from assay_service.batches import find_batch, follow_results
from assay_service.callers import Caller, TheCaller
from assay_service.documents import RESULT_EXAMPLE, problem_answers
from assay_service.edge import Edge, TheEdge
from assay_service.problems import TransferBroken, describe_problem
from assay_service.routes.batches import BatchId

__all__ = ["router"]

NDJSON_TYPE: Final = "application/x-ndjson"
SSE_TYPE: Final = "text/event-stream"
MOST_RESULTS: Final = 2**31
_UNBUFFERED: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

_log = structlog.get_logger("assay.service")
router = APIRouter(tags=["batches"])


@router.get(
    "/v1/batches/{batch_id}/results",
    summary="Stream the results as they finish",
    response_class=Response,
    responses={
        200: {
            "description": "One `ItemResult` per line or per event `result`, in the order in which they finish.",
            "content": {
                NDJSON_TYPE: {"schema": {"type": "string"}, "example": orjson.dumps(RESULT_EXAMPLE).decode()},
                SSE_TYPE: {"schema": {"type": "string"}, "example": "id: 1\nevent: result\ndata: {}\n\n"},
            },
        },
        **problem_answers("batch_not_found", "invalid_request", "queue_unavailable", "unauthorized"),
    },
)
async def stream(
    request: Request,
    batch_id: BatchId,
    edge: TheEdge,
    caller: TheCaller,
    start: Annotated[
        int, Query(alias="from", ge=0, le=MOST_RESULTS, description="Results that the caller has already.")
    ] = 0,
    last_event_id: Annotated[
        int | None,
        Header(
            ge=0, le=MOST_RESULTS, description="The same for server-sent events, sent by browsers by themselves."
        ),
    ] = None,
) -> Response:
    """The results from the `from`-th on; ends with the batch.

    With `Accept: text/event-stream` they come as server-sent events, whose ids count the results, and a last
    event `end` carries the state and the summary. Blank lines and comments keep the connection alive.
    """
    await find_batch(edge, caller, batch_id)
    if SSE_TYPE in request.headers.get("accept", ""):
        events = _events(edge, caller, batch_id, start if last_event_id is None else last_event_id)
        return StreamingResponse(events, media_type=SSE_TYPE, headers=_UNBUFFERED)
    return StreamingResponse(_lines(edge, caller, batch_id, start), media_type=NDJSON_TYPE, headers=_UNBUFFERED)


async def _lines(edge: Edge, caller: Caller, batch_id: str, start: int) -> AsyncIterator[bytes]:
    try:
        async for results in follow_results(edge, caller, batch_id, start):
            yield b"\n".join((*results, b"")) if results else b"\n"
    except AssayError as error:
        _log.warning("stream_broken_off", code=error.code, batch=batch_id)
        raise TransferBroken from error


async def _events(edge: Edge, caller: Caller, batch_id: str, start: int) -> AsyncIterator[bytes]:
    position = start
    try:
        async for results in follow_results(edge, caller, batch_id, start):
            events = [
                _event(b"result", result, position + number) for number, result in enumerate(results, start=1)
            ]
            position += len(results)
            yield b"".join(events) or b": waiting\n\n"
        yield _event(b"end", await _end_of(edge, caller, batch_id), position)
    except AssayError as error:
        _log.warning("stream_broken_off", code=error.code, batch=batch_id)
        yield _event(b"error", describe_problem(error).model_dump_json(exclude_none=True).encode(), position)


def _event(kind: bytes, data: bytes, position: int) -> bytes:
    return b"id: %d\nevent: %b\ndata: %b\n\n" % (position, kind, data)


async def _end_of(edge: Edge, caller: Caller, batch_id: str) -> bytes:
    state = await find_batch(edge, caller, batch_id)
    results = [result for result in await edge.ledger.results(batch_id) if result is not None]
    summary = await anyio.to_thread.run_sync(summarize, state, results)
    head = {"id": state.batch_id, "status": state.status, "total": state.total, "done": state.done}
    return orjson.dumps({**head, "summary": summary.model_dump()})
