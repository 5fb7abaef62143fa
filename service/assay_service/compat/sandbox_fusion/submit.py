"""SandboxFusion's `/submit` with the problem in the request (`provided_data`): a completion, graded by its tests.

The tests never meet the program where that can be avoided: assertions and scripts are examined from another sandbox
(see docs/integrity.md), where SandboxFusion appends them to it and believes its exit status.

Source: SandboxFusion `sandbox/datasets` (CommonOJ, AutoEval, HumanEval, MBPP, LiveCodeBench).
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic import Field

from assay.contract import ItemResult, TestResult, Verdict
from assay.errors import RequestError
from assay_service.compat.lenient import LenientModel
from assay_service.compat.limits import limits_of
from assay_service.compat.sandbox_fusion.languages import language_of
from assay_service.compat.sandbox_fusion.run_code import MARGIN_S, reply_of_test

__all__ = ["Submit", "SubmitConfig", "eval_result"]

DEFAULT_RUN_S: Final = 20.0
ANSWER_S: Final = 600.0
"""Its client waits for ever; a problem may have hundreds of tests."""
_INSERT: Final = "#<INSERT>"
_PYTHON_STOP: Final = re.compile(r"\n(?=\S)")
_NAME: Final = re.compile(r"\b(?!assert\b|print\b|check\b|if\b|for\b|and\b|not\b|len\b)([A-Za-z_]\w*)\s*\(")
_SUPPORTED: Final = "CommonOJDataset, AutoEvalDataset, HumanEvalDataset, MBPPDataset, LiveCodeBenchDataset"
Row = Mapping[str, Any]


class SubmitConfig(LenientModel):
    """What the request says of the problem."""

    dataset_type: str | None = None
    language: str | None = None
    compile_timeout: float | None = Field(None, gt=0)
    run_timeout: float | None = Field(None, gt=0)
    custom_extract_logic: str | None = None
    provided_data: dict[str, Any] | list[dict[str, Any]] | None = None
    extra: dict[str, Any] | None = None


class Submit(LenientModel):
    """A request."""

    dataset: str = ""
    id: int | str = 0
    completion: str
    config: SubmitConfig

    @property
    def answer_s(self) -> float:
        """Within how many seconds its client must have an answer."""
        return ANSWER_S + MARGIN_S

    @property
    def language(self) -> str:
        """The language by SandboxFusion's name: of the request, or of the problem."""
        labels = _parsed(self._row.get("labels"), "labels", {})
        row = (labels if isinstance(labels, dict) else {}) | dict(self._row)
        named = self.config.language or row.get("execution_language") or row.get("programming_language")
        return str(named or row.get("language") or "python")

    def to_batch(self) -> dict[str, Any]:
        """The batch of the request, with one item.

        Raises:
            RequestError: the problem is not in the request, or of a kind that is not known.
        """
        if self.config.custom_extract_logic:
            message = "code of the request's own that extracts programs is not run"
            hint = "leave 'custom_extract_logic' out: programs are taken from fenced blocks"
            raise RequestError(message, path="config.custom_extract_logic", hint=hint)
        kind = (self.config.dataset_type or self.dataset).removesuffix("Dataset").lower()
        make = next((make for name, make in _KINDS.items() if kind.startswith(name)), None)
        if make is None:
            message = f"there is no kind of problems {self.config.dataset_type or self.dataset!r}"
            raise RequestError(message, path="config.dataset_type", hint=f"one of: {_SUPPORTED}")
        program, spec = make(self, self._row)
        reward = {
            "type": "code",
            "scoring": "pass_rate" if self._runs_all else "all_or_nothing",
            "stop_on_first_failure": not self._runs_all,
            "language": language_of(self.language)[1],
            "limits": limits_of(self.config.run_timeout or DEFAULT_RUN_S),
            **spec,
        }
        return {"detail": "outputs", "items": [{"id": str(self.id), **program, "rewards": [reward]}]}

    def to_reply(self, result: ItemResult) -> dict[str, Any]:
        """The answer to the request. What was extracted is not in it: the worker keeps that to itself."""
        return eval_result(result, self.language, runs_all=self._runs_all) | {"id": self.id}

    @property
    def _runs_all(self) -> bool:
        return bool((self.config.extra or {}).get("run_all_cases"))

    @property
    def _row(self) -> Row:
        given = self.config.provided_data
        if isinstance(given, list):
            rows = [row for row in given if str(row.get("id")) == str(self.id)] or given[:1]
            given = rows[0] if rows else None
        if given is None:
            message = "no problems are stored here: the request must bring its own"
            hint = "give the row, with its tests, as 'config.provided_data'"
            raise RequestError(message, path="config.provided_data", hint=hint)
        return given


def eval_result(result: ItemResult, language: str, *, runs_all: bool) -> dict[str, Any]:
    """An `EvalResult` without its id.

    Arguments:
        result: of an item with one reward for code.
        language: SandboxFusion's name of its language.
        runs_all: whether tests after the first that failed are told.
    """
    (component,) = result.components
    tests = list(component.tests or ())
    if not runs_all:  # what does not compile has failed all of them
        passed = [test.verdict is Verdict.ACCEPTED for test in tests]
        tests = tests[: passed.index(False) + 1] if False in passed else tests
    return {
        "accepted": component.verdict is Verdict.ACCEPTED and component.score == 1.0,
        "extracted_code": "",
        "full_code": None,
        "test_code": None,
        "tests": [_test(test, language) for test in tests],
        "extracted_type": "empty" if component.verdict is Verdict.NO_CODE else None,
        "extra": {"score": component.score, "integrity": component.integrity, "flags": component.flags},
    }


def _test(test: TestResult, language: str) -> dict[str, Any]:
    passed = test.verdict is Verdict.ACCEPTED
    ended = test if test.exit_code is not None or test.signal else _as_if_exited(test, passed=passed)
    return {"passed": passed, "exec_info": reply_of_test(ended, language), "test_info": None}


def _as_if_exited(test: TestResult, *, passed: bool) -> TestResult:
    """A test of which no process ended by itself, such as a call that returned a wrong value."""
    return test.model_copy(update={"exit_code": 0 if passed or test.verdict is Verdict.WRONG_ANSWER else 1})


def _parsed(value: Any, path: str, absent: Any = None) -> Any:
    """A column that may be JSON in a text."""
    if value is None:
        return absent
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise RequestError(f"it is not JSON: {error}", path=f"config.provided_data.{path}") from error


def _column(row: Row, name: str, kind: type, hint: str) -> Any:
    value = _parsed(row.get(name), name)
    if not isinstance(value, kind):
        raise RequestError(f"the problem has no '{name}'", path=f"config.provided_data.{name}", hint=hint)
    return value


def _common_oj(request: Submit, row: Row) -> tuple[dict[str, Any], dict[str, Any]]:
    hint = 'such as [{"input": {"stdin": "1"}, "output": {"stdout": "2"}}]'
    cases = []
    for place, test in enumerate(_column(row, "test", list, hint)):
        given, wanted = (test.get(side) if isinstance(test, dict) else None for side in ("input", "output"))
        if not isinstance(given, dict) or not isinstance(wanted, dict) or not isinstance(wanted.get("stdout"), str):
            message = "a test needs an 'input', and an 'output' with 'stdout'"
            raise RequestError(message, path=f"config.provided_data.test[{place}]", hint=hint)
        files = {name: text for name, text in given.items() if name != "stdin"}
        cases.append({"stdin": given.get("stdin") or "", "expected": wanted["stdout"], "files": files})
    checker = {"type": "float", "abs": 0, "rel": 1e-5, "case_sensitive": False}
    return {"completion": request.completion}, {"tests": {"kind": "stdio", "cases": cases, "checker": checker}}


def _auto_eval(request: Submit, row: Row) -> tuple[dict[str, Any], dict[str, Any]]:
    test = _column(row, "test", dict, 'such as {"code": "assert f(1) == 2"}')
    source = test.get("code")
    if not isinstance(source, str) or not source.strip():
        raise RequestError("the test has no code", path="config.provided_data.test.code")
    before, _, after = source.rpartition(_INSERT)
    found = _NAME.search(after)
    spec: dict[str, Any] = {
        "tests": {
            "kind": "script",
            "source": after,
            "entry_point": found[1] if found else "main",
            "allow_in_process": True,
        }
    }
    return {"completion": request.completion}, spec | ({"prelude": before} if before.strip() else {})


def _human_eval(request: Submit, row: Row) -> tuple[dict[str, Any], dict[str, Any]]:
    tests = row.get("tests") or row.get("test")
    prompt = row.get("prompt") or row.get("content")
    if not isinstance(tests, str) or not isinstance(prompt, str):
        raise RequestError("the problem needs 'prompt' and 'test'", path="config.provided_data.test")
    completion = request.completion
    if (request.config.extra or {}).get("is_freeform"):
        program = {"completion": completion}
    else:
        stops = [re.escape(stop) for stop in row.get("stop_tokens") or () if isinstance(stop, str)]
        stop = re.compile("|".join(stops)) if stops else _PYTHON_STOP
        program = {"code": prompt + "\n" + stop.split(completion, maxsplit=1)[0]}
    name = row.get("entry_point")
    suite = {
        "kind": "script",
        "source": tests,
        "entry_point": name if isinstance(name, str) else "main",
        "prompt": prompt if name else "",
        "allow_in_process": True,
    }
    return program, {"tests": suite}


def _mbpp(request: Submit, row: Row) -> tuple[dict[str, Any], dict[str, Any]]:
    asserts = _column(row, "test", list, 'such as ["assert f(1) == 2"]')
    labels = _parsed(row.get("labels"), "labels", {})
    setup = labels.get("test_setup_code") if isinstance(labels, dict) else None
    suite = {"kind": "assert", "asserts": asserts, "setup": setup or ""}
    return {"completion": request.completion}, {"tests": suite}


def _live_code_bench(request: Submit, row: Row) -> tuple[dict[str, Any], dict[str, Any]]:
    suite = {"kind": "dataset", "format": "livecodebench", "row": dict(row)}
    return {"completion": request.completion}, {"tests": suite}


_KINDS: Final[dict[str, Callable[[Submit, Row], tuple[dict[str, Any], dict[str, Any]]]]] = {
    "commonoj": _common_oj,
    "autoeval": _auto_eval,
    "humaneval": _human_eval,
    "mbpp": _mbpp,
    "livecodebench": _live_code_bench,
}
