"""Results as they finish."""

import json
from typing import Any

import httpx
import pytest

from tests.integration.service.conftest import FakeWorker
from tests.integration.service.test_batches import submit

SSE = {"Accept": "text/event-stream"}


def events_of(text: str) -> list[dict[str, str]]:
    blocks = (block for block in text.split("\n\n") if block and not block.startswith(":"))
    return [dict(line.split(": ", 1) for line in block.split("\n")) for block in blocks]


def indices_of(text: str) -> list[Any]:
    return [json.loads(line)["index"] for line in text.splitlines() if line]


def test_lines_come_in_the_order_of_completion_while_the_batch_runs(http: httpx.Client, worker: FakeWorker) -> None:
    batch_id = submit(http, "hold", "hold", "hold")
    came: list[int] = []
    with http.stream("GET", f"/v1/batches/{batch_id}/results") as response:
        assert response.headers["content-type"] == "application/x-ndjson"
        for index in (2, 0, 1):
            worker.record(batch_id, index)
            if index == 2:
                lines = response.iter_lines()
            came.append(json.loads(next(lines))["index"])
        assert list(lines) == []
    assert came == [2, 0, 1]


def test_lines_resume_where_the_caller_says(http: httpx.Client) -> None:
    batch_id = submit(http, "a", "b", "c")
    http.get(f"/v1/batches/{batch_id}", params={"wait_s": 10})
    whole = indices_of(http.get(f"/v1/batches/{batch_id}/results").text)
    assert sorted(whole) == [0, 1, 2]
    for start in range(5):
        rest = http.get(f"/v1/batches/{batch_id}/results", params={"from": start})
        assert indices_of(rest.text) == whole[start:]


def test_events_count_the_results_and_end_with_the_summary(http: httpx.Client) -> None:
    batch_id = submit(http, "a", "bb")
    response = http.get(f"/v1/batches/{batch_id}/results", headers=SSE)
    events = events_of(response.text)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert [(event["id"], event["event"]) for event in events] == [("1", "result"), ("2", "result"), ("2", "end")]
    end = json.loads(events[-1]["data"])
    assert (end["id"], end["status"], end["summary"]["mean_reward"]) == (batch_id, "finished", 1.5)


def test_events_resume_after_the_last_event_id(http: httpx.Client) -> None:
    batch_id = submit(http, "a", "b", "c")
    http.get(f"/v1/batches/{batch_id}", params={"wait_s": 10})
    rest = http.get(f"/v1/batches/{batch_id}/results", headers={**SSE, "Last-Event-ID": "2"})
    assert [(event["id"], event["event"]) for event in events_of(rest.text)] == [("3", "result"), ("3", "end")]


def test_a_cancelled_batch_ends_its_stream(http: httpx.Client) -> None:
    batch_id = submit(http, "hold")
    with http.stream("GET", f"/v1/batches/{batch_id}/results", headers=SSE) as response:
        http.delete(f"/v1/batches/{batch_id}")
        events = events_of(response.read().decode())
    assert json.loads(events[0]["data"])["error"]["code"] == "cancelled"
    assert json.loads(events[-1]["data"])["status"] == "cancelled"


@pytest.mark.parametrize(
    ("params", "headers"), [({"from": "-1"}, {}), ({"from": "x"}, {}), ({}, {"Last-Event-ID": "x"})]
)
def test_a_wrong_position_is_refused(http: httpx.Client, params: dict[str, str], headers: dict[str, str]) -> None:
    batch_id = submit(http, "a")
    response = http.get(f"/v1/batches/{batch_id}/results", params=params, headers=headers)
    assert (response.status_code, response.json()["code"]) == (422, "invalid_request")


def test_an_unknown_batch_has_no_stream(http: httpx.Client) -> None:
    assert http.get(f"/v1/batches/{'0' * 32}/results").json()["code"] == "batch_not_found"
