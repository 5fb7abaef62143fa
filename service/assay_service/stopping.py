"""Lets a stopping server end the requests that wait: a long poll must not hold up a restart for an hour."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from assay.errors import ServiceError
from assay.queue.tasks import end_task

__all__ = ["Stopping"]

Value = TypeVar("Value")


class Stopping:
    """A flag that is raised once, when the server begins to stop."""

    def __init__(self) -> None:
        self._raised = asyncio.Event()

    def begin(self) -> None:
        """Ends all waits, now and from now on."""
        self._raised.set()

    async def until(self, work: Coroutine[Any, Any, Value]) -> Value:
        """The value of ``work``.

        Raises:
            ServiceError: ``shutting_down``, if the server stops first; the work is then cancelled.
        """
        task = asyncio.ensure_future(work)
        stop = asyncio.ensure_future(self._raised.wait())
        try:
            await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise ServiceError(code="shutting_down")
            return task.result()
        finally:
            await end_task(stop)
            await end_task(task)
