"""What a trainer gets back: rewards, details, streams and errors, from a whole Assay over HTTP."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest

from tests.fixtures.service import RunningAssay

DOUBLE: Final = "print(2 * int(input()))\n"
STREAMED: Final = 2000
AT_ONCE: Final = 64


def stdio(cases: list[tuple[str, str]], **spec: Any) -> dict[str, Any]:
    """A `code` reward with one test per pair of input and expected output."""
    tests = {"kind": "stdio", "cases": [{"stdin": given, "expected": expected} for given, expected in cases]}
    return {"type": "code", "tests": tests, **spec}


def doubling(number: int, *, right: bool = True) -> dict[str, Any]:
    """An item whose program doubles ``number``, and is expected to."""
    expected = f"{2 * number + (not right)}\n"
    return {
        "id": f"item{number}",
        "code": f"{DOUBLE}# {number}\n",
        "rewards": [stdio([(f"{number}\n", expected)])],
    }


def sums(right: int, wrong: int) -> list[tuple[str, str]]:
    cases = [(f"{number} 2\n", f"{number + 2}\n") for number in range(right)]
    return cases + [(f"{number} 2\n", f"{number + 3}\n") for number in range(wrong)]


ADDITION: Final = "```python\na, b = map(int, input().split())\nprint(a + b)\n```"
WELL_FORMED: Final = "<think>\nAdd them.\n</think>\n<answer>\n{}\n</answer>"


@pytest.mark.parametrize(
    ("completion", "scores", "reward"),
    [
        (WELL_FORMED.format(f"{ADDITION}\nThe answer is $\\boxed{{\\frac{{2}}{{4}}}}$."), [0.8, 1.0, 1.0], 1.9),
        (WELL_FORMED.format(f"{ADDITION}\nThe answer is $\\boxed{{3}}$."), [0.8, 0.0, 1.0], 0.9),
        (f"<think>Add them.</think> {ADDITION}", [0.8, 0.0, 0.0], 0.8),
        ("I do not know.", [0.0, 0.0, 0.0], 0.0),
    ],
)
def test_a_reward_is_the_weighted_sum_of_code_accuracy_and_format(
    assay: RunningAssay, completion: str, scores: list[float], reward: float
) -> None:
    item = {
        "id": "step12-prompt7-sample3",
        "group": "prompt7",
        "completion": completion,
        "rewards": [
            stdio(sums(8, 2), weight=1.0, language="python", limits={"cpu_s": 2, "memory_mb": 512}),
            {"type": "accuracy", "gold": "$\\frac{1}{2}$"},
            {"type": "format", "weight": 0.1},
        ],
    }
    (result,) = assay.grade([item])["results"]
    assert [component["score"] for component in result["components"]] == scores
    assert result["reward"] == pytest.approx(reward)
    assert (result["id"], result["group"], result["error"]) == ("step12-prompt7-sample3", "prompt7", None)


def test_detail_says_how_much_of_each_test_comes_back(assay: RunningAssay) -> None:
    item = {"id": "a", "code": DOUBLE, "rewards": [stdio([("4\n", "8\n"), ("5\n", "11\n")])]}
    tests = {
        detail: assay.grade([item], detail=detail)["results"][0]["components"][0]["tests"]
        for detail in ("none", "verdicts", "outputs")
    }
    assert tests["none"] is None
    assert [test["verdict"] for test in tests["verdicts"]] == ["accepted", "wrong_answer"]
    assert all(test["cpu_ms"] > 0 and test["memory_mb"] > 0 for test in tests["verdicts"])
    assert [test["stdout"] for test in tests["verdicts"]] == [None, None]
    assert [test["stdout"] for test in tests["outputs"]] == ["8\n", "10\n"]


def test_every_scoring_counts_the_same_tests_in_its_own_way(assay: RunningAssay) -> None:
    cases = [
        {"stdin": "1\n", "expected": "2\n", "weight": 1},
        {"stdin": "2\n", "expected": "4\n", "weight": 2},
        {"stdin": "3\n", "expected": "7\n", "weight": 5},
    ]
    spec = {"type": "code", "tests": {"kind": "stdio", "cases": cases}}
    specs = [{**spec, "scoring": scoring} for scoring in ("pass_rate", "all_or_nothing", "weighted")]
    item = {"id": "a", "code": DOUBLE, "rewards": [*specs, {**spec, "type": "binary_code"}]}
    (result,) = assay.grade([item])["results"]
    scores = [component["score"] for component in result["components"]]
    assert scores == [pytest.approx(2 / 3), 0.0, pytest.approx(3 / 8), 0.0]
    assert {(component["passed"], component["total"]) for component in result["components"]} == {(2, 3)}


def test_stopping_at_the_first_failure_skips_the_tests_behind_it(assay: RunningAssay) -> None:
    cases = [("1\n", "2\n"), ("2\n", "5\n"), ("3\n", "6\n"), ("x\n", "")]
    spec = stdio(cases, scoring="all_or_nothing", stop_on_first_failure=True)
    item = {"id": "a", "code": DOUBLE, "rewards": [spec]}
    (component,) = assay.grade([item], detail="verdicts")["results"][0]["components"]
    verdicts = [test["verdict"] for test in component["tests"]]
    assert verdicts == ["accepted", "wrong_answer", "skipped", "skipped"]
    assert (component["verdict"], component["score"], component["total"]) == ("wrong_answer", 0.0, 4)


def test_a_completion_without_a_program_earns_nothing_and_is_no_error(assay: RunningAssay) -> None:
    completions = ["", "I would rather not.", "<think>\n```python\nprint(2)\n```", "```json\n{}\n```"]
    items = [
        {"id": str(number), "group": f"g{number % 2}", "completion": text, "rewards": [stdio([("", "2\n")])]}
        for number, text in enumerate(completions)
    ]
    results = assay.grade(items)["results"]
    assert [result["reward"] for result in results] == [0.0] * len(items)
    assert [result["components"][0]["verdict"] for result in results] == ["no_code"] * len(items)
    assert [result["group"] for result in results] == ["g0", "g1", "g0", "g1"]


def test_what_is_wrong_with_one_item_is_its_own_error_and_null(assay: RunningAssay) -> None:
    good = doubling(0)
    gold = {"id": "gold", "completion": "4", "rewards": [{"type": "accuracy", "gold": "no mathematics"}]}
    cobol = {**doubling(3), "rewards": [{**doubling(3)["rewards"][0], "language": "cobol"}]}
    items = [good, gold, doubling(1, right=False), {"id": "bare"}, cobol, good, doubling(2)]
    answer = assay.grade(items)
    results = answer["results"]
    assert [result["reward"] for result in results] == [1.0, None, 0.0, None, None, None, 1.0]
    codes = [result["error"] and result["error"]["code"] for result in results]
    assert codes == [
        None,
        "gold_unparseable",
        None,
        "invalid_item",
        "unknown_language",
        "duplicate_id",
        None,
    ]
    summary = answer["summary"]
    assert (summary["items"], summary["judged"], summary["errors"]) == (7, 3, 4)
    assert summary["mean_reward"] == pytest.approx(2 / 3)


def arrivals(http: httpx.Client, batch_id: str, accept: str) -> list[tuple[float, dict[str, Any]]]:
    """When each result came, and what it was; from the one or the other kind of stream."""
    found = []
    with http.stream("GET", f"/v1/batches/{batch_id}/results", headers={"Accept": accept}) as response:
        assert response.headers["content-type"].startswith(accept)
        event = "result"
        for line in response.iter_lines():
            name, _, value = line.partition(": ") if accept == "text/event-stream" else ("data", ": ", line)
            if name == "event":
                event = value
            elif name == "data" and value and event == "result":
                found.append((time.monotonic(), json.loads(value)))
    assert event == ("end" if accept == "text/event-stream" else "result")
    return found


@pytest.mark.slow
def test_a_large_batch_streams_while_it_is_graded_and_ends_in_request_order(assay: RunningAssay) -> None:
    items = [doubling(number, right=number % 4 > 0) for number in range(STREAMED)]
    expected = [float(number % 4 > 0) for number in range(STREAMED)]
    with assay.http as http, ThreadPoolExecutor(2) as threads:
        batch_id = http.post("/v1/batches", json={"items": items}).raise_for_status().json()["id"]
        submitted_s = time.monotonic()
        accepts = ("application/x-ndjson", "text/event-stream")
        streams = list(threads.map(lambda accept: arrivals(http, batch_id, accept), accepts))
        answer = http.get(f"/v1/batches/{batch_id}").json()
    for accept, stream in zip(accepts, streams, strict=True):
        first_s, last_s = stream[0][0] - submitted_s, stream[-1][0] - submitted_s
        print(f"\n{accept}: first of {STREAMED} results after {first_s:.2f} s, last after {last_s:.2f} s")
        assert first_s < last_s / 4
        assert sorted(result["index"] for _, result in stream) == list(range(STREAMED))
        assert {result["index"]: result["reward"] for _, result in stream} == dict(enumerate(expected))
    assert [result["reward"] for result in answer["results"]] == expected
    assert [result["id"] for result in answer["results"]] == [item["id"] for item in items]


def test_a_cancelled_batch_keeps_its_results_and_says_so_of_the_rest(assay: RunningAssay) -> None:
    nap = f"import time\ntime.sleep(0.05)\n{DOUBLE}"
    items = [{**doubling(number), "code": nap} for number in range(400)]
    with assay.http as http:
        batch_id = http.post("/v1/batches", json={"items": items}).raise_for_status().json()["id"]
        while http.get(f"/v1/batches/{batch_id}").json()["done"] == 0:
            time.sleep(0.02)
        answer = http.delete(f"/v1/batches/{batch_id}").raise_for_status().json()
        time.sleep(1.5)  # a result that is still on its way comes too late
        assert http.get(f"/v1/batches/{batch_id}").json() == answer
    assert answer["status"] == "cancelled"
    outcomes = {(result["reward"], (result["error"] or {}).get("code")) for result in answer["results"]}
    assert outcomes == {(1.0, None), (None, "cancelled")}
    assert answer["summary"]["judged"] + answer["summary"]["errors"] == len(items)


def test_a_retry_with_the_same_key_is_the_same_batch_and_another_body_is_refused(assay: RunningAssay) -> None:
    key = {"Idempotency-Key": f"step-{uuid4().hex}"}
    body = {"items": [doubling(1), doubling(2, right=False)]}
    with assay.http as http:
        first, second = (http.post("/v1/batches", json=body, headers=key) for _ in range(2))
        assert (first.status_code, second.status_code) == (202, 202)
        assert first.json()["id"] == second.json()["id"]
        graded = http.post("/v1/rewards", json=body, headers=key).json()
        assert graded["id"] == first.json()["id"]
        assert [result["reward"] for result in graded["results"]] == [1.0, 0.0]
        other = http.post("/v1/batches", json={"items": [doubling(3)]}, headers=key)
        assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")


def test_many_small_requests_at_once_each_get_their_own_reward(assay: RunningAssay) -> None:
    def reward(number: int) -> tuple[str, float]:
        (result,) = assay.grade([doubling(number, right=number % 3 > 0)])["results"]
        return result["id"], result["reward"]

    with ThreadPoolExecutor(AT_ONCE) as threads:
        rewards = list(threads.map(reward, range(AT_ONCE)))
    assert rewards == [(f"item{number}", float(number % 3 > 0)) for number in range(AT_ONCE)]
