"""The routes of batches, on a real queue."""

import threading
import time
from typing import Any

import httpx
import pytest

from assay.contract import BatchResult
from tests.integration.service.conftest import FakeWorker, Service, StartService


def item(number: int, completion: str = "abc") -> dict[str, Any]:
    return {"id": f"i{number}", "completion": completion, "rewards": [{"type": "format"}]}


def submit(http: httpx.Client, *completions: str, **headers: str) -> str:
    items = [item(number, text) for number, text in enumerate(completions)]
    response = http.post("/v1/batches", json={"items": items}, headers=headers)
    assert response.status_code == 202
    return str(response.json()["id"])


def test_rewards_come_back_in_request_order_with_a_summary(http: httpx.Client) -> None:
    response = http.post("/v1/rewards", json={"items": [item(0, "a"), {"id": "bad"}, item(2, "abc")]})
    batch = BatchResult.model_validate_json(response.content)
    assert response.status_code == 200
    assert [(result.id, result.reward) for result in batch.results or ()] == [
        ("i0", 1.0),
        ("bad", None),
        ("i2", 3.0),
    ]
    assert list(response.json()) == ["id", "status", "total", "done", "results", "summary"]
    assert batch.summary is not None
    assert (batch.summary.mean_reward, batch.summary.error_codes) == (2.0, {"invalid_item": 1})


def test_a_batch_of_nothing_but_bad_items_ends_at_once(http: httpx.Client) -> None:
    answer = http.post("/v1/rewards", json={"items": [1, 2]}).json()
    assert (answer["status"], answer["summary"]["errors"]) == ("finished", 2)


def test_a_submitted_batch_can_be_polled_at_its_location(http: httpx.Client) -> None:
    response = http.post("/v1/batches", json={"items": [item(0)]})
    polled = http.get(response.headers["location"], params={"wait_s": 10})
    assert (response.status_code, polled.json()["status"]) == (202, "finished")


def test_a_poll_waits_for_the_end_and_no_longer(http: httpx.Client, worker: FakeWorker) -> None:
    batch_id = submit(http, "hold")
    early = http.get(f"/v1/batches/{batch_id}", params={"wait_s": 0.1}).json()
    assert early == {"id": batch_id, "status": "running", "total": 1, "done": 0}
    threading.Timer(0.2, worker.record, (batch_id, 0)).start()
    began_s = time.monotonic()
    ended = http.get(f"/v1/batches/{batch_id}", params={"wait_s": 30}).json()
    assert (ended["status"], time.monotonic() - began_s < 10) == ("finished", True)


def test_cancelling_answers_open_items_with_an_error_and_keeps_the_others(http: httpx.Client) -> None:
    batch_id = submit(http, "hold", "ab")
    while http.get(f"/v1/batches/{batch_id}").json()["done"] == 0:
        time.sleep(0.01)
    answer = http.delete(f"/v1/batches/{batch_id}").json()
    assert (answer["status"], answer["summary"]["error_codes"]) == ("cancelled", {"cancelled": 1})
    assert answer["results"][1]["reward"] == 2.0
    assert http.delete(f"/v1/batches/{batch_id}").json() == answer


def test_the_same_key_and_body_are_one_batch(http: httpx.Client) -> None:
    first = submit(http, "a", **{"Idempotency-Key": "one"})
    assert submit(http, "a", **{"Idempotency-Key": "one"}) == first
    assert submit(http, "a", **{"Idempotency-Key": "two"}) != first


def test_the_same_key_with_another_body_is_a_conflict(http: httpx.Client) -> None:
    submit(http, "a", **{"Idempotency-Key": "three"})
    response = http.post("/v1/batches", json={"items": [item(7)]}, headers={"Idempotency-Key": "three"})
    assert (response.status_code, response.json()["code"]) == (409, "idempotency_conflict")


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("batch_id", ["0" * 32, "x", "%00", "a:meta", "..%2Fx"])
def test_an_unknown_batch_is_not_found(http: httpx.Client, method: str, batch_id: str) -> None:
    response = http.request(method, f"/v1/batches/{batch_id}")
    assert (response.status_code, response.json()["code"] in {"batch_not_found", "not_found"}) == (404, True)


def test_rewards_that_take_too_long_name_the_batch_which_goes_on(
    start_service: StartService, worker: FakeWorker
) -> None:
    url = start_service(rewards_timeout_s=0.2).url
    response = httpx.post(f"{url}/v1/rewards", json={"items": [item(0, "hold")]})
    problem = response.json()
    assert (response.status_code, problem["code"]) == (504, "deadline_exceeded")
    worker.record(problem["batch_id"], 0)
    assert httpx.get(url + response.headers["location"]).json()["status"] == "finished"


def test_a_caller_who_hangs_up_cancels_the_batch_unless_it_can_be_asked_for_again(
    http: httpx.Client, service: Service, worker: FakeWorker
) -> None:
    queued = http.get("/readyz").json()["queued_items"]
    body = {"items": [item(0, "hold up")]}
    key = {"Idempotency-Key": "kept"}
    for headers in ({}, key):
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{service.url}/v1/rewards", json=body, headers=headers, timeout=0.3)
    kept = http.post("/v1/batches", json=body, headers=key).json()
    time.sleep(2.5)
    assert http.get(f"/v1/batches/{kept['id']}").json()["status"] == "running"
    assert http.get("/readyz").json()["queued_items"] == queued + 1
    worker.record(kept["id"], 0)


def test_more_items_than_may_be_queued_are_asked_to_come_again(start_service: StartService) -> None:
    url = start_service(max_queued_items=1).url
    response = httpx.post(f"{url}/v1/batches", json={"items": [item(0), item(1)]})
    assert (response.status_code, response.json()["code"]) == (429, "queue_full")
    assert int(response.headers["retry-after"]) > 0


def test_a_batch_and_its_items_end_at_their_deadlines(http: httpx.Client) -> None:
    items = [item(0), {**item(1, "hold"), "deadline_s": 0.2}, item(2, "hold")]
    batch = http.post("/v1/rewards", json={"items": items, "deadline_s": 0.6}).json()
    assert batch["status"] == "finished"
    assert [result["reward"] for result in batch["results"]] == [3.0, None, None]
    assert [result["error"]["code"] for result in batch["results"][1:]] == ["deadline_exceeded"] * 2
    assert batch["summary"]["error_codes"] == {"deadline_exceeded": 2}


@pytest.mark.parametrize(
    ("field", "value"),
    [("priority", "urgent"), ("priority", 1), ("deadline_s", 0), ("deadline_s", "1"), ("deadline_s", True)],
)
def test_how_a_batch_is_served_is_checked(http: httpx.Client, field: str, value: object) -> None:
    response = http.post("/v1/batches", json={"items": [item(0)], field: value})
    assert (response.status_code, response.json()["path"]) == (422, field)
    assert response.json()["hint"]


def test_a_full_queue_says_when_to_come_back(start_service: StartService) -> None:
    service = start_service(queue_name="full-queue", max_queued_work_s=0.01)
    with httpx.Client(base_url=service.url, timeout=30) as http:
        assert http.post("/v1/batches", json={"items": [item(number) for number in range(12)]}).status_code == 202
        response = http.post("/v1/batches", json={"items": [item(number) for number in range(12)]})
    assert (response.status_code, response.json()["code"]) == (429, "queue_full")
    assert response.headers["retry-after"] == "600", "nobody works on this queue"
