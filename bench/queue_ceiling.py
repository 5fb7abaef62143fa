"""What one Redis carries: hundreds of simulated workers that take shards, claim, record and finish; none grades.

On a small machine it is the simulated workers that are slow, and not Redis. So Redis' own processor time is what is
measured (`INFO cpu`), per shard and per item; a second of it on one core is its ceiling. Printed beside it is what
was seen.
"""

import argparse
import asyncio
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import redis
from rich.console import Console
from rich.table import Table

from assay.contract import Detail
from assay.queue.async_ledger import AsyncLedger
from assay.queue.connection import connect
from assay.queue.embedded import EmbeddedValkey
from assay.queue.engine import fetch_job, shard_of, stems
from assay.queue.keys import Keys
from assay.queue.ledger import Ledger
from assay.queue.port import NewBatch
from assay.queue.scripts import FINISH
from assay.queue.sharing import TAKE
from assay.settings import Settings

PROCESSES: Final = 2
PAYLOAD: Final = b'{"id":"x","completion":"%s","rewards":[{"type":"format"}]}' % (b"word " * 100)
RESULT: Final = b'{"id":"x","index":0,"reward":1.0,"components":[%s]}' % (b'{"type":"format","score":1.0}' * 4)
BATCH_ITEMS: Final = 8192
SHARD_ITEMS: Final = (1, 8, 64)


@dataclass(frozen=True)
class Load:
    """What one round carried."""

    shard_items: int
    shards: int
    items: int
    seconds: float
    redis_s: float
    """Redis' processor time."""
    admit_s: float
    """Redis' processor time for the admission alone, over the same items."""


def main() -> None:
    """Measures and prints a table."""
    options = _parse_options()
    with tempfile.TemporaryDirectory() as folder, EmbeddedValkey(Path(folder)) as server:
        settings = Settings(redis_url=server.url, queue_name="ceiling", result_ttl_s=60)
        loads = [_round(settings, each, options.batches, options.workers) for each in SHARD_ITEMS]
    Console().print(_table(loads, options.workers))


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.queue_ceiling", description=__doc__)
    parser.add_argument("--workers", type=int, default=200, help="simulated workers")
    parser.add_argument("--batches", type=int, default=4, help=f"batches of {BATCH_ITEMS} items per round")
    return parser.parse_args()


def _round(settings: Settings, shard_items: int, batches: int, workers: int) -> Load:
    client = connect(settings)
    client.flushall()
    before_s = _processor_s(client)
    asyncio.run(_admit(settings, shard_items, batches))
    admit_s = _processor_s(client) - before_s
    context = get_context("fork")
    processes = [context.Process(target=_simulate, args=(settings, workers // PROCESSES)) for _ in range(PROCESSES)]
    before_s, started_s = _processor_s(client), time.perf_counter()
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    seconds, redis_s = time.perf_counter() - started_s, _processor_s(client) - before_s
    left = client.hlen(Keys(settings.queue_name).queued)
    if left or any(process.exitcode for process in processes):
        raise RuntimeError(f"{left} items are left, processes ended with {[each.exitcode for each in processes]}")
    items = BATCH_ITEMS * batches
    return Load(shard_items, -(-BATCH_ITEMS // shard_items) * batches, items, seconds, redis_s, admit_s)


async def _admit(settings: Settings, shard_items: int, batches: int) -> None:
    ledger = await AsyncLedger.connect(settings)
    for number in range(batches):
        await ledger.admit(_batch(f"b{number}", shard_items))
    await ledger.close()


def _batch(batch_id: str, shard_items: int) -> NewBatch:
    indices = range(BATCH_ITEMS)
    batch = NewBatch(
        batch_id=batch_id,
        items=dict.fromkeys(indices, PAYLOAD),
        results={},
        ids=tuple(map(str, indices)),
        detail=Detail.NONE,
        shards=tuple(tuple(indices[at : at + shard_items]) for at in range(0, BATCH_ITEMS, shard_items)),
        fingerprint="",
    )
    return replace(batch, work_s=dict.fromkeys(indices, 0.01))


def _simulate(settings: Settings, workers: int) -> None:
    threads = [threading.Thread(target=_work, args=(settings, f"{os.getpid()}-{each}")) for each in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _work(settings: Settings, name: str) -> None:
    client, keys = connect(settings), Keys(settings.queue_name)
    ledger, taken = Ledger(client, settings), keys.taken(name)
    finish = client.register_script(FINISH)
    for job_id in _taken(client, keys, taken, settings):
        job = fetch_job(client, job_id)
        if shard := shard_of(job):
            claim = ledger.claim(shard.batch_id, shard.indices)
            ledger.record(shard.batch_id, {index: RESULT for index, _ in claim.items})
        finish(keys=[taken, job.key], args=[job_id])
    client.close()


def _taken(client: redis.Redis, keys: Keys, taken: str, settings: Settings) -> Iterator[str]:
    """The jobs that fall to a worker, until there are none."""
    take = client.register_script(TAKE)
    while job_id := take(keys=[*keys.sharing, taken], args=stems(settings.queue_name)):
        yield job_id.decode()


def _processor_s(client: redis.Redis) -> float:
    usage = client.info("cpu")
    return float(usage["used_cpu_user"]) + float(usage["used_cpu_sys"])


def _table(loads: list[Load], workers: int) -> Table:
    headings = (
        "items per shard",
        "seen",
        "Redis per shard",
        "Redis per item, admission included",
        "ceiling of Redis",
    )
    table = Table(*headings, title=f"{workers} simulated workers on {len(os.sched_getaffinity(0))} cores")
    for load in loads:
        per_shard_us = 1e6 * load.redis_s / load.shards
        per_item_us = 1e6 * (load.redis_s + load.admit_s) / load.items
        shards_per_s = load.shards / (load.redis_s + load.admit_s)
        table.add_row(
            f"{load.shard_items}",
            f"{load.shards / load.seconds:,.0f} shards/s, {load.items / load.seconds:,.0f} items/s",
            f"{per_shard_us:.0f} µs",
            f"{per_item_us:.0f} µs",
            f"{shards_per_s:,.0f} shards/s, {1e6 / per_item_us:,.0f} items/s",
        )
    return table


if __name__ == "__main__":
    main()
