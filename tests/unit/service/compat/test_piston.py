"""Piston's requests and replies, and those of open-r1's languages for the IOI and Codeforces.

The requests are those that open-r1's `ioi_scoring.py` and `cf_scoring.py` send; the replies hold what they read.
"""

import base64
import json
from typing import Any

import pytest

from assay.contract import BatchRequest, ComponentResult, ItemResult, TestResult, Verdict
from assay.errors import RequestError, ServiceError
from assay_service.compat.lenient import read_request
from assay_service.compat.piston.contests import contest_batch, contest_reply, is_contest
from assay_service.compat.piston.execution import plain_batch, plain_reply
from assay_service.compat.piston.request import Execute
from assay_service.compat.piston.runtimes import LANGUAGES, known_runtime, packages, runtimes
from assay_workers.sandbox.languages import find_language


def read(language: str = "python", files: list[dict[str, Any]] | None = None, **fields: Any) -> Execute:
    given = {"language": language, "version": "*", "files": files or [{"content": "1"}], **fields}
    return read_request(json.dumps(given).encode(), Execute)


def item(batch: dict[str, Any]) -> dict[str, Any]:
    BatchRequest.model_validate(batch)
    (found,) = batch["items"]
    return dict(found)


def test_a_program_is_a_run() -> None:
    files = [{"name": "my.py", "content": "print(1)"}, {"name": "data/x", "content": "aGk=", "encoding": "base64"}]
    found = item(
        plain_batch(read(files=files, stdin="5", args=["a"], run_timeout=2000, run_memory_limit=128 << 20))
    )
    (spec,) = found["rewards"]
    assert (found["code"], found["main"], spec["stdin"], spec["args"]) == ("print(1)", "my.py", "5\n", ["a"])
    assert base64.b64decode(spec["files"]["data/x"]) == b"hi"
    assert spec["limits"] == {"cpu_s": 2, "wall_s": 5, "memory_mb": 128, "output_kb": 8192}


def test_limits_have_pistons_defaults() -> None:
    (spec,) = item(plain_batch(read(run_memory_limit=-1)))["rewards"]
    assert (spec["limits"]["cpu_s"], spec["limits"]["memory_mb"], spec["stdin"]) == (3, 1024, "")


def test_every_runtime_is_a_language_of_ours() -> None:
    for name in LANGUAGES:
        language = find_language(known_runtime(name)[1])
        assert language is not None, name
    assert {"cms_ioi", "cf_python3", "c++17", "python"} <= {runtime["language"] for runtime in runtimes()}
    assert all(package["installed"] for package in packages())


def test_an_unknown_runtime_is_named() -> None:
    with pytest.raises(RequestError, match="klingon-\\* runtime is unknown"):
        plain_batch(read("klingon"))


@pytest.mark.parametrize("encoding", ["base64", "hex"])
def test_a_file_that_is_not_in_its_encoding_is_refused(encoding: str) -> None:
    with pytest.raises(RequestError, match="is not " + encoding):
        plain_batch(read(files=[{"name": "a", "content": "zz!", "encoding": encoding}]))


def result(verdict: Verdict, score: float | None = None, **test: Any) -> ItemResult:
    seen = TestResult(verdict=verdict, cpu_ms=3.4, wall_ms=4.6, memory_mb=8.0, **test)
    earned = float(verdict is Verdict.ACCEPTED) if score is None else score
    component = ComponentResult(type="run", score=earned, weight=1.0, verdict=verdict, tests=(seen,))
    return ItemResult(id="execute", index=0, reward=earned, components=(component,))


def test_a_run_that_ended_well() -> None:
    found = plain_reply(read(), result(Verdict.ACCEPTED, exit_code=0, stdout="1\n", stderr="w"))
    assert found == {
        "language": "python",
        "version": "1.0.0",
        "run": {
            "stdout": "1\n",
            "stderr": "w",
            "output": "1\nw",
            "code": 0,
            "signal": None,
            "message": None,
            "status": None,
            "cpu_time": 3,
            "wall_time": 5,
            "memory": 8 << 20,
        },
    }


@pytest.mark.parametrize(
    ("verdict", "test", "status", "code", "signal"),
    [
        (Verdict.RUNTIME_ERROR, {"exit_code": 3}, "RE", 3, None),
        (Verdict.RUNTIME_ERROR, {"signal": "SIGSEGV"}, "SG", None, "SIGSEGV"),
        (Verdict.TIME_LIMIT, {"signal": "SIGKILL"}, "TO", None, "SIGKILL"),
        (Verdict.TIME_LIMIT, {"exit_code": 0}, "TO", None, "SIGKILL"),
        (Verdict.OUTPUT_LIMIT, {"signal": "SIGKILL"}, "OL", None, "SIGKILL"),
        (Verdict.MEMORY_LIMIT, {"exit_code": 1}, "RE", 1, None),
        (Verdict.MEMORY_LIMIT, {}, "SG", None, "SIGKILL"),
    ],
)
def test_a_run_that_failed(
    verdict: Verdict, test: dict[str, Any], status: str, code: int | None, signal: str | None
) -> None:
    run = plain_reply(read(), result(verdict, **test))["run"]
    assert (run["status"], run["code"], run["signal"]) == (status, code, signal)


def test_what_does_not_compile_has_the_compilers_words_twice() -> None:
    found = plain_reply(read("c++"), result(Verdict.COMPILE_ERROR, exit_code=1, stderr="error"))
    assert found["compile"] == found["run"]
    assert (found["language"], found["compile"]["code"], found["compile"]["stderr"]) == ("cpp", 1, "error")
    assert plain_reply(read("c++"), result(Verdict.ACCEPTED, exit_code=0))["compile"]["code"] == 0


def test_a_result_without_a_run_is_no_reply() -> None:
    nothing = ItemResult(id="execute", index=0, reward=1.0)
    for reply in (plain_reply, contest_reply):
        with pytest.raises(ServiceError):
            reply(read(), nothing)


def cf(language: str = "cf_python3", mode: str = "stdio", checker: str | None = None, answer: str = "2") -> Execute:
    files = [
        {"name": "main.python", "content": "print(2)"},
        *([{"name": "checker.py", "content": checker}] if checker else []),
        {"name": "input.txt", "content": "1\n"},
        {"name": "correct_output.txt", "content": answer},
        {"name": "grader_config", "content": f"TIME_LIMIT=1.5\nMEMORY_LIMIT=256.0\nINPUT_MODE={mode}\n"},
    ]
    return read(language, files, run_timeout=11500.0)


def test_codeforces_is_judged_by_its_checker() -> None:
    found = item(contest_batch(cf(checker="print(1)")))
    (reward,) = found["rewards"]
    assert (found["code"], reward["language"]) == ("print(2)", "python")
    assert reward["tests"]["cases"] == [{"stdin": "1\n", "expected": "2"}]
    assert reward["tests"]["checker"]["protocol"] == "score"
    assert (reward["limits"]["cpu_s"], reward["limits"]["memory_mb"]) == (1.5, 256)


def test_without_a_checker_yes_is_yes_in_any_case() -> None:
    assert item(contest_batch(cf()))["rewards"][0]["tests"]["checker"] == {"type": "tokens", "case_sensitive": True}
    yes = item(contest_batch(cf(answer="YES\nno\n")))["rewards"][0]["tests"]["checker"]
    assert yes == {"type": "tokens", "case_sensitive": False}


def test_a_problem_of_files_reads_and_writes_them() -> None:
    suite = item(contest_batch(cf(mode="file")))["rewards"][0]["tests"]
    assert (suite["input_file"], suite["output_file"]) == ("input.txt", "output.txt")


def test_cpp17_is_judged_only_with_a_grader() -> None:
    assert is_contest(cf("c++17"))
    assert not is_contest(read("c++17"))


def test_codeforces_replies_with_one_or_zero() -> None:
    right = contest_reply(cf(), result(Verdict.ACCEPTED, exit_code=0, stdout="2"))
    assert (right["compile"]["code"], right["run"]["code"], right["run"]["stdout"]) == (0, 0, "1")
    for verdict in (Verdict.WRONG_ANSWER, Verdict.TIME_LIMIT, Verdict.RUNTIME_ERROR, Verdict.MEMORY_LIMIT):
        wrong = contest_reply(cf(), result(verdict, exit_code=0))
        assert (wrong["compile"]["code"], wrong["run"]["stdout"]) == (0, "0")
    failed = contest_reply(cf(), result(Verdict.COMPILE_ERROR, exit_code=1, stderr="SyntaxError"))
    assert (failed["compile"]["code"], failed["compile"]["stderr"]) == (1, "SyntaxError")


def ioi(*more: dict[str, Any], task: str = "Batch") -> Execute:
    config = {"task_type": task, "code": "sum", "time_limit": 1.0, "memory_limit": 256 << 20}
    files = [
        {"name": "graders/sum.cpp", "content": "int add(int a, int b) { return a + b; }"},
        {"name": "input.txt", "content": "1 2"},
        {"name": "correct_output.txt", "content": "3"},
        {"name": "graders/grader_config.json", "content": json.dumps(config)},
        *more,
    ]
    return read("cms_ioi", files, run_timeout=4000, run_memory_limit=256 << 20)


def test_the_ioi_links_its_grader_and_asks_its_checker() -> None:
    found = item(
        contest_batch(
            ioi(
                {"name": "graders/grader.cpp", "content": "int main() {}"},
                {"name": "graders/sum.h", "content": "int add(int, int);"},
                {"name": "checker/checker.cpp", "content": "int main() {}"},
                {"name": "checker/testlib.h", "content": "//"},
            )
        )
    )
    (reward,) = found["rewards"]
    assert (found["code"][:7], reward["type"], reward["main"]) == ("int add", "ioi_code", "sum.cpp")
    assert set(reward["grader_files"]) == {"grader.cpp", "sum.h"}
    assert (reward["tests"]["checker"]["protocol"], set(reward["tests"]["checker"]["files"])) == (
        "cms",
        {"testlib.h"},
    )
    assert reward["limits"]["cpu_s"] == 1.0


def test_the_ioi_without_a_grader_is_a_program_by_itself() -> None:
    (reward,) = item(contest_batch(ioi()))["rewards"]
    assert "grader_files" not in reward
    assert reward["tests"]["checker"] == {"type": "tokens"}


def test_processes_that_communicate_are_refused() -> None:
    with pytest.raises(RequestError, match="communicate"):
        contest_batch(ioi(task="Communication"))


@pytest.mark.parametrize("content", ["[", "[]"])
def test_a_broken_configuration_is_refused(content: str) -> None:
    files = [{"name": "graders/a.cpp", "content": "x"}, {"name": "graders/grader_config.json", "content": content}]
    with pytest.raises(RequestError, match="grader_config"):
        contest_batch(read("cms_ioi", files))


def test_a_request_without_a_submission_is_refused() -> None:
    with pytest.raises(RequestError, match="no submission"):
        contest_batch(read("cms_ioi", [{"name": "input.txt", "content": "1"}]))


@pytest.mark.parametrize(
    ("verdict", "share", "stdout", "feedback"),
    [
        (Verdict.ACCEPTED, 1.0, "1.0", "Output is correct"),
        (Verdict.WRONG_ANSWER, 0.5, "0.5", "Output is partially correct"),
        (Verdict.WRONG_ANSWER, 0.0, "0.0", "Output isn't correct"),
        (Verdict.TIME_LIMIT, None, "0.0", "Time limit exceeded"),
        (Verdict.MEMORY_LIMIT, None, "0.0", "Memory limit exceeded"),
        (Verdict.RUNTIME_ERROR, None, "0.0", "Runtime error"),
    ],
)
def test_the_ioi_replies_with_a_share(verdict: Verdict, share: float | None, stdout: str, feedback: str) -> None:
    found = contest_reply(ioi(), result(verdict, share or 0.0, share=share, exit_code=0))
    assert (float(found["run"]["stdout"]), found["run"]["stdout"]) == (float(stdout), stdout)
    assert feedback in found["run"]["stderr"]
    assert "MemoryError" not in found["run"]["stderr"]
    assert found["compile"]["code"] == 0
