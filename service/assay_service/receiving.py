"""Receives request bodies within bounds: per request, and for all requests that are being received together."""

from typing import Final

from fastapi import Request

from assay.errors import RequestError, ServiceError

__all__ = ["BodyReceiver"]

BODIES_AT_ONCE: Final = 4
"""Bodies of full size that may be held at one time; what is beyond is asked to come again."""


class BodyReceiver:
    """Receives bodies of at most ``max_bytes`` each, and a few times as much in all."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._held_bytes = 0

    async def receive(self, request: Request) -> bytearray:
        """The body of ``request``; give it back with `release` when it is read.

        What is too large is read on for as much again and dropped, so that a caller who sends before listening
        sees the answer instead of a broken connection.

        Raises:
            RequestError: ``body_too_large``.
            ServiceError: ``queue_full``, when too many bodies are being received already.
        """
        body = bytearray()
        try:
            await self._fill(body, request)
        except BaseException:
            self.release(body)
            raise
        return body

    def release(self, body: bytearray) -> None:
        """Forgets a body that `receive` gave."""
        self._held_bytes -= len(body)

    async def _fill(self, body: bytearray, request: Request) -> None:
        dropped_bytes = 0
        async for chunk in request.stream():
            if dropped_bytes or len(body) + len(chunk) > self._max_bytes:
                dropped_bytes += len(chunk)
            else:
                self._hold(len(chunk))
                body += chunk
            if dropped_bytes > self._max_bytes:
                break
        if dropped_bytes:
            raise self._too_large()

    def _hold(self, size: int) -> None:
        if self._held_bytes + size > BODIES_AT_ONCE * self._max_bytes:
            raise ServiceError("too many bodies are being received", code="queue_full")
        self._held_bytes += size

    def _too_large(self) -> RequestError:
        bound = f"{self._max_bytes >> 20} MiB (`max_body_mb`)"
        return RequestError(
            f"the body is larger than {bound}", code="body_too_large", hint="send several smaller batches"
        )
