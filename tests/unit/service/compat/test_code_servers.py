"""open-instruct's, open-r1's routers' and code-judge's requests and replies."""

import base64
import json
import pickle
import zlib
from typing import Any

import pytest

from assay.contract import BatchRequest, ComponentResult, ItemResult, TestResult, Verdict
from assay.errors import RequestError, ServiceError
from assay_service.compat.code_judge import Submission, SubmissionsOf, unanswered
from assay_service.compat.e2b import ExecuteBatch
from assay_service.compat.lenient import read_request
from assay_service.compat.notebook import RESULTS_FILE
from assay_service.compat.open_instruct import TestProgram, to_reply


def program(tests: Any, **fields: Any) -> TestProgram:
    return read_request(json.dumps({"program": "p", "tests": tests, **fields}).encode(), TestProgram)


def suite(request: TestProgram, *, stdio: bool) -> dict[str, Any]:
    batch = request.to_batch(stdio=stdio)
    BatchRequest.model_validate(batch)
    return dict(batch["items"][0]["rewards"][0]["tests"])


def result(*tests: TestResult, score: float = 0.0) -> ItemResult:
    component = ComponentResult(type="code", score=score, weight=1.0, tests=tests)
    return ItemResult(id="0", index=0, reward=score, components=(component,))


TESTS = [{"input": "1\n", "output": "2\n"}]


@pytest.mark.parametrize(
    "given",
    [TESTS, json.dumps(TESTS), base64.b64encode(zlib.compress(pickle.dumps(json.dumps(TESTS)))).decode()],
    ids=["list", "JSON", "pickle"],
)
def test_open_instructs_tests_come_in_three_forms(given: Any) -> None:
    assert suite(program(given), stdio=True) == {"kind": "stdio", "cases": [{"stdin": "1\n", "expected": "2\n"}]}


def test_open_instructs_assertions_and_no_tests() -> None:
    assert suite(program(["assert f() == 1"]), stdio=False) == {"kind": "assert", "asserts": ["assert f() == 1"]}
    assert program([]).to_batch(stdio=False) == {"items": []}
    assert to_reply([]) == {"results": [], "runtimes": []}


@pytest.mark.parametrize("given", ["no tests", {"a": 1}, [{"input": 1, "output": "2"}], [1]])
def test_what_is_no_tests_is_refused(given: Any) -> None:
    with pytest.raises(RequestError) as caught:
        program(given).to_batch(stdio=True)
    assert caught.value.path.startswith("tests")


@pytest.mark.parametrize(("seconds", "answer_s"), [(1.0, 27), (5.0, 47), (100.0, 297)])
def test_open_instruct_is_answered_before_it_gives_up(seconds: float, answer_s: float) -> None:
    assert program([], max_execution_time=seconds).answer_s == answer_s


def test_open_instruct_gets_times_of_what_passed() -> None:
    passed = TestResult(verdict=Verdict.ACCEPTED, cpu_ms=12.0)
    slow = TestResult(verdict=Verdict.TIME_LIMIT, cpu_ms=2000.0)
    assert to_reply([result(passed, slow)]) == {"results": [1, 0], "runtimes": [0.012, -1.0]}
    with pytest.raises(ServiceError):
        to_reply([ItemResult(id="0", index=0, reward=1.0)])


def batch(*languages: str) -> ExecuteBatch:
    fields = {"scripts": [f"s{place}" for place in range(len(languages))], "languages": list(languages)}
    return read_request(json.dumps(fields).encode(), ExecuteBatch)


def cells(**cell: Any) -> TestResult:
    full = {"stdout": "", "stderr": "", "display": [], "error": [], **cell}
    content = base64.b64encode(json.dumps([full]).encode()).decode()
    return TestResult(verdict=Verdict.ACCEPTED, files={RESULTS_FILE: content})


def test_scripts_that_are_not_python_are_not_run() -> None:
    request = batch("python", "javascript", "python")
    made = request.to_batch()
    BatchRequest.model_validate(made)
    assert [item["id"] for item in made["items"]] == ["0", "2"]
    reply = request.to_reply([result(cells(display=[{"text/plain": "0.5"}])), result(cells())])
    assert reply[0]["execution"]["results"] == [{"text": "0.5", "is_main_result": True}]
    assert (reply[1]["execution"], "javascript" in reply[1]["exception_str"]) == (None, True)
    assert reply[2]["execution"]["results"] == []


def test_of_several_shown_values_the_last_one_is_main() -> None:
    shown = result(cells(display=[{"text/plain": "1"}, {"text/plain": "2"}]))
    assert batch("python").to_morph_reply([shown]) == [{"text": "2", "exception_str": None}]


def test_a_script_that_failed_has_no_text() -> None:
    error = {"ename": "ValueError", "evalue": "why", "traceback": ["a", "b"]}
    failed = result(cells(display=[{"text/plain": "1"}], error=[error]))
    assert batch("python").to_morph_reply([failed]) == [{"text": None, "exception_str": "ValueError: why"}]
    execution = batch("python").to_reply([failed])[0]["execution"]
    assert (execution["results"], execution["error"]["traceback"]) == ([], "ab")
    ended = result(TestResult(verdict=Verdict.TIME_LIMIT))
    assert batch("python").to_morph_reply([ended])[0]["text"] is None
    nothing = ItemResult(id="0", index=0, reward=1.0)
    assert batch("python").to_reply([nothing])[0]["execution"] is None


def submission(**fields: Any) -> Submission:
    given = {"type": "batch", "submissions": [{"solution": "s", **fields}]}
    return read_request(json.dumps(given).encode(), SubmissionsOf).submissions[0]


def test_code_judge_runs_judges_and_compares_answers() -> None:
    run = submission(input="1").to_item(0, judge=False)
    judged = submission(input="1", expected_output="2").to_item(1, judge=True)
    answer = submission(type="math", expected_output="4").to_item(2, judge=True)
    BatchRequest.model_validate({"items": [run, judged, answer]})
    kinds = [item["rewards"][0]["type"] for item in (run, judged, answer)]
    assert kinds == ["run", "code", "accuracy"]


@pytest.mark.parametrize(
    ("verdict", "ran"),
    [
        (Verdict.ACCEPTED, True),
        (Verdict.WRONG_ANSWER, True),
        (Verdict.RUNTIME_ERROR, False),
        (Verdict.TIME_LIMIT, False),
    ],
)
def test_code_judge_says_whether_it_ran_and_whether_it_is_right(verdict: Verdict, *, ran: bool) -> None:
    right = verdict is Verdict.ACCEPTED
    seen = result(TestResult(verdict=verdict, wall_ms=1500.0, stdout="x" * 2000), score=float(right))
    judged = submission(sub_id="7").to_reply(seen, judge=True)
    assert judged == {"sub_id": "7", "success": right, "run_success": ran, "cost": 1.5, "reason": ""}
    assert submission().to_reply(seen, judge=False)["stdout"] == "x" * 1000


def test_code_judge_tells_its_client_to_send_again_what_was_not_judged() -> None:
    (reply,) = unanswered([submission(sub_id="7")])
    assert (reply["sub_id"], reply["success"], reply["reason"]) == ("7", False, "queue_timeout")
