"""Results of a shard go out in groups."""

import pytest
import redis

from assay.queue.async_ledger import AsyncLedger
from assay.queue.ledger import Ledger
from assay.settings import Settings
from assay_workers.recorder import FLUSH_S, Recorder
from tests.fixtures.batches import new_batch

pytestmark = pytest.mark.anyio


async def test_the_first_result_goes_out_at_once_and_the_others_together(
    queue_settings: Settings, redis_client: redis.Redis
) -> None:
    service = await AsyncLedger.connect(queue_settings)
    await service.admit(new_batch("b", ["x"] * 5))
    clock_s = 0.0
    recorder = Recorder(Ledger(redis_client, queue_settings), "b", clock=lambda: clock_s)

    recorder.add(0, b"0")
    assert await service.results("b") == [b"0", None, None, None, None]
    recorder.add(1, b"1")
    assert await service.results("b") == [b"0", None, None, None, None]
    clock_s = FLUSH_S
    recorder.add(2, b"2")
    assert await service.results("b") == [b"0", b"1", b"2", None, None]
    recorder.add(3, b"3")
    recorder.flush()
    assert await service.results("b") == [b"0", b"1", b"2", b"3", None]
    await service.close()


async def test_it_says_when_no_more_results_are_wanted(queue_settings: Settings, redis_client: redis.Redis) -> None:
    service = await AsyncLedger.connect(queue_settings)
    await service.admit(new_batch("b", ["x"] * 3))
    recorder = Recorder(Ledger(redis_client, queue_settings), "b")
    recorder.add(0, b"0")
    assert not recorder.has_ended
    await service.cancel("b")
    recorder.add(1, b"1")
    recorder.flush()
    assert recorder.has_ended
    await service.close()
