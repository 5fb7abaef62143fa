"""What a worker keeps of suites, on a real ledger."""

import json
from dataclasses import replace
from typing import Any

import pytest
import redis

from assay.errors import QueueError
from assay.queue.async_ledger import AsyncLedger
from assay.queue.ledger import Ledger
from assay.queue.suites import name_of, parse_suite
from assay.settings import Settings
from assay_workers.suites import SuiteCache
from tests.fixtures.batches import new_batch

pytestmark = pytest.mark.anyio


def _suite(stdin: str) -> bytes:
    suite: dict[str, Any] = {"kind": "stdio", "cases": [{"stdin": stdin, "expected": ""}]}
    return json.dumps(suite).encode()


TEXTS = {name_of(text): text for text in (_suite("a" * 1000), _suite("b" * 1000), _suite("c" * 1000))}
FIRST, SECOND, THIRD = TEXTS


async def test_suites_go_with_their_batch_and_stay_with_the_worker_as_long_as_there_is_room(
    service: AsyncLedger, redis_client: redis.Redis, queue_settings: Settings
) -> None:
    worker = Ledger(redis_client, queue_settings)
    cache = SuiteCache(worker, most_bytes=2500)
    await service.admit(replace(new_batch("b", ["x"]), suites=TEXTS))
    assert (await service.depth()).bytes == sum(map(len, (*new_batch("b", ["x"]).items.values(), *TEXTS.values())))
    cache.expect("b", [FIRST, SECOND])
    assert cache.get(FIRST) == parse_suite(json.loads(TEXTS[FIRST]))
    assert cache.get(SECOND) == parse_suite(json.loads(TEXTS[SECOND]))
    cache.expect("b", [THIRD])
    cache.get(FIRST)
    cache.get(THIRD)
    worker.record("b", {0: b"{}"})
    assert (await service.depth()).bytes == 0
    assert worker.suites("b", list(TEXTS)) == {}
    cache.expect("b", [FIRST, SECOND, THIRD])
    assert cache.get(FIRST) == parse_suite(json.loads(TEXTS[FIRST]))
    with pytest.raises(QueueError, match="gone with its batch"):
        cache.get(SECOND)


async def test_a_cancelled_batch_takes_its_suites_along(
    service: AsyncLedger, redis_client: redis.Redis, queue_settings: Settings
) -> None:
    await service.admit(replace(new_batch("b", ["x", "y"]), suites=TEXTS))
    await service.cancel("b")
    assert (await service.depth()).bytes == 0
    assert redis_client.keys(f"{queue_settings.queue_name}:batch:b:suites") == []


async def test_suites_of_a_refused_batch_are_not_kept(queue_settings: Settings, redis_client: redis.Redis) -> None:
    narrow = await AsyncLedger.connect(queue_settings.model_copy(update={"max_queued_items": 1}))
    try:
        with pytest.raises(QueueError):
            await narrow.admit(replace(new_batch("b", ["x", "y"]), suites=TEXTS))
    finally:
        await narrow.close()
    assert redis_client.keys(f"{queue_settings.queue_name}:*") == []
