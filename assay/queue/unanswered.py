"""Batches whose callers were told to come again before they were done: the same request again finds its batch."""

from typing import Any

import redis.asyncio

from assay.queue.connection import redis_errors
from assay.queue.keys import Keys
from assay.settings import Settings

__all__ = ["Unanswered"]


class Unanswered:
    """Remembers them, by what was asked. Every method raises `QueueError` if Redis fails."""

    def __init__(self, client: redis.asyncio.Redis, settings: Settings) -> None:
        self._redis = client
        self._keys = Keys(settings.queue_name)

    async def leave(self, tenant: str, digest: str, batch_id: str, keep_s: float) -> None:
        """Leaves a batch behind for the next one who asks the same.

        Arguments:
            tenant: whose it is.
            digest: a hash of what was asked.
            batch_id: the batch.
            keep_s: for how many seconds it is of use.
        """
        key = self._keys.unanswered(tenant, digest)
        with redis_errors():
            async with self._redis.pipeline(transaction=True) as pipeline:
                pipeline.rpush(key, batch_id)
                pipeline.pexpire(key, int(keep_s * 1000))
                await pipeline.execute()

    async def take(self, tenant: str, digest: str) -> str | None:
        """The batch that was left behind first and that nobody has taken since; None if there is none."""
        with redis_errors():
            batch_id: Any = await self._redis.lpop(self._keys.unanswered(tenant, digest))
        return None if batch_id is None else batch_id.decode()
