"""How a background task is ended."""

import asyncio
from typing import Any, Final

__all__ = ["end_task"]

PAUSE_S: Final = 0.1


async def end_task(task: "asyncio.Task[Any]") -> None:
    """Cancels a task until it ends; what it raises is not looked at.

    Once is not enough: a cancellation that arrives just as a reply of Redis does can be swallowed below us.
    Source: https://github.com/python/cpython/issues/86296
    """
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=PAUSE_S)
