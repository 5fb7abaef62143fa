"""Real worker processes on a real server, with a grader that obeys its items, and real `SIGKILL`s."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from assay.contract import BatchStatus, ItemResult
from assay.queue.async_ledger import AsyncLedger
from assay.queue.embedded import EmbeddedValkey
from assay.queue.keys import Keys
from assay.settings import Settings
from assay_workers.recovery import Recovery
from tests.fixtures.batches import new_batch

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[3]
StartWorkers = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start_workers(queue_settings: Settings) -> Iterator[StartWorkers]:
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, workers: int = 1, redis_url: str | None = None) -> "subprocess.Popen[str]":
        environment = {
            "ASSAY_REDIS_URL": redis_url or str(queue_settings.redis_url),
            "ASSAY_QUEUE_NAME": queue_settings.queue_name,
            "ASSAY_SHARD_LEASE_S": str(queue_settings.shard_lease_s),
            "ASSAY_WORKERS": str(workers),
        }
        command = [sys.executable, "-m", "tests.fixtures.fake_grader", *arguments]
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


async def _ready(service: AsyncLedger, workers: int = 1) -> None:
    async with asyncio.timeout(20):
        while (await service.depth()).workers != workers:
            await asyncio.sleep(0.02)


async def _finished(service: AsyncLedger, batch_id: str, timeout_s: float = 30) -> list[ItemResult]:
    state = None
    async with asyncio.timeout(timeout_s):
        while state is None or state.status == BatchStatus.RUNNING:
            state = await service.wait(batch_id, -1 if state is None else state.done, timeout_s)
    results = [ItemResult.model_validate_json(text or b"") for text in await service.results(batch_id)]
    log = [index for index, _ in await service.log(batch_id, 0, 10_000)]
    assert sorted(log) == list(range(len(results))), "every item is answered exactly once"
    return results


def _codes(results: list[ItemResult]) -> list[str | None]:
    return [None if result.error is None else result.error.code for result in results]


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


async def test_workers_grade_a_batch_and_leave_nothing_behind_in_the_queue(
    service: AsyncLedger, start_workers: StartWorkers, redis_client: redis.Redis, queue_settings: Settings
) -> None:
    start_workers(workers=2)
    await _ready(service, 2)
    await service.admit(new_batch("whole", ["x" * n for n in range(40)], shards=[range(20), range(20, 40)]))
    assert [result.reward for result in await _finished(service, "whole")] == [float(n) for n in range(40)]
    await asyncio.sleep(0.1)
    assert redis_client.keys("rq:job:whole-*") == []
    assert redis_client.keys(f"{queue_settings.queue_name}:taken:*") == []


async def test_a_failure_of_ours_is_an_error_and_never_a_score(
    service: AsyncLedger, start_workers: StartWorkers
) -> None:
    start_workers()
    await service.admit(new_batch("b", ["raise", "lost", "x"], shards=[[0, 1, 2]]))
    results = await _finished(service, "b")
    assert _codes(results) == ["internal", "sandbox_lost", None]
    assert [result.reward for result in results] == [None, None, 1.0]
    assert [(result.id, result.group) for result in results[:2]] == [("item0", "g"), ("item1", "g")]


async def test_an_item_that_kills_workers_ends_up_alone_and_its_neighbours_are_graded(
    service: AsyncLedger, start_workers: StartWorkers
) -> None:
    start_workers(workers=2)
    completions = ["x"] * 8
    completions[5] = "kill"
    await service.admit(new_batch("b", completions, shards=[range(8)]))
    results = await _finished(service, "b")
    assert _codes(results) == [None] * 5 + ["worker_lost"] + [None] * 2
    assert results[5].reward is None
    assert (await service.depth()).items == 0


async def test_the_shard_of_a_killed_worker_is_taken_up_again_within_two_seconds(
    service: AsyncLedger, start_workers: StartWorkers
) -> None:
    supervisor = start_workers()
    await _ready(service)
    await service.admit(new_batch("b", ["x", "sleep 0.4", "y"], shards=[[0, 1, 2]]))
    await service.wait("b", 0, 5)
    (worker,) = _children(supervisor.pid)
    os.kill(worker, signal.SIGKILL)
    killed_s = time.monotonic()
    assert _codes(await _finished(service, "b")) == [None] * 3
    assert time.monotonic() - killed_s < 2.4


async def test_a_worker_whose_machine_is_gone_loses_its_shard_with_its_lease(
    service: AsyncLedger, redis_client: redis.Redis, queue_settings: Settings
) -> None:
    await service.admit(new_batch("b", ["x", "y"], shards=[[0, 1]]))
    keys = Keys(queue_settings.queue_name)
    redis_client.zadd(keys.workers, {"gone": time.time() + 0.3})
    redis_client.lmove(f"rq:queue:{queue_settings.queue_name}.everyone.normal", keys.taken("gone"))
    recovery = Recovery(redis_client, queue_settings)
    recovery.sweep()
    assert (await service.depth()).shards == 0
    await asyncio.sleep(0.4)
    recovery.sweep()
    assert (await service.depth()).shards == 1
    assert redis_client.exists(keys.taken("gone")) == 0


async def test_a_lease_of_before_the_clock_was_set_back_ends_no_later_than_any(
    service: AsyncLedger, redis_client: redis.Redis, queue_settings: Settings
) -> None:
    workers = Keys(queue_settings.queue_name).workers
    seconds, _ = redis_client.time()
    redis_client.zadd(workers, {"gone": seconds + 3600})
    Recovery(redis_client, queue_settings).sweep()
    left_s = (redis_client.zscore(workers, "gone") or 0) - seconds
    assert left_s <= queue_settings.shard_lease_s + 1
    assert (await service.depth()).workers == 1


async def test_a_dead_worker_is_forgotten_when_nothing_can_come_of_it(
    redis_client: redis.Redis, queue_settings: Settings
) -> None:
    keys = Keys(queue_settings.queue_name)
    redis_client.zadd(keys.workers, {"long dead": time.time() - 60, "just dead": time.time() - 1})
    Recovery(redis_client, queue_settings).sweep()
    assert redis_client.zrange(keys.workers, 0, -1) == [b"just dead"]


async def test_a_long_shard_of_a_living_worker_is_not_given_away(
    service: AsyncLedger, start_workers: StartWorkers, redis_client: redis.Redis, queue_settings: Settings
) -> None:
    start_workers(workers=2)
    await _ready(service, 2)
    await service.admit(new_batch("b", [f"sleep {queue_settings.shard_lease_s + 1}"]))
    await _finished(service, "b")
    assert redis_client.hgetall(f"{queue_settings.queue_name}:queued") == {}
    assert (await service.depth()).workers == 2


async def test_a_cancelled_batch_stops_at_the_next_item(service: AsyncLedger, start_workers: StartWorkers) -> None:
    start_workers()
    await _ready(service)
    await service.admit(new_batch("b", ["sleep 0.2"] * 50, shards=[range(50)]))
    await service.wait("b", 0, 5)
    await service.cancel("b")
    cancelled_s = time.monotonic()
    await service.admit(new_batch("next", ["x"]))
    await _finished(service, "next")
    assert time.monotonic() - cancelled_s < 2


async def test_sigterm_lets_the_shard_in_progress_finish_and_takes_no_other(
    service: AsyncLedger, start_workers: StartWorkers
) -> None:
    supervisor = start_workers()
    await _ready(service)
    await service.admit(new_batch("b", ["x", "sleep 0.5", "y"], shards=[[0, 1], [2]]))
    await service.wait("b", 0, 5)
    supervisor.terminate()
    assert supervisor.wait(10) == 0
    assert [text is None for text in await service.results("b")] == [False, False, True]
    depth = await service.depth()
    assert (depth.shards, depth.workers) == (1, 0)


async def test_a_second_signal_ends_at_once_and_gives_the_shard_back(
    service: AsyncLedger, start_workers: StartWorkers
) -> None:
    supervisor = start_workers()
    await _ready(service)
    await service.admit(new_batch("b", ["x", "sleep 20"], shards=[[0, 1]]))
    await service.wait("b", 0, 5)
    supervisor.terminate()
    await asyncio.sleep(0.2)
    supervisor.send_signal(signal.SIGINT)
    assert supervisor.wait(3) == 0
    assert (await service.depth()).shards == 1


async def test_workers_die_with_a_killed_supervisor(service: AsyncLedger, start_workers: StartWorkers) -> None:
    supervisor = start_workers(workers=2)
    await _ready(service, 2)
    workers = _children(supervisor.pid)
    supervisor.kill()
    supervisor.wait()
    await asyncio.sleep(0.3)
    alive = [pid for pid in workers if Path(f"/proc/{pid}").exists()]
    assert [pid for pid in alive if ") Z " not in Path(f"/proc/{pid}/stat").read_text()] == []


async def test_a_machine_that_cannot_isolate_programs_is_told_so(start_workers: StartWorkers) -> None:
    supervisor = start_workers("refuse")
    output, _ = await asyncio.to_thread(supervisor.communicate, timeout=20)
    assert supervisor.returncode == 1
    assert "user namespaces are forbidden" in output


async def test_workers_outlast_a_redis_that_is_away_for_a_while(
    tmp_path: Path, queue_settings: Settings, start_workers: StartWorkers
) -> None:
    data_dir = tmp_path / "away"
    server = EmbeddedValkey(data_dir)
    try:
        settings = queue_settings.model_copy(update={"redis_url": server.start()})
        start_workers(redis_url=server.url)
        service = await AsyncLedger.connect(settings)
        await _ready(service)
        server.stop()
        await asyncio.sleep(0.5)
        assert server.start() == settings.redis_url
        await service.admit(new_batch("b", ["x"]))
        assert _codes(await _finished(service, "b", 10)) == [None]
        await service.close()
    finally:
        server.stop()


def test_the_program_of_the_workers_says_what_is_missing(queue_settings: Settings) -> None:
    environment = {"ASSAY_REDIS_URL": f"unix://{queue_settings.data_dir}/none", "ASSAY_LOG_FORMAT": "json"}
    command = [sys.executable, "-m", "assay_workers.supervisor", "--parent", str(os.getpid())]
    ended = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, timeout=20
    )
    assert ended.returncode == 1
    assert "queue_unavailable" in ended.stderr
