"""Holds a request of another service's client until it is answered, or until that client would give up.

Such a client has no word for "unknown": what it takes for an answer becomes a reward. So whatever is not the
request's own fault is tried again here, as long as its client waits, and is at last ``deadline_exceeded`` (504),
which those clients ask again for that ask again at all. The batch goes on meanwhile; the same request finds it.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import anyio
import structlog
from fastapi import Request

from assay.contract import ItemResult
from assay.errors import AssayError, QueueError, RequestError, ServiceError
from assay_service.batches import admit_body, batch_not_found
from assay_service.callers import Caller
from assay_service.edge import Edge
from assay_service.problems import BatchUnfinished
from assay_service.waiting import wait_for_caller

__all__ = ["hold"]

KEEP_S: Final = 120.0
"""How long a batch waits for its caller to come again; those clients do after seconds."""
PAUSE_S: Final = 0.5
"""Between two attempts."""
MOST_PAUSE_S: Final = 2.0
"""However long an error asks for: others would take the place that has become free meanwhile."""

_log = structlog.get_logger("assay.service")


@dataclass(frozen=True)
class _Hold:
    """A request that is being held."""

    request: Request
    edge: Edge
    caller: Caller
    until_s: float
    """When its client gives up, by the clock of the event loop."""

    @property
    def left_s(self) -> float:
        """How long that is from now; 0 if it is past."""
        return max(self.until_s - anyio.current_time(), 0.0)


async def hold(
    request: Request, edge: Edge, caller: Caller, batch: Mapping[str, Any], answer_s: float | None = None
) -> list[ItemResult]:
    """The results of a batch that was made of another service's request, in order, each with a reward.

    Arguments:
        request: what the caller waits for.
        edge: the service.
        caller: who it is.
        batch: the batch, as `POST /v1/rewards` takes it.
        answer_s: how soon the client must have an answer; at most, and by default, `rewards_timeout_s`.

    Raises:
        RequestError: it is no batch, or an item cannot be judged and asking again will not help.
        ServiceError: ``deadline_exceeded``; asking again may help.
    """
    most_s = edge.settings.rewards_timeout_s
    held = _Hold(request, edge, caller, anyio.current_time() + min(answer_s or most_s, most_s))
    items = list(batch["items"])
    found: dict[int, ItemResult] = {}
    while missing := [place for place in range(len(items)) if place not in found]:
        results = await _attempt(held, {**batch, "items": [items[place] for place in missing]})
        failed: AssayError | None = None
        for place, result in zip(missing, results, strict=True):
            if result.error is None:
                found[place] = result.model_copy(update={"index": place})
            else:
                failed = _error_of(result)
                if not failed.retryable:
                    raise failed
        if failed is not None:
            await _pause(held, failed)
    return [found[place] for place in range(len(items))]


def _error_of(result: ItemResult) -> AssayError:
    error = result.error
    assert error is not None
    kind = ServiceError if error.retryable else RequestError
    message = f"item {result.id!r}: {error.message}"
    return kind(message, code=error.code, hint=error.hint or "", path=error.path or "")


async def _attempt(held: _Hold, asked: Mapping[str, Any]) -> list[ItemResult]:
    """The results of one batch, with or without rewards; of another one, if Redis comes back without it."""
    body, digest = await anyio.to_thread.run_sync(_encoded, asked, held.left_s, limiter=held.edge.admissions)
    batch_id: str | None = None
    while True:
        try:
            batch_id = batch_id or await _joined_or_admitted(held, body, digest)
            await wait_for_caller(held.request, held.edge, held.caller, batch_id, held.left_s)
            results = await held.edge.ledger.results(batch_id)
            if not results:  # gone since the wait has ended
                raise batch_not_found(batch_id)
            return [ItemResult.model_validate_json(result) for result in results if result is not None]
        except BatchUnfinished as error:
            await _leave(held, digest, error.batch_id)
            raise BatchUnfinished(error.message, code="deadline_exceeded", batch_id=error.batch_id) from error
        except AssayError as error:
            if error.code == "batch_not_found":
                batch_id = None
            elif not error.retryable:
                raise
            await _pause(held, error)


def _encoded(asked: Mapping[str, Any], left_s: float) -> tuple[bytes, str]:
    """The body of a batch, and a digest of what is asked whenever it is asked."""
    text = json.dumps(asked)
    return f'{{"deadline_s": {left_s + KEEP_S}, {text[1:]}'.encode(), hashlib.sha256(text.encode()).hexdigest()


async def _joined_or_admitted(held: _Hold, body: bytes, digest: str) -> str:
    """The batch that was left behind by who asked the same before, or a new one."""
    ledger = held.edge.ledger
    batch_id = await ledger.unanswered.take(held.caller.tenant.name, digest)
    if batch_id is not None and await ledger.state(batch_id) is not None:
        return batch_id
    return await admit_body(held.edge, held.caller, body)


async def _pause(held: _Hold, error: AssayError) -> None:
    """Waits before the next attempt.

    Raises:
        ServiceError: ``deadline_exceeded``, there is no time for one.
    """
    late = ServiceError(
        f"it could not be judged in time, at last for {error.code!r}: {error.message}",
        code="deadline_exceeded",
        hint="send the same again",
    )
    if held.left_s <= PAUSE_S:
        raise late from error
    pause_s = min(error.retry_after_s or PAUSE_S, MOST_PAUSE_S, held.left_s / 2)
    try:
        await held.edge.stopping.until(anyio.sleep(pause_s))
    except ServiceError as stopping:
        raise late from stopping


async def _leave(held: _Hold, digest: str, batch_id: str) -> None:
    try:
        await held.edge.ledger.unanswered.leave(held.caller.tenant.name, digest, batch_id, KEEP_S)
    except QueueError as error:
        _log.warning("batch_not_left", batch=batch_id, code=error.code, error=error.message)
