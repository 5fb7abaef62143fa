"""Judged tests become a component; the score counts all tests of the request, and little else is told."""

import pytest
from pydantic import TypeAdapter

from assay.contract import CodeReward, Detail, Integrity, Verdict
from assay_workers.graders.results import (
    JudgedSuite,
    JudgedTest,
    component_result,
    judged,
    lost_to_submission,
    skipped,
)
from tests.fixtures.outcomes import make_outcome

_TESTS = {"kind": "stdio", "cases": [{"stdin": "", "expected": "secret"}] * 3}
_GOOD = judged(Verdict.ACCEPTED, make_outcome(stdout=b"\xffout", stderr=b"careful"))
_BAD = judged(Verdict.RUNTIME_ERROR, make_outcome(exit_code=1, stderr=b"ValueError: no\n"))


def _spec(**fields: object) -> CodeReward:
    return TypeAdapter(CodeReward).validate_python({"type": "code", "tests": _TESTS, **fields})


def test_the_verdict_and_the_message_are_those_of_the_first_failure() -> None:
    result = component_result(
        _spec(), JudgedSuite([_GOOD, _BAD, *skipped(1)], Integrity.EXTERNAL), [1.0] * 3, Detail.NONE
    )
    assert (result.verdict, result.message) == (Verdict.RUNTIME_ERROR, "ValueError: no")
    assert (result.passed, result.total) == (1, 3)
    assert result.score == pytest.approx(1 / 3)
    assert result.tests is None


def test_all_tests_accepted_is_a_full_score() -> None:
    result = component_result(_spec(), JudgedSuite([_GOOD] * 3, Integrity.EXTERNAL), [1.0] * 3, Detail.NONE)
    assert (result.verdict, result.score, result.message) == (Verdict.ACCEPTED, 1.0, None)


def test_weights_count_where_the_score_is_weighted() -> None:
    result = component_result(
        _spec(scoring="weighted"),
        JudgedSuite([_GOOD, _BAD, _BAD], Integrity.EXTERNAL),
        [2.0, 1.0, 1.0],
        Detail.NONE,
    )
    assert result.score == 0.5


def test_outputs_come_back_only_where_asked() -> None:
    verdicts = component_result(_spec(), JudgedSuite([_GOOD], Integrity.EXTERNAL), [1.0], Detail.VERDICTS).tests
    outputs = component_result(_spec(), JudgedSuite([_GOOD], Integrity.EXTERNAL), [1.0], Detail.OUTPUTS).tests
    assert verdicts is not None
    assert outputs is not None
    assert (verdicts[0].stdout, verdicts[0].cpu_ms) == (None, 100.0)
    assert (outputs[0].stdout, outputs[0].stderr) == ("\\xffout", "careful")


def test_long_outputs_are_cut() -> None:
    test = judged(Verdict.ACCEPTED, make_outcome(stdout=b"a" * 50_000, stderr=b"b" * 50_000 + b"end"))
    tests = component_result(_spec(), JudgedSuite([test], Integrity.EXTERNAL), [1.0], Detail.OUTPUTS).tests
    assert tests is not None
    assert tests[0].stdout == "a" * 10_000
    assert (tests[0].stderr or "").endswith("end")
    assert len(tests[0].stderr or "") == 10_000


def test_a_submission_that_no_sandbox_survived_fails_and_says_so() -> None:
    (test,) = lost_to_submission(1)
    assert test.verdict is Verdict.RUNTIME_ERROR
    assert (
        component_result(_spec(), JudgedSuite([test], Integrity.EXTERNAL), [1.0], Detail.VERDICTS).message
        == test.message
    )


def test_a_test_without_a_cell_has_no_measurements() -> None:
    tests = component_result(
        _spec(), JudgedSuite([JudgedTest(Verdict.NO_CODE)], Integrity.EXTERNAL), [1.0], Detail.OUTPUTS
    ).tests
    assert tests is not None
    assert (tests[0].cpu_ms, tests[0].stdout) == (None, None)
