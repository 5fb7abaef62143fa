"""Ends what is not graded by its deadline: every service looks, each second, for batches that are due.

What is recorded is recorded once, so that any number of services may look. A deadline is met by the server's clock.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Awaitable, Mapping
from typing import Any, Final, cast

import redis.asyncio
import structlog

from assay.errors import AssayError, QueueError, ServiceError
from assay.queue import scripts
from assay.queue.answers import error_result, parse_names
from assay.queue.connection import redis_errors
from assay.queue.keys import Keys
from assay.queue.tasks import end_task
from assay.settings import Settings

__all__ = ["DeadlineKeeper", "group_deadlines"]

LOOK_S: Final = 0.5
PIECE: Final = 1000
"""Results recorded by one command."""

_log = structlog.get_logger(__name__)


def group_deadlines(deadlines_s: Mapping[int, float]) -> str:
    """Deadlines as the ledger keeps them: JSON of pairs of seconds and the indices that end then, soonest first."""
    by_time: defaultdict[float, list[int]] = defaultdict(list)
    for index, seconds in deadlines_s.items():
        by_time[seconds].append(index)
    return json.dumps(sorted(by_time.items()), separators=(",", ":"))


class DeadlineKeeper:
    """A task that records `deadline_exceeded` for items that have no result at their deadline."""

    def __init__(self, client: redis.asyncio.Redis, settings: Settings) -> None:
        self._redis = client
        self._keys = Keys(settings.queue_name)
        self._ttl_s = settings.result_ttl_s
        self._record = client.register_script(scripts.RECORD)
        self._due = client.register_script(scripts.DUE)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to look."""
        self._task = asyncio.create_task(self._keep(), name="assay-deadlines")

    async def stop(self) -> None:
        """Ends the task."""
        if self._task is not None:
            await end_task(self._task)
            self._task = None

    async def look(self) -> None:
        """Ends what is due now.

        Raises:
            QueueError: Redis failed; what was not recorded is due the next time.
        """
        with redis_errors():
            now_s, *batches = await self._due(keys=[self._keys.deadlines])
            for batch_id in batches:
                await self._end_due(batch_id.decode(), float(now_s))

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                await self.look()
            except QueueError as error:
                _log.warning("deadlines_not_kept", code=error.code, error=error.message)
            except Exception:  # noqa: BLE001 - the task's boundary: one batch must not end it for all others
                _log.exception("deadlines_not_kept", code="internal")

    async def _end_due(self, batch_id: str, now_s: float) -> None:
        batch = self._keys.batch(batch_id)
        fields = ("status", "created_s", "deadlines")
        meta = await cast("Awaitable[list[bytes | None]]", self._redis.hmget(batch.meta, fields))
        names = await cast("Awaitable[bytes | None]", self._redis.get(batch.names))
        if meta[0] != b"running" or meta[1] is None or names is None:
            await self._redis.zrem(self._keys.deadlines, batch_id)
            return
        created_s = float(meta[1])
        groups: list[tuple[float, list[int]]] = json.loads(meta[2] or b"[]")
        due = [index for seconds, indices in groups if created_s + seconds <= now_s for index in indices]
        await self._record_due(batch_id, due, parse_names(names))
        later = [created_s + seconds for seconds, _ in groups if created_s + seconds > now_s]
        if later:
            await self._redis.zadd(self._keys.deadlines, {batch_id: later[0]})
        else:
            await self._redis.zrem(self._keys.deadlines, batch_id)

    async def _record_due(self, batch_id: str, due: list[int], names: list[Any]) -> None:
        error: AssayError = ServiceError(
            "the item was not graded by its deadline",
            code="deadline_exceeded",
            hint="give it a longer 'deadline_s'",
        )
        batch = self._keys.batch(batch_id)
        open_items = {int(index) for index in await cast("Awaitable[list[bytes]]", self._redis.hkeys(batch.items))}
        late = [index for index in due if index in open_items]
        keys = (*batch.all, self._keys.queued, *self._keys.sharing)
        for start in range(0, len(late), PIECE):
            arguments: list[Any] = [batch_id, self._keys.progress, self._ttl_s, 0]
            for index in late[start : start + PIECE]:
                arguments += (index, error_result(names[index], index, error))
            await self._record(keys=keys, args=arguments)
        if late:
            _log.warning("deadline_exceeded", batch=batch_id, items=len(late))
