"""The client for ordinary code: every call blocks until it is answered."""

from __future__ import annotations

import time
from math import inf
from typing import TYPE_CHECKING, Any, Self, TypeVar

from assay.client import conversation
from assay.client.conversation import Answer, Conversation, Pause, Progress, Reply, Terms, batch_bodies
from assay.client.keys import key_headers
from assay.client.retry import RetryPolicy
from assay.client.stream import STREAM_IDLE_S, ResultStream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from types import TracebackType

    import httpx
    from pydantic import BaseModel

    from assay.contract import BatchResult, Detail, GroupQuestion, Item, ItemResult, Priority

__all__ = ["Client"]

Outcome = TypeVar("Outcome")


class Client:
    """Has completions rewarded by an Assay service. One client may be shared by threads.

    Every method raises an error of `assay.errors`: a `RequestError` if the request is at fault, a
    `ServiceError` if the service is and retrying did not help. Both carry ``code`` and ``hint``.

    Arguments:
        url: the service; with ``/t/KEY`` at its end it needs no ``api_key``.
        api_key: the tenant's key; by default what the environment variable ``ASSAY_API_KEY`` holds, if anything.
        retry: how patient the client is.
        headers: sent with every request.
        transport: how httpx sends requests.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:8000",
        *,
        api_key: str | None = None,
        retry: RetryPolicy = RetryPolicy(),  # noqa: B008 - a frozen value
        headers: Mapping[str, str] | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        import httpx

        self._url = url
        self._retry = retry
        self._http = httpx.Client(
            base_url=url, headers=key_headers(api_key, headers), transport=transport, timeout=STREAM_IDLE_S
        )

    def grade(
        self,
        items: Iterable[Item | Mapping[str, Any]],
        *,
        detail: Detail | str = "none",
        defaults: Mapping[str, Any] | None = None,
        suites: Mapping[str, Any] | None = None,
        reuse: bool = True,
        priority: Priority | str | None = None,
        deadline_s: float | None = None,
        timeout_s: float = inf,
        groups: GroupQuestion | None = None,
        progress: Progress | None = None,
    ) -> BatchResult:
        """Grades a batch and waits for it; one that is too large travels as several, cut between rollout groups.

        Arguments:
            items: what to grade; an item that is malformed gets an error, the others their reward.
            detail: how much of each test comes back.
            defaults: merged under every item.
            suites: suites by the names that items refer to.
            reuse: whether what the same program was judged by the same tests before may be taken over.
            priority: what it is served as among the caller's batches; by default small ones come first.
            deadline_s: seconds after which what is not graded gets the error ``deadline_exceeded``.
            timeout_s: seconds after which the batch is cancelled.
            groups: what the summary is to say of rollout groups, if anything.
            progress: called about every second with how many items have their result, and how many there are; such
                as `lambda done, total: print(done, total)`, or what a notebook's progress bar takes.

        Returns:
            The batch with its results in the order of ``items``.

        Raises:
            RequestError: the request as a whole is refused.
            ServiceError: ``deadline_exceeded`` after ``timeout_s``, or the service failed.
        """
        batches = batch_bodies(
            items, detail, defaults, suites=suites, reuse=reuse, priority=priority, deadline_s=deadline_s
        )
        return self._hold(conversation.grade(batches, self._terms(timeout_s), groups, progress))

    def submit(
        self,
        items: Iterable[Item | Mapping[str, Any]],
        *,
        detail: Detail | str = "none",
        defaults: Mapping[str, Any] | None = None,
        suites: Mapping[str, Any] | None = None,
        reuse: bool = True,
        priority: Priority | str | None = None,
        deadline_s: float | None = None,
    ) -> str:
        """Has a batch admitted, with the arguments of `grade`, and returns its id at once."""
        batches = batch_bodies(
            items, detail, defaults, suites=suites, reuse=reuse, priority=priority, deadline_s=deadline_s
        )
        return self._hold(conversation.submit(batches.only_body, self._terms()))

    def upload_suite(self, suite: Mapping[str, Any] | BaseModel) -> str:
        """Uploads a suite, or the row of a dataset, once for many batches; repeating it keeps it longer.

        Returns:
            Its hash: items have ``"tests": {"kind": "shared", "sha256": …}`` in its place.
        """
        return self._hold(conversation.upload_suite(suite, self._terms()))

    def wait(
        self,
        batch_id: str,
        *,
        timeout_s: float = inf,
        groups: GroupQuestion | None = None,
        progress: Progress | None = None,
    ) -> BatchResult:
        """Waits until a batch has ended.

        Raises:
            RequestError: ``batch_not_found``.
            ServiceError: ``deadline_exceeded`` after ``timeout_s``; the batch goes on.
        """
        return self._hold(conversation.wait(batch_id, self._terms(timeout_s), groups, progress))

    def cancel(self, batch_id: str) -> BatchResult:
        """Cancels a batch; items without a result get the error ``cancelled``."""
        return self._hold(conversation.cancel(batch_id, self._terms()))

    def stream(self, batch_id: str, *, start: int = 0) -> Iterator[ItemResult]:
        """Yields results as they finish, each once, until the batch has ended; resumes after a lost connection.

        Arguments:
            batch_id: the batch.
            start: how many results to skip, because they were seen earlier.
        """
        import httpx

        stream = ResultStream(self._url, batch_id, start, self._retry)
        while True:
            try:
                with self._http.stream("GET", stream.path) as response:
                    if response.status_code < 400:
                        for chunk in response.iter_bytes():
                            yield from stream.feed(chunk)
                        return
                    pause_s = stream.pause_after_answer_s(response.status_code, response.read())
            except httpx.TransportError as error:
                pause_s = stream.pause_after_loss_s(error)
            time.sleep(pause_s)

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _terms(self, timeout_s: float = inf) -> Terms:
        return Terms(self._url, self._retry, time.monotonic() + timeout_s)

    def _hold(self, talk: Conversation[Outcome]) -> Outcome:
        import httpx

        reply: Reply = None
        while True:
            try:
                step = talk.send(reply)
            except StopIteration as end:
                outcome: Outcome = end.value
                return outcome
            if isinstance(step, Pause):
                time.sleep(step.seconds)
                reply = None
                continue
            try:
                answer = self._http.request(step.method, step.path, content=step.body, headers=step.headers)
                reply = Answer(answer.status_code, answer.headers, answer.content)
            except httpx.TransportError as error:
                reply = error
