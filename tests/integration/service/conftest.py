"""A running service, and a worker that grades without running anything."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from assay.contract import ComponentResult, ErrorInfo, Item, ItemResult, TestResult, Verdict
from assay.queue.connection import connect
from assay.queue.engine import fetch_job, shard_of, stems
from assay.queue.keys import Keys
from assay.queue.ledger import Ledger
from assay.queue.sharing import TAKE
from assay.queue.suites import parse_suite, read_item, referred_suites
from assay.settings import Settings

StartService = Callable[..., "Service"]


class Service:
    """``python -m assay_service`` as a process."""

    def __init__(self, **settings: object) -> None:
        given = {f"ASSAY_{name.upper()}": str(value) for name, value in settings.items()}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "assay_service"],
            env={**os.environ, "ASSAY_PORT": "0", **given},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self.process.stdout is not None
        self.announcement = self.process.stdout.readline()
        self.url = self.announcement.rpartition(" ")[2].strip()
        self._output: list[str] = []
        self._drain = threading.Thread(target=self._output.extend, args=(self.process.stdout,))
        self._drain.start()

    def stop(self) -> int:
        """Asks it to stop; its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(20)
        self._drain.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return status

    @property
    def output(self) -> str:
        """What it wrote and logged, once it has stopped."""
        return "".join(self._output)


class FakeWorker:
    """Takes shards from the queue and rewards each item with the length of its completion.

    It leaves items alone whose completion begins with `hold`: a test records those with `record`. What begins with
    `lose` is lost (`worker_lost`) the first time.
    """

    def __init__(self, settings: Settings) -> None:
        self._client = connect(settings)
        self._ledger = Ledger(self._client, settings)
        self._keys = Keys(settings.queue_name)
        self._stems = stems(settings.queue_name)
        self._take = self._client.register_script(TAKE)
        self._client.zadd(Keys(settings.queue_name).workers, {"fake": time.time() + 3600})
        self._lost: set[str] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def record(self, batch_id: str, *indices: int) -> None:
        """Records results of items that are held."""
        results = {
            index: ItemResult(id=f"i{index}", index=index, reward=1.0).model_dump_json().encode()
            for index in indices
        }
        self._ledger.record(batch_id, results)

    def stop(self) -> None:
        """Ends the thread."""
        self._stop.set()
        self._thread.join()
        self._client.close()

    def _work(self) -> None:
        while not self._stop.is_set():
            taken: Any = self._take(keys=[*self._keys.sharing, self._keys.taken("fake")], args=self._stems)
            if taken is None:
                self._client.blpop([self._keys.bell], timeout=0.05)
            elif shard := shard_of(fetch_job(self._client, taken.decode())):
                self._grade(shard.batch_id, shard.indices)

    def _grade(self, batch_id: str, indices: tuple[int, ...]) -> None:
        results = {}
        claim = self._ledger.claim(batch_id, indices)
        names = sorted(referred_suites(payload for _, payload in claim.items))
        suites = {n: parse_suite(json.loads(text)) for n, text in self._ledger.suites(batch_id, names).items()}
        for index, payload in claim.items:
            item = read_item(payload, suites.__getitem__)
            text = item.completion or item.code or ""
            if text.startswith("lose") and text not in self._lost:
                self._lost.add(text)
                error = ErrorInfo(code="worker_lost", message="lost", retryable=True)
                lost = ItemResult(id=item.id, index=index, reward=None, error=error)
                results[index] = lost.model_dump_json().encode()
            elif not text.startswith("hold"):
                graded = _graded(item, index, float(len(text)))
                results[index] = graded.model_dump_json().encode()
        self._ledger.record(batch_id, results)


def _graded(item: Item, index: int, reward: float) -> ItemResult:
    """A result; with a component where the item's first reward runs a program, which printed itself."""
    components: tuple[ComponentResult, ...] = ()
    if item.rewards[0].type in ("run", "code", "ioi_code"):
        verdict = Verdict.ACCEPTED
        test = TestResult(verdict=verdict, exit_code=0, stdout=item.code or item.completion, wall_ms=1, files={})
        components = (
            ComponentResult(type=item.rewards[0].type, score=1, weight=1, verdict=verdict, tests=(test,)),
        )
    return ItemResult(id=item.id, index=index, group=item.group, reward=reward, components=components)


@pytest.fixture(scope="session")
def service_settings(valkey_url: str) -> Settings:
    """The queue that all services and the worker of these tests share."""
    return Settings(redis_url=valkey_url, queue_name="service-tests", workers=2, max_body_mb=24)


@pytest.fixture(scope="session")
def worker(service_settings: Settings) -> Iterator[FakeWorker]:
    """The one worker of these tests."""
    worker = FakeWorker(service_settings)
    yield worker
    worker.stop()


@pytest.fixture(scope="session")
def service(service_settings: Settings, worker: FakeWorker) -> Iterator[Service]:
    """The service that most tests share."""
    service = _start(service_settings)
    yield service
    assert service.stop() == 0
    assert "request_failed" not in service.output
    assert "Traceback" not in service.output


@pytest.fixture
def start_service(service_settings: Settings, worker: FakeWorker) -> Iterator[StartService]:
    """Starts a service with settings of its own."""
    started: list[Service] = []

    def start(**overrides: object) -> Service:
        started.append(_start(service_settings, **overrides))
        return started[-1]

    yield start
    for service in started:
        service.stop()


@pytest.fixture
def http(service: Service) -> Iterator[httpx.Client]:
    """A client of the shared service."""
    with httpx.Client(base_url=service.url, timeout=30) as client:
        yield client


def _start(settings: Settings, **overrides: object) -> Service:
    shared = settings.model_dump(include={"redis_url", "queue_name", "workers", "max_body_mb"})
    return Service(**{**shared, **overrides})
