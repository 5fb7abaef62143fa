"""The conversations of the client with the service, without any I/O.

A conversation is a generator: it yields a `Send` (and is given the answer, or the transport's error) or a
`Pause`, and returns the outcome. `Client` and `AsyncClient` differ only in how they send and sleep.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar
from urllib.parse import urlencode
from uuid import uuid4

from assay.client.parts import cut, encode_items, merged, plain
from assay.client.problems import error_of_answer, error_of_transport, retry_after_s
from assay.errors import AssayError, RequestError, ServiceError

if TYPE_CHECKING:
    import httpx
    from pydantic import BaseModel

    from assay.client.retry import RetryPolicy
    from assay.contract import BatchResult, Detail, GroupQuestion, Item, Priority

__all__ = [
    "Answer",
    "Batches",
    "Conversation",
    "Pause",
    "Progress",
    "Reply",
    "Send",
    "Terms",
    "batch_bodies",
    "cancel",
    "grade",
    "submit",
    "upload_suite",
    "wait",
]

Outcome = TypeVar("Outcome")

POLL_S: Final = 30.0
"""How long the service may hold one poll: below the idle timeouts of common proxies, which start at 60 s."""
PROGRESS_POLL_S: Final = 1.0
"""The same where somebody wants to know how far it is."""

Progress: TypeAlias = Callable[[int, int], object]
"""Called with how many items have their result, and how many there are."""


@dataclass(frozen=True)
class Send:
    """Send this request."""

    method: str
    path: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Pause:
    """Sleep for so many seconds."""

    seconds: float


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: httpx.Headers
    body: bytes


Reply: TypeAlias = "Answer | httpx.TransportError | None"
"""What a conversation is given: after a `Send` the answer or the transport's error, after a `Pause` None."""
Conversation: TypeAlias = Generator[Send | Pause, Reply, Outcome]


@dataclass(frozen=True)
class Terms:
    """Under which terms a conversation is held."""

    url: str
    """The service, for error messages."""
    retry: RetryPolicy
    deadline_s: float
    """By the clock of `time.monotonic`: nothing is retried or awaited beyond it."""

    @property
    def left_s(self) -> float:
        """Seconds until the deadline, at least 0."""
        return max(0.0, self.deadline_s - time.monotonic())


@dataclass(frozen=True)
class Batches:
    """What is to be graded, as the bodies of one batch or of several."""

    bodies: Sequence[bytes]
    parts: Sequence[Sequence[int]]
    """The places of the items of each."""

    @property
    def only_body(self) -> bytes:
        """The body of a batch that has to be one.

        Raises:
            RequestError: it is too large.
        """
        if len(self.bodies) > 1:
            message = f"{sum(map(len, self.parts))} items are too many, or too large, for one batch"
            hint = "use `grade`, which makes several of it, or submit parts of it"
            raise RequestError(message, code="too_many_items", hint=hint)
        return self.bodies[0]


def batch_bodies(
    items: Iterable[Item | Mapping[str, Any]],
    detail: Detail | str,
    defaults: Mapping[str, Any] | None,
    *,
    suites: Mapping[str, Any] | None = None,
    reuse: bool = True,
    priority: Priority | str | None = None,
    deadline_s: float | None = None,
) -> Batches:
    """The bodies of the requests for a batch, or for several if it is too large for one.

    Plain ASCII JSON: a lone surrogate, which a tokenizer may leave in a completion, travels as its escape and
    is dealt with by the service instead of failing the whole batch here.
    """
    from assay.contract import Detail, Priority

    body: dict[str, Any] = {"detail": Detail(detail).value}
    if defaults:
        body["defaults"] = dict(defaults)
    if suites:
        body["suites"] = {name: plain(suite) for name, suite in suites.items()}
    if not reuse:
        body["reuse"] = False
    if priority is not None:
        body["priority"] = Priority(priority).value
    if deadline_s is not None:
        body["deadline_s"] = deadline_s
    rest = json.dumps(body, separators=(",", ":"))[1:]
    encoded = encode_items(items, defaults)
    parts = cut(encoded)
    texts = (",".join(encoded[place][1] for place in part) for part in parts)
    return Batches([f'{{"items":[{text}],{rest}'.encode("ascii") for text in texts], parts)


def upload_suite(suite: Mapping[str, Any] | BaseModel, terms: Terms) -> Conversation[str]:
    """Uploads a suite and returns its hash, by which items refer to it."""
    body = json.dumps(plain(suite), separators=(",", ":")).encode("ascii")
    sha256 = hashlib.sha256(body).hexdigest()
    yield from _call(Send("PUT", f"/v1/suites/{sha256}", body, {"Content-Type": "application/json"}), terms)
    return sha256


def submit(body: bytes, terms: Terms) -> Conversation[str]:
    """Posts a batch and returns its id. However often it is sent, it is admitted once."""
    headers = {"Content-Type": "application/json", "Idempotency-Key": uuid4().hex}
    answer = yield from _call(Send("POST", "/v1/batches", body, headers), terms)
    return str(json.loads(answer)["id"])


def wait(
    batch_id: str, terms: Terms, asked: GroupQuestion | None = None, progress: Progress | None = None
) -> Conversation[BatchResult]:
    """Polls until the batch has ended; its summary answers what is asked of its rollout groups.

    Raises:
        ServiceError: ``deadline_exceeded``, if it has not ended by the deadline; it goes on.
    """
    from assay.contract import BatchResult, BatchStatus

    while True:
        hold_s = min(POLL_S if progress is None else PROGRESS_POLL_S, terms.left_s)
        body = yield from _call(Send("GET", f"/v1/batches/{batch_id}?wait_s={hold_s:.3f}{_asking(asked)}"), terms)
        batch = BatchResult.model_validate_json(body)
        if progress is not None:
            progress(batch.done, batch.total)
        if batch.status is not BatchStatus.RUNNING:
            return batch
        if terms.left_s == 0:
            message = f"batch {batch_id} has {batch.done} of {batch.total} results at its deadline"
            raise ServiceError(message, code="deadline_exceeded", hint="give it a longer timeout_s")


def grade(
    batches: Batches, terms: Terms, asked: GroupQuestion | None = None, progress: Progress | None = None
) -> Conversation[BatchResult]:
    """Posts batches and waits for their end; if one fails or misses the deadline, all are cancelled."""
    ids: list[str] = []
    found: list[BatchResult] = []
    try:
        for body in batches.bodies:
            ids.append((yield from submit(body, terms)))  # noqa: PERF401 - no comprehension may yield
        for batch_id in ids:
            told = _after(progress, sum(batch.total for batch in found), sum(map(len, batches.parts)))
            found.append((yield from wait(batch_id, terms, asked, told)))
    except AssayError as error:
        if error.code == "deadline_exceeded" or len(batches.bodies) > 1:
            for batch_id in ids[len(found) :]:
                yield Send("DELETE", f"/v1/batches/{batch_id}")  # nobody will ask; its answer does not matter
        raise
    return merged(found, batches.parts)


def _after(progress: Progress | None, before: int, total: int) -> Progress | None:
    """What tells of a part as of the whole, of which ``before`` items are done."""
    return None if progress is None else lambda done, _: progress(before + done, total)


def cancel(batch_id: str, terms: Terms) -> Conversation[BatchResult]:
    """Cancels a batch and returns it: items without a result have the error ``cancelled``."""
    from assay.contract import BatchResult

    body = yield from _call(Send("DELETE", f"/v1/batches/{batch_id}"), terms)
    return BatchResult.model_validate_json(body)


def _call(send: Send, terms: Terms) -> Conversation[bytes]:
    """Sends a request until it is answered well, and returns the body.

    Raises:
        AssayError: the last error, once the retry policy or the deadline forbids another attempt.
    """
    attempt = 0
    while True:
        attempt += 1
        reply = yield send
        assert reply is not None
        if isinstance(reply, Answer):
            if reply.status < 400:
                return reply.body
            error = error_of_answer(reply.status, reply.body)
            status, asked_s = reply.status, retry_after_s(reply.headers)
        else:
            error, status, asked_s = error_of_transport(reply, terms.url), None, None
        pause_s = terms.retry.pause_s(attempt, asked_s)
        if not terms.retry.again(attempt, error, status) or pause_s > terms.left_s:
            raise error
        yield Pause(pause_s)


def _asking(asked: GroupQuestion | None) -> str:
    if asked is None:
        return ""
    given = [(name, value) for name, value in asked.model_dump().items() if name != "pass_at" and value is not None]
    return "&" + urlencode([("group_stats", "true"), *given, *(("pass_at", k) for k in asked.pass_at)])
