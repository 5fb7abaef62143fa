"""Rollout groups over HTTP: gates, the `length` reward, and statistics, by plain requests and by the client."""

from typing import Any

import pytest

from assay.client import Client
from assay.contract import GroupQuestion
from tests.fixtures.service import RunningAssay

CASE = {"stdin": "3\n", "expected": "6\n"}
TESTS = {"kind": "stdio", "cases": [CASE, {"stdin": "5\n", "expected": "10\n"}]}
DEFAULTS: dict[str, Any] = {
    "rewards": [
        {"type": "code", "name": "tests", "tests": TESTS},
        {"type": "length", "correct_by": "tests", "weight": 0.5},
    ],
    "compose": {"gates": [{"component": "tests", "at_least": 0.5}]},
}
RIGHT = "```python\nprint(2 * int(input()))\n```"
HALF = "```python\nprint(6) or input()\n```"
WRONG = "no program"


def _items() -> list[dict[str, Any]]:
    texts = {"short": RIGHT, "long": RIGHT + 40 * " ", "half": HALF, "wrong": WRONG}
    ours = [{"id": name, "group": "p1", "completion": text} for name, text in texts.items()]
    return [*ours, {"id": "alone", "group": "p2", "completion": RIGHT}, {"id": "none", "group": "p2", "code": "x"}]


def _expected() -> dict[str, float | None]:
    """By the formula of `length`, where `wrong` is the shortest of its group and `long` the longest."""
    shortest, longest = len(WRONG), len(RIGHT) + 40
    scale = longest - shortest
    half = min(0.0, 0.5 - (len(HALF) - shortest) / scale)
    return {
        "short": 1 + 0.5 * (0.5 - (len(RIGHT) - shortest) / scale),
        "long": 1 - 0.25,
        "half": 0.5 + 0.5 * half,
        "wrong": 0.0,
        "alone": 1.0,
        "none": None,
    }


def test_a_group_is_rewarded_by_length_behind_a_gate_and_described(assay: RunningAssay) -> None:
    with assay.http as http:
        asked: dict[str, Any] = {"group_stats": "true", "pass_at": [1, 2, 5], "correct_by": "tests"}
        answer = http.post("/v1/rewards", json={"items": _items(), "defaults": DEFAULTS}, params=asked).json()
    rewards = {result["id"]: result["reward"] for result in answer["results"]}
    assert rewards == {name: reward and pytest.approx(reward) for name, reward in _expected().items()}
    gated = {result["id"]: [part["gated"] for part in result["components"]] for result in answer["results"]}
    assert (gated["wrong"], gated["half"]) == ([False, True], [False, False])
    first, second = (answer["summary"]["groups"][name] for name in ("p1", "p2"))
    assert (first["items"], first["judged"], first["correct"], first["uniform"]) == (4, 4, 2, False)
    assert first["pass_at"] == {"1": 0.5, "2": pytest.approx(1 - 1 / 6), "5": None}
    assert (second["items"], second["judged"], second["std"]) == (2, 1, None)


def test_the_client_asks_for_the_same(assay: RunningAssay) -> None:
    with Client(assay.url) as client:
        batch = client.grade(_items(), defaults=DEFAULTS, groups=GroupQuestion(pass_at=(2,), correct_at=0.75))
        assert batch.summary is not None
        assert batch.summary.groups is not None
        assert batch.summary.groups["p1"].pass_at == {"2": pytest.approx(1 - 1 / 6)}
        assert (
            "groups" not in client.grade(_items()[:1], defaults=DEFAULTS).model_dump(exclude_none=True)["summary"]
        )


@pytest.mark.parametrize("query", ["pass_at=0", "pass_at=x", "group_stats=perhaps", "correct_at=nan&pass_at=1"])
def test_a_question_that_makes_no_sense_is_refused(assay: RunningAssay, query: str) -> None:
    with assay.http as http:
        response = http.get(f"/v1/batches/{32 * '0'}?{query}")
    assert (response.status_code, response.json()["code"]) == (422, "invalid_request")
