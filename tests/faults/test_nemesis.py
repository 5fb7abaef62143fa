"""Assay under a nemesis: every item is answered once and truly, and nothing stays behind.

`ASSAY_FAULTS_S` is how long it rages (60 s; 600 s in a thorough run), `ASSAY_FAULTS_SEED` what it chooses.
"""

import json
import os
import random
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
import redis

from assay.client import Client
from assay.queue.keys import Keys
from tests.faults.checker import find_faults
from tests.faults.nemesis import Nemesis
from tests.faults.stack import QUEUE, Stack
from tests.faults.workload import TEMPLATES, ClientLog, run_client
from tests.fixtures.declining import decline
from tests.fixtures.thorough import THOROUGH

pytestmark = pytest.mark.slow

RAGE_S: Final = float(os.environ.get("ASSAY_FAULTS_S") or (600 if THOROUGH else 60))
SEED: Final = int(os.environ.get("ASSAY_FAULTS_SEED") or random.SystemRandom().randrange(1 << 32))
CLIENTS: Final = 6
DISK: Final = "size=512m"
SETTLING_S: Final = 60.0
LASTING: Final = {f"{QUEUE}:workers", f"{QUEUE}:clocks", f"{QUEUE}:rates", "rq:queues"}
"""Keys without an end, none of which grows with the number of batches."""
WORKERS: Final = "rq:workers"
"""RQ's sets of workers, from which those that start remove the dead."""


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A small file system, for Redis to fill."""
    folder = tmp_path / "data"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", DISK, "tmpfs", folder], capture_output=True, text=True)
    if mounted.returncode:
        decline(f"no file system can be mounted to be filled: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def stack(tmp_path: Path, data: Path) -> Iterator[Stack]:
    stack = Stack(tmp_path, data)
    try:
        stack.start()
        yield stack
    finally:
        stack.kill()


def test_every_item_is_answered_once_and_truly_whatever_breaks(stack: Stack) -> None:
    print(f"\nseed {SEED}")
    expected = {name: _rewards_without_faults(stack, name) for name in TEMPLATES}
    assert {1.0, 0.5, 0.0} <= set(expected["mixed"])
    log, nemesis = ClientLog(), Nemesis(stack, SEED)
    is_over = threading.Event()
    clients = [
        threading.Thread(target=run_client, args=(stack.urls, log, is_over.is_set, SEED + number))
        for number in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    try:
        nemesis.rage(RAGE_S)
    finally:
        is_over.set()
        for client in clients:
            client.join()
    _report(log, nemesis)
    assert [name for name in nemesis.faults if not nemesis.done[name]] == [], "everything has happened"
    assert log.lost == []
    assert "\n".join(find_faults(log.batches, expected)) == ""
    assert len(log.batches) > RAGE_S / 10, "clients got their work done"
    _expect_an_empty_queue(stack)
    assert stack.stop() == set(), "processes are left"
    assert list(stack.temporary.iterdir()) == []


def _rewards_without_faults(stack: Stack, template: str) -> list[float]:
    with Client(stack.urls[0]) as client:
        results = client.grade(TEMPLATES[template], timeout_s=60).results
    assert results is not None
    rewards = [result.reward for result in results]
    assert None not in rewards, f"{template} is graded"
    return [reward for reward in rewards if reward is not None]


def _expect_an_empty_queue(stack: Stack) -> None:
    """Also batches whose caller hung up have an end, and leave nothing that lasts."""
    end_s = time.monotonic() + SETTLING_S
    with stack.client() as client:
        while (left := _lasting_keys(client)) and time.monotonic() < end_s:
            time.sleep(0.2)
        assert left == {}
        assert client.zcard(Keys(QUEUE).workers) <= 2 * len(stack.supervisors)


def _lasting_keys(client: redis.Redis) -> dict[str, str]:
    keys = [key.decode() for key in client.scan_iter(count=1000)]
    lasting = {key for key in keys if client.ttl(key) == -1} - LASTING
    return {key: str(client.type(key)) for key in lasting if not key.startswith(WORKERS)}


def _report(log: ClientLog, nemesis: Nemesis) -> None:
    report = {
        "seed": SEED,
        "batches": len(log.batches),
        "items": sum(len(batch.final) for batch in log.batches),
        "begun more than once": sum(answer.attempts > 1 for batch in log.batches for answer in batch.final),
        "refused": sorted(set(log.refused)),
        "faults": dict(nemesis.done),
    }
    print(json.dumps(report, indent=2))
