"""Grades functions by the values they return. The values are decoded and compared here, never in a sandbox."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assay.contract import Compare, Flag, FunctionSuite, Integrity, Verdict
from assay.errors import ItemError
from assay_agent.values import NotAValue, decode, encode
from assay_workers.checkers.fault import decide
from assay_workers.checkers.non_finite import has_non_finite
from assay_workers.checkers.values import same_value
from assay_workers.graders.cells import judge_cells
from assay_workers.graders.plan import Rooms, Submission
from assay_workers.graders.results import JudgedSuite, JudgedTest, compared, judged
from assay_workers.sandbox.port import Call, CellOutcome

__all__ = ["NO_VALUE", "FunctionPlan", "Returned", "encode_call", "judge_value", "read_value"]

NO_VALUE = "the call ended without a value"


class Returned:
    """What a call gave: a plain value, or the reason why there is none."""

    def __init__(
        self, value: object = None, reason: str | None = None, flags: frozenset[Flag] = frozenset()
    ) -> None:
        self.value = value
        self.reason = reason
        self.flags = flags


def encode_call(
    entry_point: str,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    *,
    materialize: bool = False,
    in_place: int | None = None,
) -> Call:
    """The call as a test; see `assay_workers.sandbox.port.Call`.

    Raises:
        ItemError: the arguments are too large, or too deeply nested.
    """
    try:
        return Call(entry_point, encode((args, kwargs)), materialize, in_place)
    except NotAValue as error:
        raise ItemError(f"the arguments of a call cannot be passed: {error}", code="invalid_tests") from error


def read_value(frame: bytes | None, decode: Callable[[bytes], object] = decode) -> Returned:
    """Decodes what a cell answered; whatever is malformed is no value.

    ``decode`` raises NotAValue.
    """
    if frame is None or frame[:1] not in (b"V", b"U"):
        return Returned(reason=NO_VALUE)
    try:
        value = decode(frame[1:])
    except NotAValue as error:
        return Returned(reason=str(error), flags=frozenset({Flag.CHANNEL_TAMPERING}))
    return Returned(value) if frame[:1] == b"V" else Returned(reason=f"returned no plain value: {value}"[:500])


def judge_value(
    outcome: CellOutcome,
    compare: Compare,
    expected: object,
    *,
    expected_is_json: bool,
    decode: Callable[[bytes], object] = decode,
) -> JudgedTest:
    """The verdict on a call that ended well."""
    returned = read_value(outcome.value, decode)
    if returned.reason == NO_VALUE:
        return judged(Verdict.RUNTIME_ERROR, outcome, NO_VALUE)
    if returned.reason is not None:
        return judged(Verdict.WRONG_ANSWER, outcome, returned.reason, returned.flags)
    comparison = decide(lambda: same_value(compare, returned.value, expected, expected_is_json=expected_is_json))
    test = compared(comparison, outcome)
    return replace(test, flags=test.flags | {Flag.NON_FINITE_RETURN}) if _is_odd(returned.value, expected) else test


def _is_odd(value: object, expected: object) -> bool:
    """Whether a number is not finite that nobody asked to be so."""
    return has_non_finite(value) and not has_non_finite(expected)


@dataclass(frozen=True)
class FunctionPlan:
    """Every case is a call, in a cell of its own."""

    suite: FunctionSuite
    stop_on_first_failure: bool = False
    integrity = Integrity.EXTERNAL

    @property
    def weights(self) -> Sequence[float]:
        """The weight of each case."""
        return [case.weight for case in self.suite.cases]

    def judge(self, rooms: Rooms, submission: Submission) -> JudgedSuite:
        """Calls the function once for every case, and compares the values.

        Raises:
            ItemError: the arguments of a case cannot be passed.
            SandboxLost: the service cannot keep a sandbox alive, whatever runs in it.
        """
        suite = self.suite
        calls = [
            encode_call(suite.entry_point, case.args, case.kwargs, materialize=True, in_place=suite.in_place)
            for case in suite.cases
        ]
        slot = rooms.candidates.slot(submission.language)
        tests = judge_cells(
            slot,
            submission.program,
            calls,
            submission.limits,
            self._judge_case,
            stop_on_first_failure=self.stop_on_first_failure,
        )
        return JudgedSuite(tests, self.integrity)

    def _judge_case(self, number: int, outcome: CellOutcome) -> JudgedTest:
        expected = self.suite.cases[number].expected
        return judge_value(outcome, self.suite.compare, expected, expected_is_json=True)
