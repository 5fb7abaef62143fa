"""What is not graded by its deadline ends with an error of its own, and nothing else of the batch does."""

import asyncio
from dataclasses import replace

import pytest
import redis

from assay.contract import BatchStatus, ItemResult
from assay.queue.async_ledger import AsyncLedger
from assay.queue.keys import Keys
from assay.queue.ledger import Ledger
from assay.settings import Settings
from tests.fixtures.batches import new_batch

pytestmark = pytest.mark.anyio

SOON_S = 0.3


def _error_of(text: bytes | None) -> str | None:
    assert text is not None
    error = ItemResult.model_validate_json(text).error
    return None if error is None else error.code


async def test_a_batch_ends_at_its_deadline_without_any_worker(service: AsyncLedger) -> None:
    await service.admit(replace(new_batch("b", ["x", "y"]), deadlines_s={0: SOON_S, 1: SOON_S}))
    state = await service.wait("b", 1, 5)
    assert state is not None
    assert state.status == BatchStatus.FINISHED
    assert state.ended_s is not None
    assert SOON_S <= state.ended_s - state.created_s < SOON_S + 2
    results = await service.results("b")
    assert [_error_of(text) for text in results] == ["deadline_exceeded"] * 2
    assert (await service.depth()).items == 0


async def test_what_was_answered_in_time_stays_and_what_has_no_deadline_goes_on(
    service: AsyncLedger, redis_client: redis.Redis, queue_settings: Settings
) -> None:
    worker = Ledger(redis_client, queue_settings)
    await service.admit(replace(new_batch("b", ["x", "y", "z"]), deadlines_s={0: SOON_S, 1: SOON_S}))
    worker.record("b", {0: b"in time"})
    state = await service.wait("b", 1, 5)
    assert state is not None
    assert (state.status, state.done) == (BatchStatus.RUNNING, 2)
    first, second, third = await service.results("b")
    assert (first, _error_of(second), third) == (b"in time", "deadline_exceeded", None)
    assert worker.record("b", {1: b"late"}).new == 0
    assert [index for index, _ in worker.claim("b", [0, 1, 2]).items] == [2]


async def test_every_item_has_its_own_deadline(service: AsyncLedger) -> None:
    await service.admit(replace(new_batch("b", ["x", "y"]), deadlines_s={0: SOON_S, 1: SOON_S + 1.5}))
    state = await service.wait("b", 0, 5)
    assert state is not None
    assert state.done == 1
    state = await service.wait("b", 1, 5)
    assert state is not None
    assert state.status == BatchStatus.FINISHED


async def test_several_services_look_and_the_item_ends_once(
    service: AsyncLedger, queue_settings: Settings, redis_client: redis.Redis
) -> None:
    other = await AsyncLedger.connect(queue_settings)
    try:
        await service.admit(replace(new_batch("b", ["x"] * 50), deadlines_s=dict.fromkeys(range(50), SOON_S)))
        state = await service.wait("b", 49, 5)
        assert state is not None
        assert state.done == 50
        log = [index for index, _ in await other.log("b", 0, 100)]
        assert sorted(log) == list(range(50))
        await asyncio.sleep(1)
        assert redis_client.zcard(Keys(queue_settings.queue_name).deadlines) == 0
    finally:
        await other.close()


async def test_a_batch_that_ended_before_is_forgotten_at_its_deadline(
    service: AsyncLedger, queue_settings: Settings, redis_client: redis.Redis
) -> None:
    await service.admit(replace(new_batch("b", ["x"]), deadlines_s={0: SOON_S}))
    await service.cancel("b")
    async with asyncio.timeout(5):
        while redis_client.zcard(Keys(queue_settings.queue_name).deadlines):
            await asyncio.sleep(0.05)
    assert _error_of((await service.results("b"))[0]) == "cancelled"
