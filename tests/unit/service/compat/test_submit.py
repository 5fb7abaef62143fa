"""SandboxFusion's `/submit` with `provided_data`: its rows as suites, and its `EvalResult`."""

import json
from typing import Any

import pytest

from assay.contract import BatchRequest, ComponentResult, Integrity, ItemResult, TestResult, Verdict
from assay.errors import RequestError
from assay_service.compat.lenient import read_request
from assay_service.compat.sandbox_fusion.submit import Submit

OJ = {"id": 1, "labels": {}, "content": "Add one.", "test": [{"input": {"stdin": "1"}, "output": {"stdout": "2"}}]}
AUTO = {"labels": {"programming_language": "python"}, "test": {"code": "assert add(1, 2) == 3"}}
HUMAN = {"prompt": "def f():\n", "test": "def check(candidate):\n    assert candidate() == 1", "entry_point": "f"}
MBPP = {"id": 2, "test": '["assert f(1) == 1"]', "labels": '{"test_setup_code": "import math"}'}


def read(row: Any, kind: str | None = None, completion: str = "x", **config: Any) -> Submit:
    fields = {"dataset": "mine", "id": 1, "completion": completion}
    told = {"dataset_type": kind, "provided_data": row, **config}
    return read_request(json.dumps(fields | {"config": told}).encode(), Submit)


def item(request: Submit) -> dict[str, Any]:
    batch = request.to_batch()
    (found,) = batch["items"]
    if found["rewards"][0]["tests"]["kind"] != "dataset":
        BatchRequest.model_validate(batch)
    return dict(found)


def suite_of(request: Submit) -> dict[str, Any]:
    return dict(item(request)["rewards"][0]["tests"])


def test_common_oj_is_stdio_compared_as_its_judge_does() -> None:
    suite = suite_of(read(OJ, "CommonOJDataset"))
    assert suite["cases"] == [{"stdin": "1", "expected": "2", "files": {}}]
    assert suite["checker"] == {"type": "float", "abs": 0, "rel": 1e-5, "case_sensitive": False}


def test_it_stops_at_the_first_failure_unless_told_otherwise() -> None:
    (reward,) = item(read(OJ, "CommonOJDataset"))["rewards"]
    assert (reward["scoring"], reward["stop_on_first_failure"]) == ("all_or_nothing", True)
    (reward,) = item(read(OJ, "CommonOJDataset", extra={"run_all_cases": True}))["rewards"]
    assert (reward["scoring"], reward["stop_on_first_failure"]) == ("pass_rate", False)


def test_of_several_rows_the_one_with_the_id_counts() -> None:
    rows = [{**OJ, "id": 0, "test": []}, OJ]
    assert suite_of(read(rows, "CommonOJDataset"))["cases"][0]["stdin"] == "1"


def test_auto_eval_is_a_script_apart_from_the_program() -> None:
    suite = suite_of(read(AUTO, "AutoEvalDataset"))
    assert (suite["kind"], suite["source"], suite["entry_point"]) == ("script", "assert add(1, 2) == 3", "add")
    parted = {**AUTO, "test": {"code": "import os\n#<INSERT>\nassert add(1, 2) == 3"}}
    found = item(read(parted, "AutoEvalV4Dataset"))["rewards"][0]
    assert (found["prelude"], found["tests"]["source"]) == ("import os\n", "\nassert add(1, 2) == 3")


def test_human_eval_continues_the_prompt_or_is_free() -> None:
    request = read(HUMAN, "HumanEvalDataset", "    return 1\n\nprint(f())")
    assert item(request)["code"] == "def f():\n\n    return 1\n"
    free = item(read(HUMAN, "HumanEvalDataset", "def f(): return 1", extra={"is_freeform": True}))
    assert (free["completion"], free["rewards"][0]["tests"]["entry_point"]) == ("def f(): return 1", "f")


def test_multipl_e_has_another_language_and_stops() -> None:
    row = {"prompt": "int f() {", "tests": "int main() {}", "language": "cpp", "stop_tokens": ["\n}"]}
    found = item(read(row, "HumanEvalDataset", " return 1;\n}\nint g()"))
    assert (found["code"], found["rewards"][0]["language"]) == ("int f() {\n return 1;", "cpp")


def test_mbpp_is_assertions() -> None:
    suite = suite_of(read(MBPP, "MBPPDataset"))
    assert suite == {"kind": "assert", "asserts": ["assert f(1) == 1"], "setup": "import math"}


def test_live_code_bench_is_its_row() -> None:
    suite = suite_of(read({"public_test_cases": "[]"}, "LiveCodeBenchDataset"))
    assert suite == {"kind": "dataset", "format": "livecodebench", "row": {"public_test_cases": "[]"}}


@pytest.mark.parametrize(
    ("row", "kind", "config", "path"),
    [
        (OJ, "Nonsense", {}, "config.dataset_type"),
        (OJ, None, {}, "config.dataset_type"),
        (None, "CommonOJDataset", {}, "config.provided_data"),
        ([], "CommonOJDataset", {}, "config.provided_data"),
        ({}, "CommonOJDataset", {}, "config.provided_data.test"),
        ({"test": "["}, "CommonOJDataset", {}, "config.provided_data.test"),
        ({"test": [{"input": {}}]}, "CommonOJDataset", {}, "config.provided_data.test[0]"),
        ({"test": {}}, "AutoEvalDataset", {}, "config.provided_data.test.code"),
        ({"prompt": "x"}, "HumanEvalDataset", {}, "config.provided_data.test"),
        (OJ, "CommonOJDataset", {"custom_extract_logic": "1"}, "config.custom_extract_logic"),
    ],
)
def test_what_is_no_problem_says_why(row: Any, kind: str | None, config: dict[str, Any], path: str) -> None:
    with pytest.raises(RequestError) as caught:
        read(row, kind, **config).to_batch()
    assert caught.value.path == path


def reply(*tests: TestResult, verdict: Verdict, score: float) -> dict[str, Any]:
    component = ComponentResult(
        type="code", score=score, weight=1.0, verdict=verdict, tests=tests, integrity=Integrity.EXTERNAL
    )
    result = ItemResult(id="1", index=0, reward=score, components=(component,))
    return read(OJ, "CommonOJDataset").to_reply(result)


def test_a_reply_has_the_tests_that_ran() -> None:
    passed = TestResult(verdict=Verdict.ACCEPTED, exit_code=0, stdout="2\n")
    wrong = TestResult(verdict=Verdict.WRONG_ANSWER, exit_code=0, stdout="3\n")
    skipped = TestResult(verdict=Verdict.SKIPPED)
    found = reply(passed, wrong, skipped, verdict=Verdict.WRONG_ANSWER, score=0.0)
    assert (found["id"], found["accepted"]) == (1, False)
    assert [test["passed"] for test in found["tests"]] == [True, False]
    assert [test["exec_info"]["status"] for test in found["tests"]] == ["Success", "Success"]
    assert found["tests"][1]["exec_info"]["run_result"]["stdout"] == "3\n"


def test_a_completion_without_a_program_is_not_accepted() -> None:
    found = reply(TestResult(verdict=Verdict.NO_CODE), verdict=Verdict.NO_CODE, score=0.0)
    assert (found["accepted"], found["extracted_type"]) == (False, "empty")
    assert found["tests"][0]["exec_info"]["status"] == "Failed"


def test_a_forged_success_is_not_accepted() -> None:
    passed = TestResult(verdict=Verdict.ACCEPTED, exit_code=0)
    assert not reply(passed, verdict=Verdict.ACCEPTED, score=0.0)["accepted"]
