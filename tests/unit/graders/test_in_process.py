"""Test code that would run in the candidate's process is refused, unless the request and the language allow it."""

import pytest

from assay.contract import CodeReward, Flag, Verdict
from assay.errors import ItemError
from assay_workers.graders.in_process import script_allowed, weighed
from assay_workers.graders.results import JudgedTest, lost_to_submission
from assay_workers.sandbox.languages import languages
from assay_workers.sandbox.port import Killed
from tests.fixtures.outcomes import make_outcome


def _spec(tests: dict[str, object]) -> CodeReward:
    return CodeReward.model_validate({"type": "code", "language": "go", "tests": tests})


_SCRIPT = {"kind": "script", "source": "func TestF(t *testing.T) {}", "entry_point": "F"}


def test_a_script_that_is_allowed_runs() -> None:
    spec = _spec({**_SCRIPT, "allow_in_process": True})
    assert script_allowed(languages()["go"], spec.tests) is spec.tests


@pytest.mark.parametrize(
    ("language", "tests", "hint"),
    [
        ("go", _SCRIPT, "allow_in_process"),
        ("sql", {**_SCRIPT, "allow_in_process": True}, "stdio"),
        ("go", {"kind": "function", "entry_point": "F", "cases": [{"expected": 1}]}, "stdio"),
        ("cpp", {"kind": "assert", "asserts": ["assert f() == 1"]}, "stdio"),
    ],
)
def test_whatever_could_be_forged_is_refused_with_a_way_out(
    language: str, tests: dict[str, object], hint: str
) -> None:
    with pytest.raises(ItemError) as caught:
        script_allowed(languages()[language], _spec(tests).tests)
    assert caught.value.code == "tests_not_isolable"
    assert hint in caught.value.hint


def _control(verdict: Verdict, *, killed: Killed | None = None) -> JudgedTest:
    return JudgedTest(verdict, make_outcome(exit_code=None if killed else 1, killed=killed))


_PASS = JudgedTest(Verdict.ACCEPTED, make_outcome())
_REFUTED = _control(Verdict.RUNTIME_ERROR)
_PASSED = JudgedTest(Verdict.ACCEPTED, make_outcome())
_LATE = _control(Verdict.TIME_LIMIT, killed=Killed.CPU)
_UNCOMPILED = _control(Verdict.COMPILE_ERROR)
_LOST = lost_to_submission(1)[0]


@pytest.mark.parametrize(
    ("controls", "verdict", "flags"),
    [
        ([_REFUTED, _REFUTED], Verdict.ACCEPTED, set()),
        ([_LATE, _REFUTED], Verdict.ACCEPTED, set()),
        ([_PASSED], Verdict.WRONG_ANSWER, {Flag.FORGED}),
        ([_REFUTED, _PASSED], Verdict.WRONG_ANSWER, {Flag.FORGED}),
        ([], Verdict.ACCEPTED, {Flag.UNCONTROLLED}),
        ([_LATE, _LOST], Verdict.ACCEPTED, {Flag.UNCONTROLLED}),
        ([_UNCOMPILED], Verdict.ACCEPTED, {Flag.UNCONTROLLED}),
    ],
)
def test_a_pass_stands_unless_a_control_passes_and_is_marked_where_none_speaks(
    controls: list[JudgedTest], verdict: Verdict, flags: set[Flag]
) -> None:
    test = weighed(_PASS, controls)
    assert test.verdict is verdict
    assert test.flags == flags
    assert (test.message is not None) == (Flag.FORGED in flags)
