"""Grades functions by the values they return. The values are decoded and compared here, never in a sandbox."""

from typing import Any

from assay.contract import Compare, FunctionSuite, Verdict
from assay.errors import ItemError
from assay_agent.values import NotAValue, decode, encode
from assay_workers.checkers.values import same_value
from assay_workers.graders.cells import judge_cells
from assay_workers.graders.results import CodeSpec, JudgedTest, judged
from assay_workers.sandbox.port import Call, CellOutcome, Program
from assay_workers.sandbox.slot import Slot

__all__ = ["NO_VALUE", "Returned", "encode_call", "grade_function", "read_value"]

NO_VALUE = "the call ended without a value"


class Returned:
    """What a call gave: a plain value, or the reason why there is none."""

    def __init__(self, value: object = None, reason: str | None = None) -> None:
        self.value = value
        self.reason = reason


def encode_call(
    entry_point: str, args: tuple[Any, ...], kwargs: dict[str, Any], *, materialize: bool = False
) -> Call:
    """The call as a test; with ``materialize`` an iterator it returns counts as a list.

    Raises:
        ItemError: the arguments are too large, or too deeply nested.
    """
    try:
        return Call(entry_point, encode((args, kwargs)), materialize)
    except NotAValue as error:
        raise ItemError(f"the arguments of a call cannot be passed: {error}", code="invalid_tests") from error


def read_value(frame: bytes | None) -> Returned:
    """Decodes what a cell answered; whatever is malformed is no value."""
    if frame is None or frame[:1] not in (b"V", b"U"):
        return Returned(reason=NO_VALUE)
    try:
        value = decode(frame[1:])
    except NotAValue as error:
        return Returned(reason=str(error))
    return Returned(value) if frame[:1] == b"V" else Returned(reason=f"returned no plain value: {value}"[:500])


def grade_function(slot: Slot, program: Program, spec: CodeSpec, suite: FunctionSuite) -> list[JudgedTest]:
    """Calls the function once for every case, each in a cell of its own, and compares the values.

    Raises:
        ItemError: the arguments of a case cannot be passed.
        SandboxLost: the service cannot keep a sandbox alive, whatever runs in it.
    """
    calls = [encode_call(suite.entry_point, case.args, case.kwargs, materialize=True) for case in suite.cases]

    def judge(number: int, outcome: CellOutcome) -> JudgedTest:
        return judge_value(outcome, suite.compare, suite.cases[number].expected, expected_is_json=True)

    stop = getattr(spec, "stop_on_first_failure", False)
    return judge_cells(slot, program, calls, spec.limits, judge, stop_on_first_failure=stop)


def judge_value(outcome: CellOutcome, compare: Compare, expected: object, *, expected_is_json: bool) -> JudgedTest:
    """The verdict on a call that ended well."""
    returned = read_value(outcome.value)
    if returned.reason == NO_VALUE:
        return judged(Verdict.RUNTIME_ERROR, outcome, NO_VALUE)
    right = returned.reason is None and same_value(
        compare, returned.value, expected, expected_is_json=expected_is_json
    )
    return judged(Verdict.ACCEPTED if right else Verdict.WRONG_ANSWER, outcome, returned.reason)
