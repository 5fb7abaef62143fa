"""NeMo Gym's resources server: rows of its data sets, the response as its agents send it, and its reply.

The requests are those of `resources_servers/code_gen` and of verifiers' `trace_to_nemo_response`.
"""

from typing import Any

import pytest

from assay.contract import BatchRequest, ComponentResult, Flag, ItemResult, TestResult, Verdict
from assay.errors import RequestError, ServiceError
from assay_service.compat.nemo_gym import aggregate, completion_of, to_batch, to_reply

PARAMS = {"input": [{"role": "user", "content": "Add one."}]}


def message(text: str, role: str = "assistant") -> dict[str, Any]:
    part = {"type": "output_text", "text": text, "annotations": []}
    return {"id": "m", "type": "message", "role": role, "status": "completed", "content": [part]}


def response(*output: dict[str, Any]) -> dict[str, Any]:
    return {"id": "r", "created_at": 0, "model": "m", "object": "response", "output": list(output)}


def row(text: str = "It is 4.", **more: Any) -> dict[str, Any]:
    return {"responses_create_params": PARAMS, "response": response(message(text)), **more}


def rewards(**more: Any) -> list[dict[str, Any]]:
    batch = to_batch(row(**more))
    (item,) = batch["items"]
    if not any(reward.get("tests", {}).get("kind") == "dataset" for reward in item["rewards"]):
        BatchRequest.model_validate(batch)
    return list(item["rewards"])


def test_competitive_code_must_pass_all_tests() -> None:
    tests = {"inputs": ["1\n"], "outputs": ["2\n"], "fn_name": None}
    (reward,) = rewards(verifier_metadata={"unit_tests": tests, "difficulty": "easy"})
    assert (reward["type"], reward["scoring"]) == ("code", "all_or_nothing")
    assert reward["tests"]["row"]["reward_model"]["ground_truth"] == tests


def test_mathematics_has_an_expected_answer() -> None:
    assert rewards(expected_answer="4") == [{"type": "accuracy", "gold": "4"}]
    assert rewards(verifier_metadata={"answer": 4}) == [{"type": "accuracy", "gold": "4"}]


def test_rewards_of_our_own_come_first() -> None:
    spec = [{"type": "accuracy", "gold": "4"}, {"type": "format", "weight": 0.1}]
    assert rewards(rewards=spec, expected_answer="5") == spec
    assert rewards(verifier_metadata={"rewards": '{"type": "format"}'}, expected_answer="5") == [{"type": "format"}]


def test_a_column_that_happens_to_be_called_label_says_nothing() -> None:
    assert rewards(label="easy", expected_answer="4") == [{"type": "accuracy", "gold": "4"}]


@pytest.mark.parametrize("tests", ["easy", ["f() == 1"], {"type": "format"}, 5])
def test_unit_tests_that_are_none_are_refused_and_never_an_answer(tests: object) -> None:
    with pytest.raises(RequestError, match="these are no tests"):
        to_batch(row(verifier_metadata={"unit_tests": tests}))


def test_a_row_that_says_nothing_is_refused() -> None:
    with pytest.raises(RequestError, match="does not say what it is rewarded for"):
        to_batch(row())


def test_what_the_model_said_is_neither_its_reasoning_nor_its_calls() -> None:
    reasoning = {"type": "reasoning", "summary": [{"type": "summary_text", "text": "hm"}]}
    call = {"type": "function_call", "name": "f", "arguments": "{}"}
    result = {"type": "function_call_output", "output": "x"}
    found = completion_of(
        response(reasoning, message("one "), call, result, message("no", "user"), message("two</s>"))
    )
    assert found == "one two"


@pytest.mark.parametrize("given", [None, {}, {"output": "text"}, []])
def test_what_is_no_response_is_refused(given: Any) -> None:
    with pytest.raises(RequestError) as caught:
        completion_of(given)
    assert caught.value.path == "response.output"


def result(reward: float | None = 1.0, **component: Any) -> ItemResult:
    made = ComponentResult(type="code", score=reward, weight=1.0, **component)
    return ItemResult(id="rollout", index=0, reward=reward, components=(made,))


def test_a_reply_is_the_row_with_its_reward_and_numbers() -> None:
    tests = tuple(
        TestResult(verdict=verdict, wall_ms=500.0)
        for verdict in (Verdict.ACCEPTED, Verdict.WRONG_ANSWER, Verdict.TIME_LIMIT, Verdict.RUNTIME_ERROR)
    )
    given = row(verifier_metadata={"difficulty": "easy"})
    found = to_reply(given, result(0.0, passed=1, total=4, tests=tests, flags=(Flag.LEFT_PROCESSES,)))
    assert given.items() <= found.items(), "verifiers deletes the echoes, and fails without them"
    assert (found["reward"], found["pass_rate"], found["result"]) == (0.0, 0.25, [True, -2, -3, -4])
    assert (found["unit_tests_time_taken"], found["flagged"], found["mask_sample"]) == (2.0, True, False)
    assert (found["tests_passed"], found["tests_total"]) == (1, 4)
    assert found["extracted_model_output"] == "It is 4."


def test_replies_have_the_same_names_whatever_was_graded() -> None:
    code = to_reply(row(), result(passed=0, total=0))
    assert to_reply(row(), ItemResult(id="rollout", index=0, reward=1.0)).keys() == code.keys()


def test_what_was_not_judged_is_no_reply() -> None:
    with pytest.raises(ServiceError):
        to_reply(row(), ItemResult(id="rollout", index=0, reward=None))


def test_statistics_are_per_task_and_over_all() -> None:
    replies = [
        {"_ng_task_index": 1, "reward": 1.0, "mask_sample": False, "note": "x"},
        {"_ng_task_index": 0, "reward": 0.0},
        {"_ng_task_index": 1, "reward": 0.0},
    ]
    found = aggregate({"verify_responses": replies})
    assert [group["_ng_task_index"] for group in found["group_level_metrics"]] == [0, 1]
    assert found["group_level_metrics"][1]["mean/reward"] == 0.5
    assert found["agent_metrics"]["mean/reward"] == pytest.approx(1 / 3)
    assert (found["agent_metrics"]["max/reward"], found["agent_metrics"]["std/mask_sample"]) == (1.0, 0.0)
    assert set(found["key_metrics"]) == {"mean/reward", "mean/mask_sample"}
    assert aggregate({"verify_responses": []}) == {
        "group_level_metrics": [],
        "agent_metrics": {},
        "key_metrics": {},
    }
    with pytest.raises(RequestError):
        aggregate({})
