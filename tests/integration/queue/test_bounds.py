"""What keeps a batch out, in all and per tenant, and when it may come back."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import redis

from assay.errors import QueueError
from assay.queue.async_ledger import AsyncLedger
from assay.queue.keys import Keys
from assay.queue.ledger import Ledger
from assay.queue.lines import Line
from assay.queue.port import NewBatch, Quota
from assay.settings import Settings
from tests.fixtures.batches import new_batch

pytestmark = pytest.mark.anyio


@pytest.fixture
async def service(queue_settings: Settings) -> AsyncIterator[AsyncLedger]:
    bounded = queue_settings.model_copy(update={"max_queued_items": 10, "max_queued_work_s": 100.0})
    ledger = await AsyncLedger.connect(bounded)
    yield ledger
    await ledger.close()


def _of(tenant: str, batch_id: str, items: int = 1, work_s: float = 0.1, size: int = 1) -> NewBatch:
    batch = new_batch(batch_id, ["x" * size] * items)
    return replace(batch, line=Line(tenant), work_s=dict.fromkeys(range(items), work_s))


async def _refused(service: AsyncLedger, batch: NewBatch, quota: Quota | None = None) -> QueueError:
    with pytest.raises(QueueError) as caught:
        await service.admit(batch, quota or Quota())
    return caught.value


async def test_expected_work_bounds_the_queue(service: AsyncLedger) -> None:
    await service.admit(_of("a", "first", 2, 40))
    error = await _refused(service, _of("b", "second", 1, 21))
    assert (error.code, error.row.status) == ("queue_full", 429)
    assert "100 seconds of expected work" in error.message
    await service.admit(_of("b", "third", 1, 20))


async def test_a_refused_batch_leaves_nothing_behind(
    service: AsyncLedger, redis_client: redis.Redis, queue_settings: Settings
) -> None:
    await _refused(service, _of("a", "large", 11))
    assert redis_client.keys(f"{queue_settings.queue_name}*") == []


async def test_a_batch_that_never_fits_is_told_so(service: AsyncLedger) -> None:
    error = await _refused(service, _of("a", "large", 11))
    assert error.hint == "send smaller batches: this one alone is too much"
    assert error.retry_after_s is None


@pytest.mark.parametrize(
    ("quota", "what"),
    [
        (Quota(max_queued_items=3), "3 items"),
        (Quota(max_queued_mb=0.001), "bytes of items"),
        (Quota(max_queued_work_s=0.35), "seconds of expected work"),
    ],
)
async def test_a_tenant_has_bounds_of_its_own(service: AsyncLedger, quota: Quota, what: str) -> None:
    await service.admit(_of("a", "first", 2, size=300), quota)
    error = await _refused(service, _of("a", "second", 2, size=300), quota)
    assert what in error.message
    assert "for 'a'" in error.message
    await service.admit(_of("b", "other", 4, size=300), Quota())


async def test_what_is_answered_makes_room(
    service: AsyncLedger, redis_client: redis.Redis, queue_settings: Settings
) -> None:
    worker = Ledger(redis_client, queue_settings)
    await service.admit(_of("a", "first", 3), Quota(max_queued_items=3))
    await _refused(service, _of("a", "second"), Quota(max_queued_items=3))
    worker.record("first", {0: b"{}"})
    await service.admit(_of("a", "second"), Quota(max_queued_items=3))
    worker.record("first", {1: b"{}", 2: b"{}"})
    worker.record("second", {0: b"{}"})
    assert redis_client.hgetall(Keys(queue_settings.queue_name).queued) == {}


async def test_how_long_to_wait_follows_from_the_work_and_the_workers(
    service: AsyncLedger, redis_client: redis.Redis, queue_settings: Settings
) -> None:
    await service.admit(_of("a", "first", 10, 6))
    assert (await _refused(service, _of("a", "second", 5, 1))).retry_after_s == 600, "there is no worker"
    now_s = float(redis_client.time()[0])
    redis_client.zadd(Keys(queue_settings.queue_name).workers, {"one": now_s + 60, "two": now_s + 60})
    assert (await _refused(service, _of("a", "second", 5, 1))).retry_after_s == 15, "half of 60 s, by two workers"


async def test_a_rate_lets_a_burst_through_and_then_names_the_pause(service: AsyncLedger) -> None:
    quota = Quota(batches_per_s=0.5, burst=3)
    for number in range(3):
        await service.admit(_of("a", f"b{number}"), quota)
    error = await _refused(service, _of("a", "more"), quota)
    assert (error.code, error.retry_after_s) == ("rate_limited", 2)
    await service.admit(_of("b", "other"), quota)


async def test_a_repeated_request_is_known_at_any_bound(service: AsyncLedger) -> None:
    batch = replace(_of("a", "first", 10), idempotency_key="key")
    assert await service.admit(batch) == "first"
    assert await service.admit(replace(batch, batch_id="again")) == "first"


async def test_the_keys_of_two_tenants_are_not_the_same(service: AsyncLedger) -> None:
    assert await service.admit(replace(_of("a", "first"), idempotency_key="key")) == "first"
    assert await service.admit(replace(_of("b", "second"), idempotency_key="key")) == "second"
