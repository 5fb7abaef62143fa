"""The ledger on a real server: admission, recording, following, cancelling."""

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import pytest
import redis

from assay.contract import BatchStatus, ItemResult
from assay.errors import QueueError, RequestError
from assay.queue.async_ledger import AsyncLedger
from assay.queue.embedded import EmbeddedValkey
from assay.queue.keys import Keys
from assay.queue.ledger import Ledger
from assay.queue.port import BatchState, QueueDepth
from assay.settings import Settings
from tests.fixtures.batches import new_batch

pytestmark = pytest.mark.anyio


@pytest.fixture
def worker(redis_client: redis.Redis, queue_settings: Settings) -> Ledger:
    return Ledger(redis_client, queue_settings)


def _existing(state: BatchState | None) -> BatchState:
    assert state is not None
    return state


async def test_a_batch_runs_until_its_last_result_and_reads_in_request_order(
    service: AsyncLedger, worker: Ledger
) -> None:
    assert await service.admit(new_batch("b", ["x", "y", "z"])) == "b"
    depth = await service.depth()
    assert (depth.items, depth.shards, depth.workers) == (3, 3, 0)
    assert depth.bytes == sum(map(len, new_batch("b", ["x", "y", "z"]).items.values()))
    assert depth.work_s == pytest.approx(0.003)
    assert worker.record("b", {2: b"two", 0: b"zero"}).finished is False
    assert await service.results("b") == [b"zero", None, b"two"]
    assert worker.record("b", {1: b"one"}).finished is True
    state = _existing(await service.state("b"))
    assert (state.status, state.total, state.done) == (BatchStatus.FINISHED, 3, 3)
    assert state.ended_s is not None
    assert state.created_s <= state.ended_s
    assert await service.log("b", 0, 2) == [(2, b"two"), (0, b"zero")]
    assert await service.log("b", 2, 10) == [(1, b"one")]
    assert await service.depth() == QueueDepth(items=0, bytes=0, work_s=0.0, shards=3, workers=0)


async def test_the_first_result_of_an_item_stays(service: AsyncLedger, worker: Ledger) -> None:
    await service.admit(new_batch("b", ["x", "y"]))
    assert worker.record("b", {0: b"first"}).new == 1
    assert worker.record("b", {0: b"second"}).new == 0
    assert await service.results("b") == [b"first", None]
    assert _existing(await service.state("b")).done == 1


async def test_a_claim_gives_what_is_unanswered(service: AsyncLedger, worker: Ledger) -> None:
    batch = new_batch("b", ["x", "y", "z"], shards=[[0, 1, 2]])
    await service.admit(batch)
    worker.record("b", {1: b"one"})
    claim = worker.claim("b", [0, 1, 2])
    assert claim.items == ((0, batch.items[0]), (2, batch.items[2]))
    assert claim.detail == "none"
    assert worker.attempts("b", 0) == 1
    assert worker.unanswered("b", (2, 1, 0)) == (2, 0)


async def test_a_batch_of_malformed_items_alone_is_finished_at_admission(service: AsyncLedger) -> None:
    batch = replace(new_batch("b", []), ids=("a", "b"), results={0: b"e0", 1: b"e1"}, groups=())
    await service.admit(batch)
    assert _existing(await service.state("b")).status == BatchStatus.FINISHED
    assert await service.results("b") == [b"e0", b"e1"]
    assert sorted(await service.log("b", 0, 9)) == [(0, b"e0"), (1, b"e1")]


async def test_an_idempotency_key_finds_its_batch_and_refuses_another_body(service: AsyncLedger) -> None:
    first = new_batch("b1", ["x"], idempotency_key="key", fingerprint="f")
    assert await service.admit(first) == "b1"
    assert await service.admit(replace(first, batch_id="b2")) == "b1"
    with pytest.raises(RequestError) as caught:
        await service.admit(replace(first, batch_id="b3", fingerprint="other"))
    assert caught.value.code == "idempotency_conflict"
    assert await service.state("b2") is None
    assert (await service.depth()).items == 1


async def test_more_items_than_may_be_queued_are_refused_and_leave_nothing(
    queue_settings: Settings, redis_client: redis.Redis
) -> None:
    service = await AsyncLedger.connect(queue_settings.model_copy(update={"max_queued_items": 3}))
    await service.admit(new_batch("b1", ["x", "y"]))
    with pytest.raises(QueueError) as caught:
        await service.admit(new_batch("b2", ["x", "y"]))
    assert caught.value.code == "queue_full"
    assert redis_client.keys(f"{queue_settings.queue_name}:batch:b2*") == []
    await service.close()


async def test_cancelling_answers_the_rest_and_drops_the_queue(service: AsyncLedger, worker: Ledger) -> None:
    await service.admit(new_batch("other", ["x"]))
    await service.admit(new_batch("b", ["x", "y", "z"]))
    worker.record("b", {1: b"one"})
    state = _existing(await service.cancel("b"))
    assert (state.status, state.done) == (BatchStatus.CANCELLED, 3)
    zero, one, two = await service.results("b")
    assert one == b"one"
    for index, text in ((0, zero), (2, two)):
        assert text is not None
        result = ItemResult.model_validate_json(text)
        assert (result.id, result.index, result.group, result.reward) == (f"item{index}", index, "g", None)
        assert result.error is not None
        assert result.error.code == "cancelled"
    depth = await service.depth()
    assert (depth.items, depth.shards) == (1, 1)
    assert worker.cancelled("b")
    assert worker.claim("b", [0, 1, 2]).items == ()
    late = worker.record("b", {0: b"late"})
    assert (late.new, late.finished) == (0, True)


async def test_cancelling_twice_or_too_late_changes_nothing(service: AsyncLedger, worker: Ledger) -> None:
    await service.admit(new_batch("b", ["x"]))
    worker.record("b", {0: b"zero"})
    assert _existing(await service.cancel("b")).status == BatchStatus.FINISHED
    assert await service.results("b") == [b"zero"]
    assert await service.cancel("nobody") is None


async def test_an_ended_batch_expires_and_a_running_one_does_not(
    service: AsyncLedger, worker: Ledger, redis_client: redis.Redis, queue_settings: Settings
) -> None:
    keys = Keys(queue_settings.queue_name).batch("b")
    await service.admit(new_batch("b", ["x"], idempotency_key="key"))
    assert [redis_client.ttl(key) for key in (keys.meta, keys.items, keys.names)] == [-1, -1, -1]
    worker.record("b", {0: b"zero"})
    left = redis_client.keys(f"{queue_settings.queue_name}:batch:b*")
    idempotency = redis_client.keys(f"{queue_settings.queue_name}:idempotency:*")
    assert isinstance(left, list)
    assert isinstance(idempotency, list)
    for key in {*left, *idempotency}:
        ttl_s = redis_client.ttl(key)
        assert isinstance(ttl_s, int)
        assert 0 < ttl_s <= queue_settings.result_ttl_s
    assert redis_client.exists(keys.items) == 0


async def test_a_waiter_wakes_with_the_record(service: AsyncLedger, worker: Ledger) -> None:
    await service.admit(new_batch("b", ["x", "y"]))
    waiting = asyncio.create_task(service.wait("b", 0, 10))
    await asyncio.sleep(0.1)
    recorded_s = time.monotonic()
    worker.record("b", {0: b"zero"})
    assert _existing(await waiting).done == 1
    assert time.monotonic() - recorded_s < 0.5  # a poll would have taken up to a second


async def test_a_waiter_returns_after_its_time_or_when_there_is_nothing_to_wait_for(service: AsyncLedger) -> None:
    await service.admit(new_batch("b", ["x"]))
    assert _existing(await service.wait("b", 0, 0.05)).done == 0
    await service.cancel("b")
    assert _existing(await service.wait("b", 1, 60)).status == BatchStatus.CANCELLED
    assert await service.wait("nobody", 0, 60) is None


async def test_waiters_are_woken_again_after_the_subscription_was_lost(
    service: AsyncLedger, worker: Ledger, redis_client: redis.Redis
) -> None:
    await service.admit(new_batch("b", ["x"]))
    redis_client.client_kill_filter(_type="pubsub")
    waiting = asyncio.create_task(service.wait("b", 0, 10))
    await asyncio.sleep(1.5)
    recorded_s = time.monotonic()
    worker.record("b", {0: b"zero"})
    assert _existing(await waiting).done == 1
    assert time.monotonic() - recorded_s < 0.5


async def test_a_redis_that_is_not_there_is_a_coded_error(queue_settings: Settings) -> None:
    nowhere = queue_settings.model_copy(update={"redis_url": f"unix://{queue_settings.data_dir}/none"})
    with pytest.raises(QueueError) as caught:
        await AsyncLedger.connect(nowhere)
    assert caught.value.code == "queue_unavailable"


async def test_a_batch_that_would_fill_redis_is_refused_before_it_is_sent(
    tmp_path: Path, queue_settings: Settings
) -> None:
    with EmbeddedValkey(tmp_path / "small") as server, redis.Redis.from_url(server.url) as client:
        client.config_set("maxmemory", 20_000_000)
        service = await AsyncLedger.connect(queue_settings.model_copy(update={"redis_url": server.url}))
        await service.admit(new_batch("small", ["x"]))
        with pytest.raises(QueueError) as caught:
            await service.admit(new_batch("large", ["x" * 1_000_000] * 20))
        assert caught.value.code == "queue_full"
        assert client.keys("*:batch:large*") == []
        await service.close()
