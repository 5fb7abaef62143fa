"""SandboxFusion's `/run_code`: requests as its clients send them, and replies as they read them.

The requests are verl's, ROLL's and tinker-cookbook's, from their sources; the replies follow SandboxFusion's
`sandbox/server/sandbox_api.py` and `sandbox/runners/base.py`.
"""

import json
from typing import Any

import pytest

from assay.contract import BatchRequest, ComponentResult, ItemResult, TestResult, Verdict
from assay.errors import RequestError, ServiceError
from assay_service.compat.lenient import read_request
from assay_service.compat.sandbox_fusion.run_code import RunCode

VERL = {
    "compile_timeout": 10,
    "run_timeout": 10,
    "code": "print(input())",
    "stdin": "1 2\n",
    "memory_limit_MB": 1024,
    "language": "python",
    "files": {},
    "fetch_files": [],
}


def read(**fields: Any) -> RunCode:
    return read_request(json.dumps(fields).encode(), RunCode)


def spec(request: RunCode) -> dict[str, Any]:
    batch = request.to_batch()
    BatchRequest.model_validate(batch)
    (item,) = batch["items"]
    assert item["code"] == request.code
    (found,) = item["rewards"]
    return dict(found)


def reply(request: RunCode, verdict: Verdict, **test: Any) -> dict[str, Any]:
    seen = TestResult(verdict=verdict, wall_ms=20.0, cpu_ms=10.0, memory_mb=9.5, **test)
    component = ComponentResult(type="run", score=0.0, weight=1.0, verdict=verdict, tests=(seen,))
    return request.to_reply(ItemResult(id="run", index=0, reward=0.0, components=(component,)))


def test_verls_request_is_a_run() -> None:
    request = read(**VERL)
    found = spec(request)
    assert (found["type"], found["stdin"], found["language"]) == ("run", "1 2\n", "python")
    assert found["limits"] == {"cpu_s": 10, "wall_s": 17, "memory_mb": 1024, "output_kb": 8192}
    assert request.answer_s == 25, "verl waits 30 s"


def test_rolls_request_is_answered_before_roll_gives_up() -> None:
    request = read(compile_timeout=30, run_timeout=30, code="1", language="python", stdin="", expected_stdout="1")
    assert request.answer_s == 25, "ROLL waits 30 s for the first byte"


def test_tinkers_request_brings_its_tests_as_files() -> None:
    request = read(
        code="1", language="python", run_timeout=705, files={"test_cases.txt": "e30=", "code.py": "MQ=="}
    )
    found = spec(request)
    assert found["files"] == {"test_cases.txt": "e30=", "code.py": "MQ=="}
    assert found["limits"]["cpu_s"] == 600, "as long as anything may run"


def test_a_tool_sends_the_code_alone() -> None:
    assert spec(read(code="print(1)"))["language"] == "python"


@pytest.mark.parametrize("memory", [-1, None, 0])
def test_no_memory_limit_is_the_default(memory: int | None) -> None:
    assert spec(read(code="", memory_limit_MB=memory))["limits"]["memory_mb"] == 1024


def test_what_is_odd_but_clear_is_taken() -> None:
    fields = {"files": None, "fetch_files": None, "stdin": None, "memory_limit_MB": 0.5, "trace_id": 7}
    found = spec(read(code="", **fields))
    assert (found["files"], found["fetch"], found["stdin"]) == ({}, [], "")
    assert spec(read(code="", files={"absent": None}))["files"] == {}


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("nodejs", "nodejs"), ("js", "nodejs"), ("ts", "typescript"), ("D_ut", "d_ut"), ("R", "r"), ("cpp", "cpp")],
)
def test_languages_have_their_names(theirs: str, ours: str) -> None:
    assert spec(read(code="", language=theirs))["language"] == ours


def test_a_language_that_is_not_here_is_no_failed_run() -> None:
    with pytest.raises(RequestError) as caught:
        read(code="", language="cuda").to_batch()
    assert (caught.value.code, caught.value.path) == ("unknown_language", "language")


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({}, "code"),
        ({"code": 1.5, "run_timeout": "long"}, "run_timeout"),
        ({"code": "", "run_timeout": 0}, "run_timeout"),
        ({"code": "", "files": ["a"]}, "files"),
        ({"code": "", "fetch_files": "a"}, "fetch_files"),
    ],
)
def test_what_is_no_request_says_why(fields: dict[str, Any], path: str) -> None:
    with pytest.raises(RequestError) as caught:
        read(**fields)
    assert caught.value.path == path


def test_a_run_that_ended_well_is_a_success() -> None:
    assert reply(read(**VERL), Verdict.ACCEPTED, exit_code=0, stdout="1 2\n", stderr="") == {
        "status": "Success",
        "message": "",
        "compile_result": None,
        "run_result": {
            "status": "Finished",
            "execution_time": 0.02,
            "cpu_time": 0.01,
            "return_code": 0,
            "stdout": "1 2\n",
            "stderr": "",
        },
        "executor_pod_name": None,
        "files": {},
        "verdict": "accepted",
        "memory_mb": 9.5,
    }


@pytest.mark.parametrize(
    ("verdict", "test", "status", "code"),
    [
        (Verdict.RUNTIME_ERROR, {"exit_code": 3}, "Finished", 3),
        (Verdict.RUNTIME_ERROR, {"signal": "SIGSEGV"}, "Finished", -11),
        (Verdict.RUNTIME_ERROR, {"signal": "signal 64"}, "Finished", 137),
        (Verdict.TIME_LIMIT, {"signal": "SIGKILL"}, "TimeLimitExceeded", None),
        (Verdict.TIME_LIMIT, {"exit_code": 0}, "TimeLimitExceeded", None),
        (Verdict.MEMORY_LIMIT, {"exit_code": 1}, "Finished", 1),
        (Verdict.MEMORY_LIMIT, {"signal": "SIGKILL"}, "Finished", 137),
        (Verdict.OUTPUT_LIMIT, {"signal": "SIGKILL"}, "Finished", 137),
        (Verdict.COMPILE_ERROR, {"exit_code": 1}, "Finished", 1),
    ],
)
def test_a_run_that_failed_says_how(verdict: Verdict, test: dict[str, Any], status: str, code: int | None) -> None:
    found = reply(read(**VERL), verdict, stdout="", stderr="why", **test)
    assert (found["status"], found["compile_result"]) == ("Failed", None)
    assert (found["run_result"]["status"], found["run_result"]["return_code"]) == (status, code)
    assert found["run_result"]["stderr"].startswith("why")


def test_a_compiler_has_a_result_of_its_own() -> None:
    request = read(code="int main", language="cpp")
    failed = reply(request, Verdict.COMPILE_ERROR, exit_code=1, stderr="error: expected")
    assert (failed["status"], failed["run_result"]) == ("Failed", None)
    assert (failed["compile_result"]["return_code"], failed["compile_result"]["stderr"]) == (1, "error: expected")
    ran = reply(request, Verdict.RUNTIME_ERROR, exit_code=2)
    assert (ran["compile_result"]["return_code"], ran["run_result"]["return_code"]) == (0, 2)


def test_files_come_back_that_were_written_or_given() -> None:
    request = read(code="", files={"in": ""}, fetch_files=["in", "out", "never"])
    found = reply(request, Verdict.ACCEPTED, exit_code=0, files={"in": "", "out": "NDI=", "never": ""})
    assert found["files"] == {"in": "", "out": "NDI="}


def test_a_result_without_a_run_is_no_reply() -> None:
    with pytest.raises(ServiceError):
        read(**VERL).to_reply(ItemResult(id="run", index=0, reward=1.0))
