"""The ledger as the service sees it: admit batches, follow them, read their results. Asynchronous.

A batch is admitted in two steps: payloads are staged in pieces under keys that expire, then one script checks
the limits and makes the batch, its counters and its RQ jobs appear at once. What was staged for a batch that
is refused, or whose service died in between, vanishes by itself.
"""

import asyncio
import hashlib
import json
import time
from collections.abc import Awaitable, Iterator, Mapping
from itertools import islice
from typing import Any, Final, Self, cast

import redis.asyncio

from assay.contract import BatchStatus, FlagReport
from assay.errors import AssayError, QueueError, RequestError
from assay.queue import scripts
from assay.queue.answers import dump_names, error_result, parse_names
from assay.queue.bounds import Bound, bounds_of, queue_full, rate_exceeded
from assay.queue.connection import close_async, connect, connect_async, redis_errors
from assay.queue.deadlines import DeadlineKeeper, group_deadlines
from assay.queue.engine import job_fields, job_of, line_queue, stems
from assay.queue.keys import BatchKeys, Keys
from assay.queue.port import BatchState, NewBatch, QueueDepth, Quota, Shard
from assay.queue.sharing import credit_s
from assay.queue.sightings import flag_report
from assay.queue.suite_store import SuiteStore
from assay.queue.unanswered import Unanswered
from assay.queue.watch import Watch
from assay.settings import Settings

__all__ = ["AsyncLedger"]

STAGED_S: Final = 600
"""How long staged payloads wait for their admission, which follows at once."""
PIECE: Final = 1000
"""Fields of one command, so that no command keeps the server from the others for long."""
FILL: Final = 0.8
"""The share of Redis' memory that payloads and results may take. A full Redis refuses also what would free memory,
such as taking a job."""
LEAST_WORK_S: Final = 0.001
"""Of an item of which nothing is known."""
POLL_S: Final = 1.0
"""A published message can be lost with its connection; a waiter looks for itself this often."""


class AsyncLedger:
    """Admits batches and reads them back.

    Every method raises `QueueError` if Redis cannot be reached or refuses a write.
    """

    def __init__(self, client: redis.asyncio.Redis, settings: Settings) -> None:
        self._redis = client
        self._settings = settings
        self._keys = Keys(settings.queue_name)
        # RQ builds its jobs around a synchronous client. This one only lends its name and never connects.
        self._lent = connect(settings)
        self._stems = stems(settings.queue_name)
        self._watch = Watch(client, self._keys.progress)
        self._deadlines = DeadlineKeeper(client, settings)
        self.suites = SuiteStore(client, settings)
        """What tenants uploaded."""
        self.unanswered = Unanswered(client, settings)
        """Batches whose callers were told to come again."""
        self._admit = client.register_script(scripts.ADMIT)
        self._cancel = client.register_script(scripts.CANCEL)
        self._depth = client.register_script(scripts.DEPTH)

    @classmethod
    async def connect(cls, settings: Settings) -> Self:
        """Connects to the Redis of the settings.

        Raises:
            QueueError: there is none, or it cannot be reached.
        """
        ledger = cls(connect_async(settings), settings)
        try:
            await ledger.ping()
            await ledger._watch.start()
            ledger._deadlines.start()
        except QueueError:
            await ledger.close()
            raise
        return ledger

    async def close(self) -> None:
        """Ends the watch and the connections."""
        await self._deadlines.stop()
        await self._watch.stop()
        await close_async(self._redis)

    async def flagged(self, tenant: str, limit: int) -> FlagReport:
        """The tenant's problems with the most flagged results."""
        with redis_errors():
            return await flag_report(self._redis, self._keys.flags_of(tenant), limit)

    async def ping(self) -> None:
        """Returns if Redis answers.

        Raises:
            QueueError: it does not.
        """
        with redis_errors():
            await self._redis.ping()

    async def admit(self, new: NewBatch, quota: Quota = Quota()) -> str:  # noqa: B008 - a frozen value
        """Admits a batch and enqueues its shards, all or nothing.

        Arguments:
            new: the batch; its id may hold letters, digits, `-` and `_`.
            quota: what its tenant may have.

        Returns:
            The id of the batch, or of the one that the same request made before under its idempotency key.

        Raises:
            RequestError: `idempotency_conflict`, the key was used with another fingerprint.
            QueueError: `queue_full`, there would be more than may be queued, or Redis has no memory left;
                `rate_limited`, the tenant sends faster than its quota allows.
        """
        batch, line = self._keys.batch(new.batch_id), line_queue(self._lent, self._settings.queue_name, new.line)
        keys = [*batch.all, self._keys.queued, *self._keys.sharing, self._keys.deadlines, self._keys.rates]
        keys += [line.key, line.redis_queues_keys]
        shards = [Shard(new.batch_id, indices, _work_s(new, indices), new.line) for indices in new.shards]
        bounds = bounds_of(new, sum(shard.work_s for shard in shards), self._settings, quota)
        with redis_errors():
            if new.idempotency_key is not None:
                digest = hashlib.sha256(new.idempotency_key.encode()).hexdigest()
                keys.append(key := self._keys.idempotency(new.line.tenant, digest))
                if (earlier := await self._earlier(key, new.fingerprint)) is not None:
                    return earlier
            await self._require_room(new)
            await self._stage(batch, new)
            arguments: list[Any] = [json.dumps(self._head(new, quota, bounds))]
            for shard in shards:
                job = job_of(line, shard)
                fields = job_fields(job)
                arguments += (job.id, job.key, len(fields), *fields)
            outcome, *told = await self._admit(keys=keys, args=arguments)
        match outcome:
            case b"conflict":
                raise _conflict()
            case b"full":
                field, queued = (text.decode() for text in told)
                bound = next(bound for bound in bounds if bound.field == field)
                raise queue_full(bound, float(queued), await self.depth())
            case b"rate":
                raise rate_exceeded(quota, float(told[0]))
        return cast("bytes", told[0]).decode()

    async def _earlier(self, key: str, fingerprint: str) -> str | None:
        """The batch that the same request made before, so that a repeated one is neither sent nor refused."""
        fields = ("batch", "fingerprint")
        batch_id, used_for = await cast("Awaitable[list[bytes | None]]", self._redis.hmget(key, fields))
        if batch_id is None or used_for is None:
            return None
        if used_for.decode() != fingerprint:
            raise _conflict()
        return batch_id.decode()

    async def _require_room(self, new: NewBatch) -> None:
        """Refuses what would leave the workers no memory to take shards and record results, which ends no batch."""
        memory = await self._redis.info("memory")
        size_bytes = new.size_bytes
        if 0 < memory["maxmemory"] * FILL < memory["used_memory"] + size_bytes:
            message = f"Redis has no room for {size_bytes} bytes"
            raise QueueError(
                message, code="queue_full", hint="try again when some batches are done or have expired"
            )

    async def _stage(self, batch: BatchKeys, new: NewBatch) -> None:
        async with self._redis.pipeline(transaction=False) as pipeline:
            # A repeated attempt of this very request begins anew, lest the log count a result twice. An admitted
            # batch is not touched, since the ids of batches are unique.
            pipeline.unlink(batch.items, batch.results, batch.log, batch.suites)
            for key, fields in ((batch.items, new.items), (batch.results, new.results), (batch.suites, new.suites)):
                for piece in _pieces(fields):
                    pipeline.hset(key, mapping=piece)
                pipeline.expire(key, STAGED_S)
            if new.results:
                pipeline.rpush(batch.log, *new.results)
                pipeline.expire(batch.log, STAGED_S)
            pipeline.set(batch.names, dump_names(new.ids, new.groups), ex=STAGED_S)
            await pipeline.execute()

    def _head(self, new: NewBatch, quota: Quota, bounds: list[Bound]) -> dict[str, Any]:
        """What the script of admission reads of a batch."""
        return {
            "id": new.batch_id,
            "fingerprint": new.fingerprint,
            "detail": new.detail,
            "reuse": new.reuse,
            "total": len(new.ids),
            "done": len(new.results),
            "ttl_s": self._settings.result_ttl_s,
            "tenant": new.line.tenant,
            "line": new.line.name,
            "weight": quota.weight,
            "credit_s": credit_s(self._settings),
            "work_s": bounds[2].amount,
            "suite_bytes": sum(map(len, new.suites.values())),
            "bounds": [bound._asdict() for bound in bounds],
            "rate": quota.batches_per_s or 0,
            "burst": quota.burst - 1,
            "deadline_s": min(new.deadlines_s.values(), default=0),
            "deadlines": group_deadlines(new.deadlines_s),
        }

    async def state(self, batch_id: str) -> BatchState | None:
        """What is known of a batch, or None if there is no such batch (any more)."""
        names = ("status", "total", "done", "created_s", "fingerprint", "line", "ended_s")
        with redis_errors():
            meta = await cast(
                "Awaitable[list[bytes | None]]", self._redis.hmget(self._keys.batch(batch_id).meta, names)
            )
        if meta[0] is None:
            return None
        status, total, done, created_s, fingerprint, line = (cast("bytes", value).decode() for value in meta[:-1])
        return BatchState(
            batch_id=batch_id,
            status=status,
            total=int(total),
            done=int(done),
            created_s=float(created_s),
            ended_s=None if meta[-1] is None else float(meta[-1]),
            fingerprint=fingerprint,
            tenant=line.rpartition(".")[0],
        )

    async def results(self, batch_id: str) -> list[bytes | None]:
        """The results of a batch in request order, None where there is none yet; empty without such a batch."""
        state = await self.state(batch_id)
        return [] if state is None else await self._results_at(batch_id, range(state.total))

    async def log(self, batch_id: str, start: int, count: int) -> list[tuple[int, bytes]]:
        """Results in the order in which they came.

        Arguments:
            batch_id: the batch.
            start: how many to pass over.
            count: how many to return at most.

        Returns:
            Index and result of each; fewer than ``count`` if there are no more yet.
        """
        with redis_errors():
            key = self._keys.batch(batch_id).log
            logged = await cast("Awaitable[list[bytes]]", self._redis.lrange(key, start, start + count - 1))
        indices = [int(index) for index in logged]
        results = await self._results_at(batch_id, indices)
        return [(index, result) for index, result in zip(indices, results, strict=True) if result is not None]

    async def _results_at(self, batch_id: str, indices: range | list[int]) -> list[bytes | None]:
        key = self._keys.batch(batch_id).results
        found: list[bytes | None] = []
        with redis_errors():
            for start in range(0, len(indices), PIECE):
                fields = [str(index) for index in indices[start : start + PIECE]]
                found += await cast("Awaitable[list[bytes | None]]", self._redis.hmget(key, fields))
        return found

    async def cancel(self, batch_id: str) -> BatchState | None:
        """Ends a batch: its unanswered items get the error `cancelled`, its queued shards are dropped.

        A batch that has ended stays as it is. A shard in progress stops at its next item.

        Returns:
            The batch afterwards, or None if there is no such batch.
        """
        batch = self._keys.batch(batch_id)
        with redis_errors():
            open_items = await cast("Awaitable[list[bytes]]", self._redis.hkeys(batch.items))
            names = await cast("Awaitable[bytes | None]", self._redis.get(batch.names))
        if names is None:
            return None
        arguments: list[Any] = [batch_id, self._keys.progress, self._settings.result_ttl_s]
        arguments += self._stems
        error, item_names = AssayError(code="cancelled"), parse_names(names)
        for index in map(int, open_items):
            arguments += (index, error_result(item_names[index], index, error))
        with redis_errors():
            await self._cancel(keys=[*batch.all, self._keys.queued], args=arguments)
        return await self.state(batch_id)

    async def wait(self, batch_id: str, done: int, timeout_s: float) -> BatchState | None:
        """Waits for news of a batch.

        Arguments:
            batch_id: the batch.
            done: how many results the caller knows of.
            timeout_s: how long to wait at most, in seconds.

        Returns:
            The batch as soon as it has more than ``done`` results or has ended, else as it is after ``timeout_s``;
            None if there is no such batch.
        """
        deadline_s = time.monotonic() + timeout_s
        with self._watch.news_of(batch_id) as news:
            while True:
                news.clear()
                state = await self.state(batch_id)
                left_s = deadline_s - time.monotonic()
                if state is None or state.done > done or state.status != BatchStatus.RUNNING or left_s <= 0:
                    return state
                await _wait_for(news, min(left_s, POLL_S))

    async def depth(self) -> QueueDepth:
        """How much work is queued, and how many workers are there to do it."""
        with redis_errors():
            keys = [self._keys.queued, self._keys.sharing[0], self._keys.workers]
            items, size_bytes, work_s, shards, workers = await self._depth(keys=keys, args=[self._stems[0]])
        return QueueDepth(items=items, bytes=size_bytes, work_s=float(work_s), shards=shards, workers=workers)


def _work_s(new: NewBatch, indices: tuple[int, ...]) -> float:
    return sum(new.work_s.get(index, LEAST_WORK_S) for index in indices)


def _conflict() -> RequestError:
    message = "the idempotency key was used with another body"
    return RequestError(message, code="idempotency_conflict", hint="use a new key for a new request")


def _pieces(fields: Mapping[Any, bytes]) -> Iterator[dict[Any, Any]]:
    rest = iter(fields.items())
    while piece := dict(islice(rest, PIECE)):
        yield piece


async def _wait_for(news: asyncio.Event, timeout_s: float) -> None:
    try:
        async with asyncio.timeout(timeout_s):
            await news.wait()
    except TimeoutError:
        return
