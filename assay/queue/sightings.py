"""Flags counted by problem over all batches, so that a hack that spreads through a rollout group can be seen.

A problem is a rollout group, or where an item has none, what it is graded by. Nothing is written for a result
without flags. Counts fade with the results: a problem that was not flagged for `result_ttl_s` is forgotten.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, cast

import orjson
import redis
import redis.asyncio

from assay.contract import Flag, Item, ItemResult
from assay.contract.flagged import FlaggedProblem, FlagReport
from assay.queue.keys import FlagKeys

__all__ = ["Sighting", "count_sightings", "flag_report", "sighting_of"]

_UNREMARKABLE: Final = frozenset({Flag.JUDGED_ALONE})
"""The machine's doing, not the program's."""
_ITEMS: Final = "items"
_BATCH: Final = "last_batch"
_ITEM: Final = "last_item"


@dataclass(frozen=True)
class Sighting:
    """A result that was flagged."""

    problem: str
    item: str
    flags: frozenset[Flag]


def sighting_of(item: Item, result: ItemResult) -> Sighting | None:
    """What is remarkable about a result; None if nothing is."""
    flags = frozenset(flag for part in result.components for flag in part.flags) - _UNREMARKABLE
    return Sighting(item.group or _tests_name(item), item.id, flags) if flags else None


def _tests_name(item: Item) -> str:
    rewards = [reward.model_dump(mode="json") for reward in item.rewards]
    graded_by = orjson.dumps(rewards, option=orjson.OPT_SORT_KEYS)
    return f"tests:{hashlib.sha256(graded_by).hexdigest()[:16]}"


def count_sightings(
    client: redis.Redis, keys: FlagKeys, ttl_s: int, batch_id: str, seen: Iterable[Sighting]
) -> None:
    """Counts what was seen of the results of a batch."""
    with client.pipeline(transaction=False) as pipeline:
        for sighting in seen:
            counts = keys.problem(sighting.problem)
            pipeline.zincrby(keys.ranking, 1, sighting.problem)
            pipeline.hincrby(counts, _ITEMS, 1)
            for flag in sighting.flags:
                pipeline.hincrby(counts, flag.value, 1)
            pipeline.hset(counts, mapping={_BATCH: batch_id, _ITEM: sighting.item})
            pipeline.expire(counts, ttl_s)
        pipeline.expire(keys.ranking, ttl_s)
        pipeline.execute()


async def flag_report(client: "redis.asyncio.Redis", keys: FlagKeys, limit: int) -> FlagReport:
    """The problems with the most flagged results."""
    ranked = cast("list[bytes]", await client.zrevrange(keys.ranking, 0, limit - 1))
    problems = [name.decode() for name in ranked]
    async with client.pipeline(transaction=False) as pipeline:
        for problem in problems:
            pipeline.hgetall(keys.problem(problem))
        counts: list[dict[bytes, bytes]] = await pipeline.execute()
    forgotten = [problem for problem, count in zip(problems, counts, strict=True) if not count]
    if forgotten:
        await client.zrem(keys.ranking, *forgotten)
    found = zip(problems, counts, strict=True)
    return FlagReport(problems=tuple(_problem(problem, count) for problem, count in found if count))


def _problem(name: str, counts: dict[bytes, bytes]) -> FlaggedProblem:
    told: dict[str, Any] = {field.decode(): value.decode() for field, value in counts.items()}
    batch, item, items = told.pop(_BATCH, ""), told.pop(_ITEM, ""), int(told.pop(_ITEMS, 0))
    flags = {Flag(name): int(count) for name, count in told.items() if name in set(Flag)}
    return FlaggedProblem(problem=name, items=items, flags=flags, last_batch=batch, last_item=item)
