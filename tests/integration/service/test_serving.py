"""The service as a process: start, readiness, stop."""

import threading
import time
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from assay.queue.embedded import EmbeddedValkey
from tests.integration.service.conftest import FakeWorker, StartService
from tests.integration.service.test_batches import item, submit


def test_a_free_port_is_announced_and_the_service_lives_and_is_ready(http: httpx.Client) -> None:
    assert http.get("/healthz").json() == {"status": "ok"}
    assert http.get("/readyz").json()["workers"] == 1


def test_without_a_worker_it_lives_but_is_not_ready(start_service: StartService) -> None:
    url = start_service(queue_name=f"empty-{uuid4().hex[:8]}").url
    response = httpx.get(f"{url}/readyz")
    assert (response.status_code, response.json()["code"]) == (503, "not_ready")
    assert httpx.get(f"{url}/healthz").status_code == 200


def test_without_redis_it_says_so_and_exits(start_service: StartService) -> None:
    service = start_service(redis_url="unix:///nowhere/valkey.sock")
    assert service.announcement.startswith("queue_unavailable: ")
    assert service.process.wait(10) == 1


@pytest.mark.slow
def test_when_redis_goes_away_it_lives_and_answers_with_a_code(start_service: StartService, tmp_path: Path) -> None:
    with EmbeddedValkey(tmp_path) as server:
        url = start_service(redis_url=server.url).url
    for response in (
        httpx.get(f"{url}/readyz", timeout=30),
        httpx.post(f"{url}/v1/rewards", json={"items": [item(0)]}, timeout=30),
    ):
        assert (response.status_code, response.json()["code"]) == (503, "queue_unavailable")
        assert "retry-after" in response.headers
    assert httpx.get(f"{url}/healthz").status_code == 200


def test_a_stop_ends_waiting_requests_with_a_code_and_exits_cleanly(
    start_service: StartService, worker: FakeWorker
) -> None:
    service = start_service()
    answers: dict[str, httpx.Response] = {}
    with httpx.Client(base_url=service.url, timeout=30) as http:
        batch_id = submit(http, "hold")

    def ask(method: str, route: str, **request: object) -> None:
        answers[route] = httpx.request(method, service.url + route, timeout=30, **request)  # type: ignore[arg-type]

    waiting = [
        threading.Thread(target=ask, args=("POST", "/v1/rewards"), kwargs={"json": {"items": [item(0, "hold")]}}),
        threading.Thread(target=ask, args=("GET", f"/v1/batches/{batch_id}?wait_s=60")),
        threading.Thread(
            target=ask,
            args=("GET", f"/v1/batches/{batch_id}/results"),
            kwargs={"headers": {"Accept": "text/event-stream"}},
        ),
    ]
    for thread in waiting:
        thread.start()
    time.sleep(0.5)
    began_s = time.monotonic()
    assert service.stop() == 0
    assert time.monotonic() - began_s < 5
    for thread in waiting:
        thread.join()
    rewards = answers["/v1/rewards"]
    assert (rewards.status_code, rewards.json()["code"]) == (503, "shutting_down")
    poll = answers[f"/v1/batches/{batch_id}?wait_s=60"]
    assert (poll.status_code, poll.json()["code"]) == (503, "shutting_down")
    assert '"code":"shutting_down"' in answers[f"/v1/batches/{batch_id}/results"].text
    for held in (batch_id, rewards.json()["batch_id"]):
        worker.record(held, 0)


def test_a_stop_breaks_off_a_stream_of_lines(start_service: StartService, worker: FakeWorker) -> None:
    service = start_service()
    with httpx.Client(base_url=service.url, timeout=30) as http:
        batch_id = submit(http, "hold")
        with http.stream("GET", f"/v1/batches/{batch_id}/results") as response:
            assert service.stop() == 0
            with pytest.raises(httpx.RemoteProtocolError):
                response.read()
    assert "stream_broken_off" in service.output
    assert "Traceback" not in service.output
    worker.record(batch_id, 0)
