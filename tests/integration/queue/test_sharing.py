"""Whose shard is next: shares follow estimated work, weights and priorities; who waits overtakes who floods."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
import redis

from assay.contract import Priority
from assay.queue import scripts
from assay.queue.async_ledger import AsyncLedger
from assay.queue.engine import fetch_job, shard_of, stems
from assay.queue.keys import Keys
from assay.queue.ledger import Ledger
from assay.queue.lines import Line
from assay.queue.port import NewBatch, Quota, Shard
from assay.queue.sharing import TAKE
from assay.settings import Settings
from tests.fixtures.batches import new_batch

pytestmark = pytest.mark.anyio

WORKER = "worker"
Take = Callable[[], Shard | None]


@pytest.fixture
def take(redis_client: redis.Redis, queue_settings: Settings) -> Take:
    keys = Keys(queue_settings.queue_name)
    script = redis_client.register_script(TAKE)

    def take() -> Shard | None:
        taken = script(keys=[*keys.sharing, keys.taken(WORKER)], args=stems(queue_settings.queue_name))
        return None if taken is None else shard_of(fetch_job(redis_client, taken.decode()))

    return take


def _batch(batch_id: str, tenant: str, works_s: list[float], priority: Priority = Priority.NORMAL) -> NewBatch:
    """A batch with a shard per item."""
    batch = new_batch(batch_id, ["x"] * len(works_s))
    return replace(batch, line=Line(tenant, priority), work_s=dict(enumerate(works_s)))


def _tenants(take: Take, shards: int) -> list[str]:
    taken = [take() for _ in range(shards)]
    return [shard.line.tenant for shard in taken if shard is not None]


async def test_a_line_is_served_in_the_order_of_its_shards(service: AsyncLedger, take: Take) -> None:
    await service.admit(_batch("first", "a", [1, 1]))
    await service.admit(_batch("second", "a", [1]))
    taken = [(shard.batch_id, shard.indices) for shard in (take(), take(), take()) if shard]
    assert taken == [("first", (0,)), ("first", (1,)), ("second", (0,))]
    assert take() is None


async def test_two_tenants_share_by_work_and_not_by_arrival(service: AsyncLedger, take: Take) -> None:
    await service.admit(_batch("flood", "a", [0.5] * 200))
    await service.admit(_batch("large", "b", [2.0] * 50))
    work_s: Counter[str] = Counter()
    while len(work_s) < 2 or max(work_s.values()) < 40:
        shard = take()
        assert shard is not None
        work_s[shard.line.tenant] += int(shard.work_s * 10)
    assert abs(work_s["a"] - work_s["b"]) <= 20, "they differ by the work of one shard at most"


async def test_a_tenant_of_twice_the_weight_gets_twice_the_work(service: AsyncLedger, take: Take) -> None:
    await service.admit(_batch("a", "a", [1.0] * 100), Quota(weight=2))
    await service.admit(_batch("b", "b", [1.0] * 100))
    shares = Counter(_tenants(take, 60))
    assert shares["a"] == pytest.approx(40, abs=1)


async def test_who_comes_into_a_flood_is_served_next_and_keeps_no_lead(service: AsyncLedger, take: Take) -> None:
    await service.admit(_batch("flood", "a", [0.5] * 200))
    _tenants(take, 50)
    await service.admit(_batch("small", "b", [0.5] * 100))
    after = _tenants(take, 80)
    assert after[:4] == ["b"] * 4
    assert Counter(after[20:])["a"] == pytest.approx(30, abs=1), "the lead is no more than some shards"


async def test_idleness_saves_up_nothing_but_the_credit(service: AsyncLedger, take: Take) -> None:
    await service.admit(_batch("flood", "a", [0.5] * 300))
    _tenants(take, 200)
    await service.admit(_batch("late", "b", [0.5] * 100))
    assert Counter(_tenants(take, 40))["b"] <= 25


async def test_priorities_of_one_tenant_share_by_their_weights(service: AsyncLedger, take: Take) -> None:
    for priority in Priority:
        await service.admit(_batch(priority, "a", [1.0] * 200, priority))
    taken = Counter(shard.line.priority for shard in (take() for _ in range(105)) if shard)
    assert taken == {
        Priority.HIGH: pytest.approx(80, abs=2),
        Priority.NORMAL: pytest.approx(20, abs=2),
        Priority.LOW: pytest.approx(5, abs=2),
    }


async def test_a_shard_in_progress_is_told_that_somebody_waits(
    service: AsyncLedger, take: Take, redis_client: redis.Redis, queue_settings: Settings
) -> None:
    worker = Ledger(redis_client, queue_settings)
    flood = replace(_batch("flood", "a", [5.0] * 40), shards=tuple((2 * pair, 2 * pair + 1) for pair in range(20)))
    await service.admit(flood)
    _tenants(take, 10)
    assert not worker.record("flood", {0: b"{}"}).overtaken, "nobody else is there"
    await service.admit(_batch("small", "b", [0.01]))
    assert worker.record("flood", {2: b"{}"}).overtaken
    assert _tenants(take, 1) == ["b"]
    assert not worker.record("flood", {4: b"{}"}).overtaken, "the other is served"


async def test_a_cancelled_batch_leaves_its_line(service: AsyncLedger, take: Take) -> None:
    await service.admit(_batch("gone", "a", [1.0] * 5))
    await service.admit(_batch("kept", "a", [1.0]))
    await service.cancel("gone")
    assert _tenants(take, 1) == ["a"]
    assert take() is None
    assert (await service.depth()).shards == 0


async def test_what_is_due_is_not_there_before_its_time(
    service: AsyncLedger, redis_client: redis.Redis, queue_settings: Settings
) -> None:
    await service.admit(replace(_batch("b", "a", [1.0]), deadlines_s={0: 60.0}))
    due = redis_client.register_script(scripts.DUE)
    answer = due(keys=[Keys(queue_settings.queue_name).deadlines])
    assert isinstance(answer, list)
    assert len(answer) == 1, "the time alone"
