"""Turns what a failed request left behind into the typed errors of `assay.errors`.

The service answers every error with a problem document (RFC 9457) that carries a code of the error table.
What is no such document comes from a proxy, or from something that is not Assay, and says so.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from assay.errors import ERRORS, AssayError, Fault, QueueError, RequestError, SandboxError, ServiceError

if TYPE_CHECKING:
    import httpx

__all__ = ["error_of_answer", "error_of_transport", "retry_after_s"]


def error_of_answer(status: int, body: bytes) -> AssayError:
    """The error an HTTP answer stands for.

    Arguments:
        status: the HTTP status, 400 or above.
        body: the body; a problem document, if Assay itself answered.
    """
    problem = _parse_object(body)
    message = str(problem.get("detail") or problem.get("title") or f"the service answered {status}")
    code = str(problem.get("code", ""))
    if code not in ERRORS:
        # Not a code this client knows: a proxy, or a newer service. Only the status tells whose doing it was.
        code = "unreachable" if status >= 500 or status == 429 else "invalid_request"
        message = f"{message} (HTTP {status})"
    kind = _kind_of(code)
    return kind(message, code=code, hint=str(problem.get("hint") or ""), path=str(problem.get("path") or ""))


def error_of_transport(error: httpx.TransportError, url: str) -> ServiceError:
    """The error of a request that got no answer."""
    reason = str(error) or type(error).__name__
    url = re.sub(r"/t/[^/]+", "/t/***", url)  # messages are pasted into reports
    hint = "see that `assay up` runs there and that the address is right"
    return ServiceError(f"{url} gives no answer: {reason}", code="unreachable", hint=hint)


def retry_after_s(headers: httpx.Headers) -> float | None:
    """What `Retry-After` asks for in seconds; None if it is absent or a date."""
    text = headers.get("retry-after", "")
    return float(text) if text.isascii() and text.isdigit() else None


def _parse_object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:  # also what is not UTF-8
        return {}
    return value if isinstance(value, dict) else {}


def _kind_of(code: str) -> type[AssayError]:
    if ERRORS[code].fault is Fault.CALLER:
        return RequestError
    if code.startswith("queue_"):
        return QueueError
    return SandboxError if code.startswith("sandbox_") else ServiceError
