"""What makes two submissions the same, and which outcomes last."""

from dataclasses import replace
from typing import Any

import pytest

from assay.contract import CodeReward, ComponentResult, Detail, Flag, Integrity, Limits, Verdict
from assay_workers.graders.content import Recollection, content_of, is_lasting
from assay_workers.graders.plan import Submission
from assay_workers.sandbox.languages import find_language

_PYTHON = find_language("python")
assert _PYTHON is not None
SUBMISSION = Submission(_PYTHON, b"print(1)", None, {"a": b"b"}, Limits())
SPEC: dict[str, Any] = {"type": "code", "tests": {"kind": "stdio", "cases": [{"stdin": "", "expected": "1"}]}}
GOOD = ComponentResult(type="code", score=1.0, weight=1.0, verdict=Verdict.ACCEPTED, integrity=Integrity.EXTERNAL)


def _content(
    submission: Submission = SUBMISSION, detail: Detail = Detail.NONE, environment: str = "here", **spec: Any
) -> str:
    return content_of(submission, CodeReward.model_validate({**SPEC, **spec}), detail, environment)


def test_name_and_weight_make_no_difference() -> None:
    assert _content() == _content(name="tests", weight=0.5)


def test_all_else_does() -> None:
    cpp = find_language("cpp")
    assert cpp is not None
    contents = {
        _content(),
        _content(replace(SUBMISSION, source=b"print(2)")),
        _content(replace(SUBMISSION, main="a.py")),
        _content(replace(SUBMISSION, files={})),
        _content(replace(SUBMISSION, files={"a": b"c"})),
        _content(replace(SUBMISSION, files={"ab": b""})),
        _content(replace(SUBMISSION, language=cpp)),
        _content(detail=Detail.VERDICTS),
        _content(environment="there"),
        _content(limits={"cpu_s": 3}),
        _content(scoring="all_or_nothing"),
        _content(min_integrity="external"),
        _content(tests={"kind": "stdio", "cases": [{"stdin": "", "expected": "2"}]}),
        _content(tests={"kind": "stdio", "cases": [{"stdin": "", "expected": "1"}], "checker": {"type": "exact"}}),
    }
    assert len(contents) == 14


@pytest.mark.parametrize("verdict", [Verdict.ACCEPTED, Verdict.WRONG_ANSWER, Verdict.COMPILE_ERROR])
def test_what_a_program_says_lasts(verdict: Verdict) -> None:
    assert is_lasting(GOOD, frozenset({Verdict.ACCEPTED, verdict}))


@pytest.mark.parametrize(
    "verdict", [Verdict.TIME_LIMIT, Verdict.MEMORY_LIMIT, Verdict.OUTPUT_LIMIT, Verdict.RUNTIME_ERROR]
)
def test_what_limits_and_signals_say_does_not(verdict: Verdict) -> None:
    assert not is_lasting(GOOD, frozenset({Verdict.ACCEPTED, verdict}))


@pytest.mark.parametrize(
    "change", [{"score": None}, {"flags": (Flag.JUDGED_ALONE,)}, {"integrity": Integrity.IN_PROCESS}]
)
def test_what_is_doubtful_is_run_again(change: dict[str, object]) -> None:
    assert not is_lasting(GOOD.model_copy(update=change), frozenset({Verdict.ACCEPTED}))


class _Memory:
    def __init__(self) -> None:
        self.kept: dict[str, ComponentResult | None] = {}

    def recall(self, content: str) -> ComponentResult | None:
        return self.kept.get(content)

    def remember(self, content: str, result: ComponentResult | None) -> None:
        self.kept[content] = result


def test_a_run_that_fails_tells_those_who_wait() -> None:
    memory = _Memory()

    def run() -> tuple[ComponentResult, frozenset[Verdict]]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Recollection(memory).of(SUBMISSION, CodeReward.model_validate(SPEC), Detail.NONE, run)
    assert list(memory.kept.values()) == [None]


def test_a_result_that_is_taken_over_has_the_weight_that_is_asked_for() -> None:
    memory, runs = _Memory(), []

    def run() -> tuple[ComponentResult, frozenset[Verdict]]:
        runs.append(1)
        return GOOD, frozenset({Verdict.ACCEPTED})

    first, second = (
        Recollection(memory).of(SUBMISSION, CodeReward.model_validate({**SPEC, "weight": weight}), Detail.NONE, run)
        for weight in (1.0, 0.5)
    )
    assert runs == [1]
    assert (first.reused, second.reused, second.weight, second.score) == (False, True, 0.5, 1.0)
