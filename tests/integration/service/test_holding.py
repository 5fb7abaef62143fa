"""A request of another service's client is held until it is answered, or until that client would give up."""

import secrets
import threading
import time
from typing import Any

import httpx

from tests.integration.service.conftest import FakeWorker, Service, StartService

PATH = "/compat/slime"


def body(response: str) -> dict[str, Any]:
    return {"prompt": "p", "response": response, "label": "4"}


def unique(word: str) -> str:
    return f"{word} {secrets.token_hex(8)}"


def ask(service: Service, response: str) -> httpx.Response:
    return httpx.post(service.url + PATH, json=body(response), timeout=60)


def test_who_asks_the_same_again_gets_the_batch_that_went_on(
    start_service: StartService, worker: FakeWorker
) -> None:
    service, response = start_service(rewards_timeout_s=0.5), unique("hold")
    late = ask(service, response)
    assert (late.status_code, late.json()["code"]) == (504, "deadline_exceeded")
    worker.record(late.json()["batch_id"], 0)
    again = ask(service, response)
    assert (again.status_code, again.json()) == (200, {"score": 1.0, "correct": 0.0})
    third = ask(service, response)
    assert third.json()["batch_id"] != late.json()["batch_id"], "an answered batch is not taken over"


def test_who_asks_again_too_early_waits_for_the_same_batch(start_service: StartService, worker: FakeWorker) -> None:
    service, response = start_service(rewards_timeout_s=0.5), unique("hold")
    batches = {ask(service, response).json()["batch_id"] for _ in range(3)}
    assert len(batches) == 1
    worker.record(batches.pop(), 0)
    assert ask(service, response).status_code == 200


def test_whoever_asks_something_else_does_not(start_service: StartService) -> None:
    service = start_service(rewards_timeout_s=0.5)
    batches = {ask(service, unique("hold")).json()["batch_id"] for _ in range(2)}
    assert len(batches) == 2


def test_an_item_that_was_lost_is_judged_again(service: Service) -> None:
    response = unique("lose")
    assert ask(service, response).json() == {"score": float(len(response)), "correct": 0.0}


def test_of_several_items_only_those_that_were_lost_are_judged_again(service: Service) -> None:
    lost, kept = unique("lose"), unique("keep")
    asked = {"query": [kept, lost, kept], "prompts": [""] * 3, "labels": ["4"] * 3}
    answer = httpx.post(service.url + "/get_reward", json=asked, timeout=60)
    assert answer.json()["rewards"] == [float(len(kept)), float(len(lost)), float(len(kept))]


def test_a_full_queue_is_waited_for(start_service: StartService, worker: FakeWorker) -> None:
    service = start_service(max_queued_items=1, queue_name=f"full-{secrets.token_hex(4)}", rewards_timeout_s=2)
    first = ask(service, unique("hold"))  # of a queue without a worker: it stays
    assert first.status_code == 504
    began = time.monotonic()
    second = ask(service, unique("other"))
    assert (second.status_code, second.json()["code"]) == (504, "deadline_exceeded")
    assert "queue_full" in second.json()["detail"]
    assert time.monotonic() - began > 0.4, "it was held"
    later: list[httpx.Response] = []
    waiting = threading.Thread(target=lambda: later.append(ask(service, unique("third"))))
    waiting.start()
    httpx.delete(f"{service.url}/v1/batches/{first.json()['batch_id']}")
    waiting.join()
    assert "queue_full" not in later[0].text, "admitted as soon as there was room"


def test_what_asking_again_cannot_mend_is_said_at_once(http: httpx.Client) -> None:
    began = time.monotonic()
    asked = {"prompt": "p", "response": "abc", "label": {"type": "nonsense"}}
    answer = http.post(PATH, json=asked)
    assert answer.status_code == 422
    assert time.monotonic() - began < 10


def test_a_service_that_stops_says_to_come_again(start_service: StartService) -> None:
    service, later = start_service(), []
    waiting = threading.Thread(target=lambda: later.append(ask(service, unique("hold"))))
    waiting.start()
    time.sleep(1)
    service.stop()
    waiting.join()
    assert (later[0].status_code, later[0].json()["code"]) == (504, "deadline_exceeded")
