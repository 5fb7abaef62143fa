"""The ledger as workers see it: claim items, record results. Synchronous."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, cast

import redis

from assay.contract import BatchStatus
from assay.errors import AssayError, QueueError
from assay.queue import scripts
from assay.queue.answers import ItemName, error_result, parse_names
from assay.queue.connection import redis_errors
from assay.queue.keys import Keys
from assay.queue.port import Claim, Recorded
from assay.queue.sightings import Sighting, count_sightings
from assay.settings import Settings

__all__ = ["Ledger"]

SLACK_SHARDS: Final = 2.0
"""How many shards' work a line may be behind before the shards in progress of others make room for it. Those who
share steadily differ by less."""


class Ledger:
    """Reads payloads and records results of the batches in Redis.

    Every method raises `QueueError` if Redis cannot be reached or refuses a write.
    """

    def __init__(self, client: redis.Redis, settings: Settings) -> None:
        self._redis = client
        self._keys = Keys(settings.queue_name)
        self._ttl_s = settings.result_ttl_s
        self._slack_s = SLACK_SHARDS * settings.shard_work_s
        self._claim = client.register_script(scripts.CLAIM)
        self._record = client.register_script(scripts.RECORD)

    def claim(self, batch_id: str, indices: Sequence[int]) -> Claim:
        """Takes up a shard: counts the attempt and gives what of it is not answered yet.

        Arguments:
            batch_id: the batch.
            indices: the shard's items, in the order in which the job names them.
        """
        with redis_errors():
            answer = self._claim(keys=self._keys.batch(batch_id).all, args=list(indices))
        if not answer:
            return Claim(detail="", reuse=False, tenant="", attempt=0, items=())
        detail, line, reuse, attempt, *pairs = answer
        items = tuple((int(index), payload) for index, payload in zip(pairs[::2], pairs[1::2], strict=True))
        tenant = line.decode().rpartition(".")[0]
        return Claim(detail.decode(), reuse == b"1", tenant, attempt, items)

    def record(self, batch_id: str, results: Mapping[int, bytes]) -> Recorded:
        """Records results; the first of an item wins. Repeating it is harmless.

        Arguments:
            batch_id: the batch.
            results: JSON of an `ItemResult` by the item's place in the request.
        """
        arguments: list[str | float | bytes] = [batch_id, self._keys.progress, self._ttl_s, self._slack_s]
        for index, result in results.items():
            arguments += (index, result)
        with redis_errors():
            keys = (*self._keys.batch(batch_id).all, self._keys.queued, *self._keys.sharing)
            new, ended, overtaken = self._record(keys=keys, args=arguments)
        return Recorded(new=new, finished=bool(ended), overtaken=bool(overtaken))

    def count_flags(self, tenant: str, batch_id: str, seen: Iterable[Sighting]) -> None:
        """Counts a tenant's flagged results by problem."""
        with redis_errors():
            count_sightings(self._redis, self._keys.flags_of(tenant), self._ttl_s, batch_id, seen)

    def record_error(self, batch_id: str, indices: Iterable[int], error: AssayError, attempts: int = 1) -> Recorded:
        """Records ``error`` as the result of items of which nothing but the place is known."""
        names = self.names(batch_id)
        results = {index: error_result(names[index], index, error, attempts) for index in indices}
        return self.record(batch_id, results)

    def names(self, batch_id: str) -> list[ItemName]:
        """What the caller calls the items of a batch, in request order.

        Raises:
            QueueError: there is no such batch, or Redis failed.
        """
        with redis_errors():
            text = cast("bytes | None", self._redis.get(self._keys.batch(batch_id).names))
        if text is None:
            raise QueueError(f"the batch {batch_id} has expired")
        return parse_names(text)

    def suites(self, batch_id: str, names: Sequence[str]) -> dict[str, bytes]:
        """The text of suites of a batch, by name; without those of a batch that has ended."""
        if not names:
            return {}
        with redis_errors():
            texts = cast("list[bytes | None]", self._redis.hmget(self._keys.batch(batch_id).suites, list(names)))
        return {name: text for name, text in zip(names, texts, strict=True) if text is not None}

    def cancelled(self, batch_id: str) -> bool:
        """Whether the batch was cancelled."""
        with redis_errors():
            status = self._redis.hget(self._keys.batch(batch_id).meta, "status")
        return status == BatchStatus.CANCELLED.encode()

    def unanswered(self, batch_id: str, indices: Sequence[int]) -> tuple[int, ...]:
        """Which of the items have no result yet, in the given order; none if the batch has ended."""
        with redis_errors(), self._redis.pipeline(transaction=False) as pipeline:
            for index in indices:
                pipeline.hexists(self._keys.batch(batch_id).items, str(index))
            open_items = pipeline.execute()
        return tuple(index for index, is_open in zip(indices, open_items, strict=True) if is_open)

    def attempts(self, batch_id: str, first: int) -> int:
        """How often the shard that begins with the item ``first`` was taken up."""
        with redis_errors():
            return int(self._redis.hget(self._keys.batch(batch_id).attempts, str(first)) or 0)
