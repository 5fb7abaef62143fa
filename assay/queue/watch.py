"""One subscription per process to the progress of all batches, shared by everyone who waits for one.

Workers publish the id of a batch whenever something happened to it. A task reads these ids and sets the events
of those who wait. When the connection is lost it wakes everyone, for something may have been missed, and
subscribes anew; until then the waiters' own polling carries them.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import redis.asyncio
import structlog
from redis.exceptions import RedisError

from assay.queue.tasks import end_task

__all__ = ["Watch"]

SILENCE_S: Final = 10.0
"""How long the task reads before it looks whether it is still subscribed."""
PAUSE_S: Final = 0.5
"""Between two attempts to subscribe."""

_log = structlog.get_logger(__name__)


class Watch:
    """Tells waiters that there is news of a batch."""

    def __init__(self, client: redis.asyncio.Redis, channel: str) -> None:
        self._redis = client
        self._channel = channel
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None
        self._subscribed = asyncio.Event()

    async def start(self) -> None:
        """Subscribes; returns when the subscription stands, or after ten seconds without one."""
        self._ensure_task()
        try:
            async with asyncio.timeout(SILENCE_S):
                await self._subscribed.wait()
        except TimeoutError:
            _log.warning("progress_not_subscribed")

    async def stop(self) -> None:
        """Ends the subscription; those who wait fall back to polling."""
        if self._task is None:
            return
        await end_task(self._task)
        self._task = None

    @contextmanager
    def news_of(self, batch_id: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever something happens to the batch, as long as the context lasts."""
        self._ensure_task()
        news = asyncio.Event()
        self._waiting[batch_id].add(news)
        try:
            yield news
        finally:
            self._waiting[batch_id].discard(news)
            if not self._waiting[batch_id]:
                del self._waiting[batch_id]

    def _ensure_task(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._follow(), name="assay-watch")

    async def _follow(self) -> None:
        while True:
            try:
                await self._read()
            except RedisError as error:
                _log.warning("progress_lost", error=str(error))
            self._subscribed.clear()
            self._wake_all()
            await asyncio.sleep(PAUSE_S)

    async def _read(self) -> None:
        async with self._redis.pubsub() as pubsub:
            await pubsub.subscribe(self._channel)
            while True:
                message = await pubsub.get_message(timeout=SILENCE_S)
                match message:
                    case {"type": "subscribe"}:
                        self._subscribed.set()
                        self._wake_all()
                    case {"type": "message", "data": bytes(data)}:
                        for news in self._waiting.get(data.decode(), ()):
                            news.set()
                    case None:
                        await pubsub.ping()

    def _wake_all(self) -> None:
        for waiters in self._waiting.values():
            for news in waiters:
                news.set()
