"""NeMo Gym's resources server: `/seed_session`, `/verify` and `/aggregate_metrics`.

A row says what it is rewarded for, at its top or in its `verifier_metadata`: by `rewards`, as an item of ours has
them; by the `unit_tests` of Gym's competitive coding, of which all must pass; or by an `expected_answer`.
There is no state between the calls. What cannot be judged is an error, never a reward.

Source: NeMo Gym `base_resources_server.py` and `resources_servers/code_gen`; verifiers `v1/tasksets/nemo_gym`.
"""

import math
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from assay.contract import ItemResult, TestResult, Verdict
from assay.errors import RequestError
from assay.trainers.asking import digest, spec_of_truth
from assay_service.compat.completions import require_reward, without_last_tokens

__all__ = ["ANSWER_S", "TASK_INDEX", "aggregate", "completion_of", "to_batch", "to_reply"]

ANSWER_S: Final = 55.0
"""verifiers waits 60 s for an answer; Gym itself waits for ever."""
TASK_INDEX: Final = "_ng_task_index"
_CODES: Final = {Verdict.COMPILE_ERROR: -1, Verdict.WRONG_ANSWER: -2, Verdict.TIME_LIMIT: -3}
_ANSWERS: Final = ("expected_answer", "answer", "ground_truth", "solution")


def to_batch(row: Mapping[str, Any]) -> dict[str, Any]:
    """The batch of a `/verify` request, with one item.

    Raises:
        RequestError: it has no response, or does not say what it is rewarded for.
    """
    prompt = row.get("responses_create_params")
    if not isinstance(prompt, dict):
        raise RequestError("there must be 'responses_create_params'", path="responses_create_params")
    item = {
        "id": "rollout",
        "group": digest(prompt.get("input")),
        "completion": completion_of(row.get("response")),
        "rewards": _rewards(row),
    }
    return {"detail": "verdicts", "items": [item]}


def completion_of(response: object) -> str:
    """What the model wrote: the texts of its messages, without reasoning and calls of tools.

    Raises:
        RequestError: it is no response of the Responses API.
    """
    output = response.get("output") if isinstance(response, dict) else None
    if not isinstance(output, list):
        raise RequestError("there must be a 'response' with an 'output'", path="response.output")
    messages = [part for part in output if isinstance(part, dict) and part.get("type", "message") == "message"]
    texts = [
        _text(message.get("content")) for message in messages if message.get("role", "assistant") == "assistant"
    ]
    return without_last_tokens("".join(texts))


def _text(content: object) -> str:
    if isinstance(content, str):
        return content
    parts = [part for part in content if isinstance(part, dict)] if isinstance(content, list) else []
    return "".join(str(part.get("text", "")) for part in parts if part.get("type") == "output_text")


def _rewards(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    metadata = row.get("verifier_metadata")
    places = [row, metadata] if isinstance(metadata, dict) else [row]
    for place in places:
        if rewards := place.get("rewards"):
            return spec_of_truth(rewards)
    for place in places:
        if (tests := place.get("unit_tests")) is not None:
            return [_of_all(tests)]
    for place in places:
        for name in _ANSWERS:
            if (answer := place.get(name)) is not None:
                return spec_of_truth(answer)
    hint = "give 'verifier_metadata.unit_tests', 'expected_answer', or Assay's own 'rewards'"
    raise RequestError("the row does not say what it is rewarded for", path="verifier_metadata", hint=hint)


def _of_all(tests: object) -> dict[str, Any]:
    """Code that must pass all of some tests."""
    found = spec_of_truth(tests)
    if len(found) != 1 or found[0]["type"] != "code":
        hint = "such as {'inputs': ['1'], 'outputs': ['2'], 'fn_name': null}"
        raise RequestError("these are no tests", path="verifier_metadata.unit_tests", hint=hint)
    return found[0] | {"scoring": "all_or_nothing"}


def to_reply(row: Mapping[str, Any], result: ItemResult) -> dict[str, Any]:
    """The answer to `/verify`: the row, its reward, and numbers of constant names.

    Raises:
        AssayError: the result has no reward.
    """
    reward = require_reward(result, "the rollout")
    component = result.components[0] if result.components else None
    tests = (component.tests if component else None) or ()
    passed, total = (component.passed or 0, component.total or 0) if component else (0, 0)
    score = component.score if component and component.score is not None else reward
    return {
        **row,
        "reward": reward,
        "extracted_model_output": completion_of(row["response"]),
        "score": score,
        "pass_rate": passed / total if total else score,
        "tests_passed": passed,
        "tests_total": total,
        "flagged": any(each.flags for each in result.components),
        "result": [_code(test) for test in tests],
        "unit_tests_time_taken": sum(test.wall_ms or 0.0 for test in tests) / 1000,
        "reward_components": {each.name or each.type: each.score for each in result.components},
        "mask_sample": False,
        "failure_kind": None,
        "failure_reason": None,
    }


def _code(test: TestResult) -> bool | int:
    """A test as LiveCodeBench's runner has it: true, or -1 to -4."""
    return True if test.verdict is Verdict.ACCEPTED else _CODES.get(test.verdict, -4)


def aggregate(request: Mapping[str, Any]) -> dict[str, Any]:
    """Mean, extremes and deviation of every number in the replies, per task and over all of them.

    Raises:
        RequestError: it has no `verify_responses`.
    """
    replies = request.get("verify_responses")
    if not isinstance(replies, list) or not all(isinstance(reply, dict) for reply in replies):
        raise RequestError("'verify_responses' must be a list of replies of /verify", path="verify_responses")
    tasks: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for reply in replies:
        index = reply.get(TASK_INDEX, 0)
        tasks[index if isinstance(index, int) else 0].append(reply)
    overall = _profile(replies)
    return {
        "group_level_metrics": [{TASK_INDEX: index, **_profile(tasks[index])} for index in sorted(tasks)],
        "agent_metrics": overall,
        "key_metrics": {name: value for name, value in overall.items() if name.startswith("mean/")},
    }


def _profile(replies: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    numbers: defaultdict[str, list[float]] = defaultdict(list)
    for reply in replies:
        for name, value in reply.items():
            if isinstance(value, int | float) and math.isfinite(value) and not name.startswith("_"):
                numbers[name].append(float(value))
    profile: dict[str, float] = {}
    for name, values in sorted(numbers.items()):
        profile[f"mean/{name}"] = statistics.fmean(values)
        profile[f"max/{name}"] = max(values)
        profile[f"min/{name}"] = min(values)
        profile[f"median/{name}"] = statistics.median(values)
        profile[f"std/{name}"] = statistics.stdev(values) if len(values) > 1 else 0.0
    return profile
