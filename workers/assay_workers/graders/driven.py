"""Grades functions of languages other than Python, which a driver calls (see `assay_workers.sandbox.driving`).

As for Python, one cell is one call, and what comes out of it is a value, which is decoded and compared here. What
is wrong with the tests is said before a program is looked at.
"""

import json
from collections.abc import Sequence

from assay.contract import FunctionCase, FunctionSuite, Integrity
from assay.errors import ItemError
from assay_agent.values import NotAValue, encode
from assay_workers.graders.cells import judge_cells
from assay_workers.graders.function import judge_value
from assay_workers.graders.json_values import decode_json
from assay_workers.graders.plan import Rooms, Submission
from assay_workers.graders.results import JudgedSuite, JudgedTest
from assay_workers.sandbox.driving import ENTRY_POINT, EntryPoint
from assay_workers.sandbox.languages import Language, languages
from assay_workers.sandbox.port import Call, CellOutcome

__all__ = ["DrivenPlan"]


class DrivenPlan:
    """Every case is a call by a driver, in a cell of its own."""

    integrity = Integrity.EXTERNAL

    def __init__(self, language: Language, suite: FunctionSuite, *, stop_on_first_failure: bool = False) -> None:
        """Takes a suite that a driver can run.

        Raises:
            ItemError: the language has no driver, or a call cannot be made in it.
        """
        if language.driver is None:
            there = ", ".join(name for name, row in languages().items() if row.driver or row.builtin)
            message = f"'function' tests of {language.title} are not possible: there is no driver for it"
            raise ItemError(message, code="tests_not_isolable", hint=f"use 'stdio' tests; 'function' has: {there}")
        self._suite = suite
        self._stop = stop_on_first_failure
        self._entry_point = _entry_point(language, suite.entry_point)
        self._calls = [_call(language, self._entry_point, suite.in_place, case) for case in suite.cases]

    @property
    def weights(self) -> Sequence[float]:
        """The weight of each case."""
        return [case.weight for case in self._suite.cases]

    def judge(self, rooms: Rooms, submission: Submission) -> JudgedSuite:
        """Calls the function once for every case, and compares the values.

        Raises:
            SandboxLost: the service cannot keep a sandbox alive, whatever runs in it.
        """
        program = submission.language.called_program(
            submission.source, self._entry_point, submission.files, submission.requested
        )
        slot = rooms.candidates.slot(submission.language)
        tests = judge_cells(
            slot, program, self._calls, submission.limits, self._judge_case, stop_on_first_failure=self._stop
        )
        return JudgedSuite(tests, self.integrity)

    def _judge_case(self, number: int, outcome: CellOutcome) -> JudgedTest:
        expected = self._suite.cases[number].expected
        return judge_value(outcome, self._suite.compare, expected, expected_is_json=True, decode=decode_json)


def _entry_point(language: Language, text: str) -> EntryPoint:
    found = ENTRY_POINT.fullmatch(text)
    if found is None:
        message = f"the driver of {language.title} cannot call {text!r}"
        raise ItemError(
            message, code="invalid_tests", hint="name a function `f` or a method `Solution.f`, in ASCII"
        )
    return EntryPoint(found["function"], found["type"])


def _call(language: Language, entry_point: EntryPoint, in_place: int | None, case: FunctionCase) -> Call:
    if case.kwargs:
        message = f"functions of {language.title} take no keyword arguments"
        raise ItemError(message, code="invalid_tests", hint="give all arguments as 'args', and none as 'kwargs'")
    try:
        encode((case.args, {}))  # within the bounds that calls of Python have
        call = json.dumps((entry_point.text, in_place, case.args), ensure_ascii=False, allow_nan=False)
        return Call(entry_point.text, call.encode(), in_place=in_place)
    except (NotAValue, ValueError, RecursionError) as error:
        raise ItemError(f"the arguments of a call cannot be passed: {error}", code="invalid_tests") from error
