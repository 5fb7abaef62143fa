"""ScaleBox's, Judge0's, ROLL's and LLaMA-Factory's requests and replies."""

import json
from typing import Any, TypeVar

import pytest
from pydantic import BaseModel

from assay.contract import BatchRequest, ComponentResult, ErrorInfo, ItemResult, TestResult, Verdict
from assay.errors import RequestError
from assay_service.compat.judge0 import LANGUAGES, Judge0Submission, judged, unfinished
from assay_service.compat.lenient import read_request
from assay_service.compat.llama_factory import Score
from assay_service.compat.roll import RollJob, done, running
from assay_service.compat.scale_box import CommonEvaluate
from assay_workers.sandbox.languages import find_language

Model = TypeVar("Model", bound=BaseModel)
LOST = ItemResult(id="a", index=0, reward=None, error=ErrorInfo(code="worker_lost", message="lost", retryable=True))


def read(model: type[Model], **fields: Any) -> Model:
    return read_request(json.dumps(fields).encode(), model)


def result(verdict: Verdict, **test: Any) -> ItemResult:
    seen = TestResult(verdict=verdict, **test)
    component = ComponentResult(type="code", score=1.0, weight=1.0, verdict=verdict, tests=(seen,))
    return ItemResult(id="a", index=0, reward=1.0, components=(component,))


def box(**cases: Any) -> CommonEvaluate:
    return read(CommonEvaluate, completion="x", config={"provided_data": {"test_cases": cases}})


def test_scale_boxes_tests_are_a_row() -> None:
    truth = box(input=["1"], output=["2"]).to_batch()["items"][0]["rewards"][0]["tests"]["row"]["reward_model"]
    assert truth == {"ground_truth": {"inputs": ["1"], "outputs": ["2"]}}


@pytest.mark.parametrize(
    ("cases", "path"), [({}, "test_cases"), ({"type": "function_call", "input": ["1"]}, "fn_name")]
)
def test_what_is_no_tests_of_scale_box_says_why(cases: dict[str, Any], path: str) -> None:
    with pytest.raises(RequestError) as caught:
        box(**cases).to_batch()
    assert caught.value.path.endswith(path)


def program(**fields: Any) -> Judge0Submission:
    return read(Judge0Submission, **{"source_code": "x", "language_id": 71, **fields})


def test_every_number_of_judge0_is_a_language_of_ours() -> None:
    assert all(find_language(name) for name in LANGUAGES.values())


def test_a_program_is_run_or_compared() -> None:
    run, compared = program(stdin="1"), program(stdin="1", expected_output="2", memory_limit=64_000)
    for batch in (run.to_batch(encoded=False), compared.to_batch(encoded=False)):
        BatchRequest.model_validate(batch)
    assert run.to_batch(encoded=False)["items"][0]["rewards"][0]["type"] == "run"
    (reward,) = compared.to_batch(encoded=False)["items"][0]["rewards"]
    assert reward["tests"]["cases"] == [{"stdin": "1", "expected": "2"}]
    assert reward["limits"] == {"cpu_s": 5.0, "wall_s": 12.0, "memory_mb": 62}


def test_texts_may_be_base64_and_numbers_unknown() -> None:
    item = program(source_code="cHJpbnQoMSk=").to_batch(encoded=True)["items"][0]
    assert item["code"] == "print(1)"
    with pytest.raises(RequestError, match="not base64"):
        program(source_code="print(1)").to_batch(encoded=True)
    with pytest.raises(RequestError, match="no language 1") as caught:
        program(language_id=1).to_batch(encoded=False)
    assert caught.value.code == "unknown_language"


@pytest.mark.parametrize(
    ("verdict", "test", "number"),
    [
        (Verdict.ACCEPTED, {}, 3),
        (Verdict.WRONG_ANSWER, {}, 4),
        (Verdict.TIME_LIMIT, {"signal": "SIGKILL"}, 5),
        (Verdict.COMPILE_ERROR, {"exit_code": 1}, 6),
        (Verdict.RUNTIME_ERROR, {"signal": "SIGSEGV"}, 7),
        (Verdict.RUNTIME_ERROR, {"signal": "SIGABRT"}, 10),
        (Verdict.RUNTIME_ERROR, {"exit_code": 3}, 11),
        (Verdict.MEMORY_LIMIT, {"signal": "SIGKILL"}, 12),
    ],
)
def test_a_status_has_its_number(verdict: Verdict, test: dict[str, Any], number: int) -> None:
    assert judged("t", result(verdict, **test), encoded=False)["status"]["id"] == number


def test_what_was_not_judged_is_an_internal_error_and_never_a_wrong_answer() -> None:
    found = judged("t", LOST, encoded=False)
    assert (found["status"]["id"], found["message"], found["stdout"]) == (13, "lost", None)
    assert unfinished("t", begun=False)["status"] == {"id": 1, "description": "In Queue"}


def test_times_and_memory_are_in_judge0s_units() -> None:
    found = judged("t", result(Verdict.ACCEPTED, cpu_ms=12.34, memory_mb=2.0, stdout="1"), encoded=True)
    assert (found["time"], found["memory"], found["stdout"], found["token"]) == ("0.012", 2048, "MQ==", "t")


def roll(**info: Any) -> list[dict[str, Any]]:
    batch = read(RollJob, response="It is 4.</s>", reward_info=info).to_batch()
    assert batch["items"][0]["completion"] == "It is 4."
    return list(batch["items"][0]["rewards"])


def test_rolls_jobs_are_code_or_answers() -> None:
    cases = [{"stdin": "1", "expected_stdout": "2"}]
    (code,) = roll(case_type="input", test_cases=cases)
    assert code["tests"]["row"]["reward_model"]["ground_truth"] == {"inputs": ["1"], "outputs": ["2"]}
    (code,) = roll(case_type="assert", test_cases=[{"assert_code": "assert f() == 1"}])
    assert code["tests"]["row"]["reward_model"]["ground_truth"] == {"assert_case": ["assert f() == 1"]}
    assert roll(ground_truth="4") == [{"type": "accuracy", "gold": "4"}]
    with pytest.raises(RequestError, match="does not say what is rewarded"):
        roll()


def test_rolls_answers() -> None:
    assert running()["errcode"] == 1
    assert done(LOST, 0.0, 1.0) == {"errcode": 2, "errmsg": "lost"}
    found = done(result(Verdict.ACCEPTED), 0.0, 1.5)
    assert (found["errcode"], found["reward_score"]) == (0, 1.0)
    assert found["end_time"] == "1970-01-01T00:00:01.500000+00:00"
    assert set(found["dimention_reward_score"]) == {"code"}


def test_llama_factorys_rewards_are_in_the_address() -> None:
    batch = read(Score, messages=["a", "b</s>"]).to_batch('[{"type": "format"}]')
    BatchRequest.model_validate(batch)
    assert [item["completion"] for item in batch["items"]] == ["a", "b"]
    assert read(Score, messages=[]).to_reply([]) == {"scores": []}
    for wrong in ("", "{}", "[]"):
        with pytest.raises(RequestError) as caught:
            read(Score, messages=["a"]).to_batch(wrong)
        assert caught.value.path == "rewards"
