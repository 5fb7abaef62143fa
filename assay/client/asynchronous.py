"""The client for asyncio code, method by method like `assay.client.blocking.Client`."""

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
    from collections.abc import AsyncIterator, Iterable, Mapping
    from types import TracebackType

    import httpx
    from pydantic import BaseModel

    from assay.contract import BatchResult, Detail, GroupQuestion, Item, ItemResult, Priority

__all__ = ["AsyncClient"]

Outcome = TypeVar("Outcome")


class AsyncClient:
    """Has completions rewarded by an Assay service, from within an event loop.

    Arguments, results and errors are those of `Client`, where they are described.
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:8000",
        *,
        api_key: str | None = None,
        retry: RetryPolicy = RetryPolicy(),  # noqa: B008 - a frozen value
        headers: Mapping[str, str] | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        import httpx

        self._url = url
        self._retry = retry
        self._http = httpx.AsyncClient(
            base_url=url, headers=key_headers(api_key, headers), transport=transport, timeout=STREAM_IDLE_S
        )

    async def grade(
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
        """Grades a batch and waits for it; it is cancelled after ``timeout_s`` seconds."""
        batches = batch_bodies(
            items, detail, defaults, suites=suites, reuse=reuse, priority=priority, deadline_s=deadline_s
        )
        return await self._hold(conversation.grade(batches, self._terms(timeout_s), groups, progress))

    async def submit(
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
        """Has a batch admitted and returns its id at once."""
        batches = batch_bodies(
            items, detail, defaults, suites=suites, reuse=reuse, priority=priority, deadline_s=deadline_s
        )
        return await self._hold(conversation.submit(batches.only_body, self._terms()))

    async def upload_suite(self, suite: Mapping[str, Any] | BaseModel) -> str:
        """Uploads a suite, see `Client.upload_suite`."""
        return await self._hold(conversation.upload_suite(suite, self._terms()))

    async def wait(
        self,
        batch_id: str,
        *,
        timeout_s: float = inf,
        groups: GroupQuestion | None = None,
        progress: Progress | None = None,
    ) -> BatchResult:
        """Waits until a batch has ended, at most ``timeout_s`` seconds."""
        return await self._hold(conversation.wait(batch_id, self._terms(timeout_s), groups, progress))

    async def cancel(self, batch_id: str) -> BatchResult:
        """Cancels a batch; items without a result get the error ``cancelled``."""
        return await self._hold(conversation.cancel(batch_id, self._terms()))

    async def stream(self, batch_id: str, *, start: int = 0) -> AsyncIterator[ItemResult]:
        """Yields results as they finish, each once, from position ``start`` until the batch has ended."""
        from asyncio import sleep

        import httpx

        stream = ResultStream(self._url, batch_id, start, self._retry)
        while True:
            try:
                async with self._http.stream("GET", stream.path) as response:
                    if response.status_code < 400:
                        async for chunk in response.aiter_bytes():
                            for result in stream.feed(chunk):
                                yield result
                        return
                    pause_s = stream.pause_after_answer_s(response.status_code, await response.aread())
            except httpx.TransportError as error:
                pause_s = stream.pause_after_loss_s(error)
            await sleep(pause_s)

    async def close(self) -> None:
        """Closes the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def _terms(self, timeout_s: float = inf) -> Terms:
        return Terms(self._url, self._retry, time.monotonic() + timeout_s)

    async def _hold(self, talk: Conversation[Outcome]) -> Outcome:
        from asyncio import sleep

        import httpx

        reply: Reply = None
        while True:
            try:
                step = talk.send(reply)
            except StopIteration as end:
                outcome: Outcome = end.value
                return outcome
            if isinstance(step, Pause):
                await sleep(step.seconds)
                reply = None
                continue
            try:
                answer = await self._http.request(step.method, step.path, content=step.body, headers=step.headers)
                reply = Answer(answer.status_code, answer.headers, answer.content)
            except httpx.TransportError as error:
                reply = error
