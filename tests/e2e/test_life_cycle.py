"""What becomes of the batch in progress, and what is left, when Assay or a part of it is ended."""

import json
import os
import signal
import time
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from tests.fixtures.service import RunningAssay, running_assay

pytestmark = pytest.mark.slow

ITEMS: Final = 150
PATIENCE_S: Final = 60.0
KILLED: Final = 128 + signal.SIGKILL


def naps(count: int = ITEMS) -> list[dict[str, Any]]:
    """Items that take a moment each; every third one earns nothing."""
    return [
        {
            "id": f"nap{number}",
            "code": f"import time\ntime.sleep(0.03)\nprint(2 * int(input()) + {int(number % 3 == 0)})\n",
            "rewards": [
                {
                    "type": "code",
                    "tests": {"kind": "stdio", "cases": [{"stdin": f"{number}\n", "expected": f"{2 * number}\n"}]},
                }
            ],
        }
        for number in range(count)
    ]


def rewards_of_naps(count: int = ITEMS) -> list[float]:
    return [0.0 if number % 3 == 0 else 1.0 for number in range(count)]


def submit_and_await_some(http: httpx.Client) -> str:
    """Submits a batch and waits until it is well under way; its id."""
    batch_id = str(http.post("/v1/batches", json={"items": naps()}).raise_for_status().json()["id"])
    end_s = time.monotonic() + PATIENCE_S
    while http.get(f"/v1/batches/{batch_id}").json()["done"] < ITEMS // 15:
        assert time.monotonic() < end_s
        time.sleep(0.02)
    return batch_id


def assert_answered_once_and_right(http: httpx.Client, batch_id: str) -> None:
    """Waits for the batch's end: every item has its one result, and the rewards are what they always are."""
    lines = http.get(f"/v1/batches/{batch_id}/results").text.split("\n")
    assert sorted(json.loads(line)["index"] for line in lines if line) == list(range(ITEMS))
    answer = http.get(f"/v1/batches/{batch_id}").json()
    assert (answer["status"], answer["done"]) == ("finished", ITEMS)
    assert [result["reward"] for result in answer["results"]] == rewards_of_naps()


def end_in_mid_batch(running: RunningAssay, number: int) -> tuple[str, int]:
    with running.http as http:
        return submit_and_await_some(http), running.end(number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_batch_outlasts_an_orderly_stop_and_is_finished_after_the_next_start(number: int, tmp_path: Path) -> None:
    with running_assay(tmp_path) as running:
        batch_id, status = end_in_mid_batch(running, number)
        assert status == 0, running.output
        assert running.remains() == []
    with running_assay(tmp_path) as again:
        with again.http as http:
            assert_answered_once_and_right(http, batch_id)
        assert again.end() == 0
        assert again.remains() == []


def test_after_a_kill_nothing_runs_and_the_next_start_is_clean(tmp_path: Path) -> None:
    with running_assay(tmp_path) as running:
        batch_id, status = end_in_mid_batch(running, signal.SIGKILL)
        assert status == KILLED
    with running_assay(tmp_path) as again:
        with again.http as http:
            assert http.get(f"/v1/batches/{batch_id}").json()["code"] == "batch_not_found"
            results = http.post("/v1/rewards", json={"items": naps(3)}).json()["results"]
            assert [result["reward"] for result in results] == rewards_of_naps(3)
        assert again.end() == 0
        assert again.remains() == []


@pytest.mark.parametrize("part", ["worker", "sandbox"])
def test_a_batch_gets_the_same_rewards_once_each_when_workers_or_sandboxes_are_killed(
    part: str, tmp_path: Path
) -> None:
    with running_assay(tmp_path) as running:
        with running.http as http:
            batch_id = submit_and_await_some(http)
            for _ in range(2):
                victim = running.parts(part)[0]
                os.kill(victim.pid, signal.SIGKILL)
                time.sleep(0.3)
            assert_answered_once_and_right(http, batch_id)
            assert http.get("/readyz").status_code == 200
        assert running.end() == 0
        assert running.remains() == []


@pytest.mark.parametrize(("part", "keeps_the_batch"), [("supervisor", True), ("service", True), ("queue", False)])
def test_when_a_part_that_nothing_replaces_is_killed_all_of_it_ends_and_the_next_start_is_clean(
    part: str, keeps_the_batch: bool, tmp_path: Path
) -> None:
    with running_assay(tmp_path) as running:
        with running.http as http:
            batch_id = submit_and_await_some(http)
        (victim,) = running.parts(part)
        os.kill(victim.pid, signal.SIGKILL)
        assert running.await_end() == 1
        assert running.remains() == []
    with running_assay(tmp_path) as again:
        with again.http as http:
            if keeps_the_batch:
                assert_answered_once_and_right(http, batch_id)
            else:
                assert http.get(f"/v1/batches/{batch_id}").json()["code"] == "batch_not_found"
        assert again.end() == 0
        assert again.remains() == []


def test_a_cancelled_batch_gives_its_workers_free_at_once(tmp_path: Path) -> None:
    tests = {"kind": "stdio", "cases": [{"stdin": "", "expected": "1"}]}
    limits = {"cpu_s": 60, "wall_s": 60}
    item = {"code": "while True: pass", "rewards": [{"type": "code", "tests": tests, "limits": limits}]}
    with running_assay(tmp_path, workers=1) as assay, assay.http as http:
        batch_id = http.post("/v1/batches", json={"items": [{**item, "id": "endless"}]}).json()["id"]
        time.sleep(2)
        http.delete(f"/v1/batches/{batch_id}").raise_for_status()
        started_s = time.monotonic()
        assert assay.grade(naps(2))["summary"]["judged"] == 2
        assert time.monotonic() - started_s < 10
