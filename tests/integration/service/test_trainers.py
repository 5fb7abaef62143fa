"""The adapters for trainers, as trainers call them; the worker of this service rewards with the length."""

import asyncio
import inspect
import pickle
from typing import Any

import pytest

from assay.client import AsyncClient, RetryPolicy
from assay.errors import ServiceError
from assay.trainers import trl, verl
from assay.trainers.asking import Asked
from tests.integration.service.conftest import Service

pytestmark = pytest.mark.anyio

PROMPTS = ["p", "p", "q"]
COLUMNS: dict[str, Any] = {"solution": ["1", "1", "2"], "completion_ids": [[1], [1, 2], [3]], "trainer_state": None}


@pytest.fixture(autouse=True)
def at_the_service(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_URL", service.url)


def test_trl_gets_a_reward_for_each_completion() -> None:
    rewards = trl.accuracy_reward(prompts=PROMPTS, completions=["a", "bb", "ccc"], **COLUMNS)
    assert rewards == [1.0, 2.0, 3.0]
    assert trl.accuracy_reward.__name__ == "accuracy_reward"


def test_trl_gets_them_for_conversations() -> None:
    completions = [[{"role": "assistant", "content": "x" * number}] for number in (3, 1, 2)]
    assert trl.format_reward(prompts=PROMPTS, completions=completions, **COLUMNS) == [3.0, 1.0, 2.0]


async def test_trl_may_await_them() -> None:
    function = trl.AsyncRewardFunction([{"type": "format"}], name="mine")
    assert inspect.iscoroutinefunction(function.__call__)
    assert await function(prompts=PROMPTS, completions=["a", "bb", "ccc"], **COLUMNS) == [1.0, 2.0, 3.0]


def test_trl_gets_none_for_what_cannot_be_judged() -> None:
    function = trl.RewardFunction([Asked({"type": "accuracy"}, {"gold": "answer"})])
    rewards = function(prompts=PROMPTS, completions=["a", "bb", "ccc"], answer=["1", None, "3"])
    assert rewards == [1.0, None, 3.0]


def test_trl_gets_none_from_a_service_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trl, "PATIENT", RetryPolicy(attempts=1))
    function = trl.RewardFunction([{"type": "format"}], url="http://127.0.0.1:9")
    assert function(prompts=["p"], completions=["a"]) == [None]


@pytest.mark.parametrize("kind", [trl.RewardFunction, trl.AsyncRewardFunction])
def test_a_reward_function_can_be_sent_to_another_process(kind: type[trl.RewardFunction]) -> None:
    copy = pickle.loads(pickle.dumps(kind([{"type": "format"}], name="mine", timeout_s=5)))
    assert copy.__name__ == "mine"


async def test_verl_gets_the_same_keys_for_every_sample() -> None:
    scores = await asyncio.gather(
        *(verl.compute_score("data", "x" * number, "42", {"index": number}, unknown=1) for number in range(1, 40))
    )
    assert [score["score"] for score in scores] == [float(number) for number in range(1, 40)]
    assert {frozenset(score) for score in scores} == {frozenset({"score", "acc", "infra_error"})}


async def test_verls_samples_travel_together(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    grade = AsyncClient.grade

    async def counted(self: Any, items: Any, **options: Any) -> Any:
        sizes.append(len(items))
        return await grade(self, items, **options)

    monkeypatch.setattr(AsyncClient, "grade", counted)
    await asyncio.gather(*(verl.compute_score("data", "x", "42") for _ in range(50)))
    assert sum(sizes) == 50
    assert len(sizes) <= 3


async def test_verl_is_not_given_a_zero_for_what_cannot_be_judged() -> None:
    with pytest.raises(ServiceError):
        await verl.compute_score("data", "x", {"type": "accuracy"})
    score = await verl.compute_score("data", "x", {"type": "accuracy"}, on_error="zero")
    assert score == {"score": 0.0, "acc": 0.0, "infra_error": 1.0}


def test_every_event_loop_has_its_own_connections() -> None:
    for _ in range(2):
        assert asyncio.run(verl.compute_score("data", "xx", "42"))["score"] == 2.0
