"""Jobs of other services' contracts that are submitted and then asked for: Judge0's and ROLL's."""

import time
from typing import Any

import httpx


def until(ask: Any, is_done: Any) -> Any:
    end_s = time.monotonic() + 20
    while not is_done(found := ask()):
        assert time.monotonic() < end_s, found
        time.sleep(0.05)
    return found


def test_judge0_tokens_are_polled(http: httpx.Client) -> None:
    given = {"source_code": "print(1)", "language_id": 71}
    token = http.post("/compat/judge0/submissions", json=given).json()["token"]
    path = f"/compat/judge0/submissions/{token}"
    found = until(lambda: http.get(path).json(), lambda each: each["status"]["id"] > 2)
    assert (found["token"], found["status"]["description"], found["stdout"]) == (token, "Accepted", "print(1)")


def test_several_are_polled_together(http: httpx.Client) -> None:
    given = {"submissions": [{"source_code": f"print({n})", "language_id": 71} for n in range(3)]}
    answer = http.post("/compat/judge0/submissions/batch", json=given)
    assert answer.status_code == 201
    tokens = ",".join(each["token"] for each in answer.json())
    found = until(
        lambda: http.get("/compat/judge0/submissions/batch", params={"tokens": tokens}).json()["submissions"],
        lambda each: all(one["status"]["id"] > 2 for one in each),
    )
    assert [each["stdout"] for each in found] == ["print(0)", "print(1)", "print(2)"]


def test_a_token_that_is_none_is_not_found(http: httpx.Client) -> None:
    assert http.get("/compat/judge0/submissions/nonsense").status_code == 404


def test_one_that_waits_is_in_the_queue(http: httpx.Client) -> None:
    token = http.post("/compat/judge0/submissions", json={"source_code": "hold", "language_id": 71}).json()["token"]
    assert http.get(f"/compat/judge0/submissions/{token}").json()["status"]["description"] == "In Queue"
    http.delete(f"/v1/batches/{token}")
    assert http.get(f"/compat/judge0/submissions/{token}").json()["status"]["description"] == "Internal Error"


def test_rolls_jobs_are_polled_by_a_get_with_a_body(http: httpx.Client) -> None:
    job = {"prompt": "p", "response": "abc", "reward_info": {"ground_truth": "4"}, "timeout": 300}
    submitted = http.post("/compat/roll/submit", json=job).json()
    assert submitted["errcode"] == 0

    def ask() -> dict[str, Any]:
        asked = {"reward_request_id": submitted["reward_request_id"]}
        found: dict[str, Any] = http.request("GET", "/compat/roll/result", json=asked).json()
        return found

    found = until(ask, lambda each: each["errcode"] != 1)
    assert (found["errcode"], found["reward_score"]) == (0, 3.0)
    assert found["start_time"] <= found["end_time"]
