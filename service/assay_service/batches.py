"""What the routes do with batches: submit one, wait for its end, follow its results."""

import re
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final, TypeVar

import anyio
import structlog
from fastapi import Request

from assay.contract import BatchStatus, GroupQuestion
from assay.errors import RequestError
from assay.queue.port import BatchState, NewBatch
from assay_service.admission import admit_batch, check_content_type, check_idempotency_key
from assay_service.answers import whole_answer
from assay_service.callers import Caller
from assay_service.edge import Edge
from assay_service.encoding import check_encoding, decode_body

__all__ = [
    "admit_body",
    "answer_batch",
    "batch_not_found",
    "find_batch",
    "follow_results",
    "read_json",
    "receive_json",
    "submit_batch",
    "wait_for_end",
]

KEEP_ALIVE_S: Final = 15.0
"""Proxies commonly close a connection that is silent for 60 s; half-dead callers are noticed this soon."""
PAGE: Final = 256
"""Results read from the ledger at a time."""

_BATCH_ID: Final = re.compile(r"[0-9a-f]{32}")
Read = TypeVar("Read")

_log = structlog.get_logger("assay.service")


@asynccontextmanager
async def receive_json(request: Request, edge: Edge) -> AsyncIterator[bytes | bytearray]:
    """The body of a request, decoded, for the length of a block.

    Raises:
        RequestError: it is no JSON by its name, or too large.
        ServiceError: too many bodies are being received.
    """
    check_content_type(request.headers.get("content-type"))
    encoding = check_encoding(request.headers.get("content-encoding"))
    body = await edge.receiver.receive(request)
    try:
        if encoding is None:
            yield body
        else:
            most_bytes = edge.settings.max_body_mb << 20
            yield await anyio.to_thread.run_sync(decode_body, body, encoding, most_bytes, limiter=edge.admissions)
    finally:
        edge.receiver.release(body)


async def read_json(request: Request, edge: Edge, read: Callable[[bytes | bytearray], Read]) -> Read:
    """What ``read`` makes of the body of a request, in a thread; the errors of both."""
    async with receive_json(request, edge) as body:
        return await anyio.to_thread.run_sync(read, body, limiter=edge.admissions)


async def submit_batch(request: Request, edge: Edge, caller: Caller) -> str:
    """Admits the batch in the request's body; returns its id, or that of an earlier request of the same key.

    Raises:
        RequestError: the request is no batch.
        ServiceError: it cannot be taken now.
    """
    key = check_idempotency_key(request.headers.get("idempotency-key"))
    async with receive_json(request, edge) as body:
        batch = await _read_batch(edge, caller, body, key)
    return await _admit(edge, caller, batch)


async def admit_body(edge: Edge, caller: Caller, body: bytes) -> str:
    """Admits a batch that was made of another request; the same errors."""
    batch = await _read_batch(edge, caller, body, None)
    return await _admit(edge, caller, batch)


async def _read_batch(edge: Edge, caller: Caller, body: bytes | bytearray, key: str | None) -> NewBatch:
    def fetch(sha256: str) -> bytes | None:
        return anyio.from_thread.run(edge.ledger.suites.get, caller.tenant.name, sha256)

    tenant, batch_id = caller.tenant.name, secrets.token_hex(16)
    return await anyio.to_thread.run_sync(
        admit_batch, body, batch_id, edge.terms, key, tenant, fetch, limiter=edge.admissions
    )


async def _admit(edge: Edge, caller: Caller, batch: NewBatch) -> str:
    batch_id = await edge.ledger.admit(batch, caller.tenant.quota)
    repeated = batch_id != batch.batch_id
    _log.info(
        "batch_admitted",
        batch=batch_id,
        tenant=caller.tenant.name,
        items=len(batch.ids),
        refused=len(batch.results),
        repeated=repeated,
    )
    return batch_id


def batch_not_found(batch_id: str) -> RequestError:
    """The error about an id that no batch has."""
    hint = "results are kept for `result_ttl_s` after a batch has ended"
    return RequestError(f"there is no batch '{batch_id}'", code="batch_not_found", hint=hint)


async def find_batch(edge: Edge, caller: Caller, batch_id: str) -> BatchState:
    """The state of a batch of the caller's.

    Raises:
        RequestError: ``batch_not_found``, also for a batch of another tenant.
    """
    state = await edge.ledger.state(batch_id) if _BATCH_ID.fullmatch(batch_id) else None
    if state is None or state.tenant != caller.tenant.name:
        raise batch_not_found(batch_id)
    return state


async def wait_for_end(edge: Edge, caller: Caller, batch_id: str, timeout_s: float) -> BatchState:
    """The state of a batch when it has ended, or after ``timeout_s``.

    Raises:
        RequestError: ``batch_not_found``.
        ServiceError: ``shutting_down``.
    """
    state = await find_batch(edge, caller, batch_id)
    if timeout_s > 0 and state.status == BatchStatus.RUNNING:
        latest = await edge.stopping.until(edge.ledger.wait(batch_id, state.total, timeout_s))
        if latest is None:
            raise batch_not_found(batch_id)
        state = latest
    return state


async def answer_batch(edge: Edge, state: BatchState, question: GroupQuestion | None = None) -> bytes:
    """The batch as JSON, with its results if it has ended, and statistics of its groups if they are asked for."""
    results = None if state.status == BatchStatus.RUNNING else await edge.ledger.results(state.batch_id)
    return await anyio.to_thread.run_sync(whole_answer, state, results, question)


async def follow_results(edge: Edge, caller: Caller, batch_id: str, start: int) -> AsyncIterator[list[bytes]]:
    """Results in the order in which they came, from the ``start``-th on, until the batch has ended.

    Yields what has come since the last time; nothing in it when nothing came for `KEEP_ALIVE_S`.

    Raises:
        RequestError: ``batch_not_found``.
        ServiceError: ``shutting_down``, or Redis is away.
    """
    position = start
    while True:
        # The state is read first: what an ended batch has logged is then complete.
        state = await find_batch(edge, caller, batch_id)
        entries = await edge.ledger.log(batch_id, position, PAGE)
        if entries:
            position += len(entries)
            yield [result for _, result in entries]
            continue
        if state.status != BatchStatus.RUNNING:
            return
        latest = await edge.stopping.until(edge.ledger.wait(batch_id, position, KEEP_ALIVE_S))
        if latest is not None and latest.done <= position:
            yield []
