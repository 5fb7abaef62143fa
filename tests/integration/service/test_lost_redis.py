"""A Redis that comes back without its data: who asks for a batch of before is told, and nobody waits for ever."""

import os
import signal
import threading
from pathlib import Path

import httpx

from assay.queue.embedded import EmbeddedValkey
from assay.settings import Settings
from tests.integration.service.conftest import FakeWorker, Service
from tests.integration.service.test_batches import item


def test_batches_of_before_are_told_lost_and_new_ones_are_taken(tmp_path: Path) -> None:
    server = EmbeddedValkey(tmp_path)
    service = Service(redis_url=server.start(), queue_name="lost")
    answers: dict[str, httpx.Response] = {}

    def ask(name: str, method: str, path: str, **request: object) -> None:
        answers[name] = httpx.request(method, service.url + path, timeout=60, **request)  # type: ignore[arg-type]

    try:
        held = {"items": [item(0, "hold")]}
        batch_id = httpx.post(service.url + "/v1/batches", json=held).json()["id"]
        waiting = [
            threading.Thread(target=ask, args=("poll", "GET", f"/v1/batches/{batch_id}?wait_s=60")),
            threading.Thread(target=ask, args=("rewards", "POST", "/v1/rewards"), kwargs={"json": held}),
        ]
        for thread in waiting:
            thread.start()
        assert server.pid is not None
        threading.Event().wait(1)
        os.kill(server.pid, signal.SIGKILL)
        server.stop()
        server.start()
        for thread in waiting:
            thread.join(30)
        assert {name: answer.json()["code"] for name, answer in answers.items()} == {
            "poll": "batch_not_found",
            "rewards": "batch_not_found",
        }
        ask("stream", "GET", f"/v1/batches/{batch_id}/results")
        assert answers["stream"].status_code == 404
        assert httpx.post(service.url + "/v1/batches", json=held).status_code == 202
    finally:
        service.stop()
        server.stop()


def test_who_is_held_is_answered_all_the_same(tmp_path: Path) -> None:
    server = EmbeddedValkey(tmp_path)
    url = server.start()
    service = Service(redis_url=url, queue_name="lost")
    answers: list[httpx.Response] = []
    asked = {"prompt": "p", "response": "abc", "label": "4"}
    waiting = threading.Thread(
        target=lambda: answers.append(httpx.post(service.url + "/compat/slime", json=asked, timeout=60))
    )
    try:
        waiting.start()
        threading.Event().wait(1)
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)  # the batch is gone with it
        server.stop()
        threading.Event().wait(4)  # longer than the service's own patience with a Redis that is away
        server.start()
        worker = FakeWorker(Settings(redis_url=url, queue_name="lost"))
        waiting.join(30)
        worker.stop()
        assert answers[0].json() == {"score": 3.0, "correct": 0.0}
    finally:
        service.stop()
        server.stop()
