"""``/v1/suites``: test suites that are sent once and referred to by many batches."""

import hashlib
from typing import Annotated

import anyio
from fastapi import APIRouter, Path, Request, Response, status

from assay.contract.shared import SuiteReceipt
from assay.errors import RequestError
from assay_service.batches import receive_json
from assay_service.callers import TheCaller
from assay_service.documents import SUITE_BODY, json_answer, problem_answers
from assay_service.edge import TheEdge
from assay_service.uploads import check_suite

__all__ = ["router"]

router = APIRouter(tags=["suites"])
Hash = Annotated[
    str, Path(pattern="^[0-9a-f]{64}$", description="SHA-256 of the body (decoded), in lower-case hexadecimal.")
]
_EXAMPLE = SuiteReceipt(sha256="ab" * 32, size_bytes=4096, expires_in_s=604_800).model_dump()
_RECEIPT = json_answer("The suite is kept.", "SuiteReceipt", _EXAMPLE)


@router.put(
    "/v1/suites/{sha256}",
    summary="Upload a suite",
    openapi_extra=SUITE_BODY,
    responses={
        200: _RECEIPT,
        201: {**_RECEIPT, "description": "The suite is kept, and is new."},
        **problem_answers(
            "invalid_json",
            "invalid_encoding",
            "invalid_request",
            "body_too_large",
            "unsupported_media_type",
            "queue_full",
            "queue_unavailable",
            "unauthorized",
        ),
    },
)
async def upload(
    request: Request, sha256: Hash, edge: TheEdge, caller: TheCaller, answer: Response
) -> SuiteReceipt:
    """Keeps a suite, or the row of a dataset, for items whose `tests` are `{"kind": "shared", "sha256": …}`.

    Sending it again keeps it longer; so does every batch that refers to it.
    """
    async with receive_json(request, edge) as body:
        await anyio.to_thread.run_sync(_check, body, sha256, limiter=edge.admissions)
        is_new = await edge.ledger.suites.put(caller.tenant.name, sha256, bytes(body))
        answer.status_code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return SuiteReceipt(sha256=sha256, size_bytes=len(body), expires_in_s=edge.settings.suite_ttl_s)


@router.get(
    "/v1/suites/{sha256}",
    summary="Whether a suite is kept",
    responses={
        200: _RECEIPT,
        **problem_answers("suite_not_found", "invalid_request", "queue_unavailable", "unauthorized"),
    },
)
async def look(sha256: Hash, edge: TheEdge, caller: TheCaller) -> SuiteReceipt:
    """Size and remaining time; asking keeps nothing longer."""
    size_bytes, left_s = await edge.ledger.suites.look(caller.tenant.name, sha256)
    if not size_bytes:
        raise _not_found(sha256)
    return SuiteReceipt(sha256=sha256, size_bytes=size_bytes, expires_in_s=left_s)


@router.delete(
    "/v1/suites/{sha256}",
    summary="Forget a suite",
    status_code=status.HTTP_204_NO_CONTENT,
    responses={
        204: {"description": "The suite is forgotten.", "content": {}},
        **problem_answers("suite_not_found", "invalid_request", "queue_unavailable", "unauthorized"),
    },
)
async def forget(sha256: Hash, edge: TheEdge, caller: TheCaller) -> None:
    """Batches that are admitted keep their copy."""
    if not await edge.ledger.suites.delete(caller.tenant.name, sha256):
        raise _not_found(sha256)


def _check(body: bytes | bytearray, sha256: str) -> None:
    """Raises what is wrong with an uploaded suite."""
    if (real := hashlib.sha256(body).hexdigest()) != sha256:
        hint = "hash the bytes that you send, before any compression"
        raise RequestError(f"the body's SHA-256 is {real}", path="sha256", hint=hint)
    check_suite(body)


def _not_found(sha256: str) -> RequestError:
    hint = f"send it to PUT /v1/suites/{sha256}"
    return RequestError("no suite of this hash is uploaded", code="suite_not_found", hint=hint)
