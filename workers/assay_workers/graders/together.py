"""Grades Python programs by test code in their own process, where no examiner can run it and it was allowed.

A pass takes three things that agree: the exit status, a report on a descriptor, and in that report everything the
judge knows the tests to have. A program that shares the process can bring all three about; so whatever passes runs
again with negative controls, as in `assay_workers.graders.in_process`.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Final, NamedTuple

from assay.contract import Integrity, PytestSuite, ScriptSuite, Verdict
from assay.errors import ItemError
from assay_agent.marks import mark_script
from assay_agent.together import FAILED, PASSED
from assay_agent.values import NotAValue, decode
from assay_workers.graders.cells import judge_cells
from assay_workers.graders.controls import Edit
from assay_workers.graders.in_process import controlled
from assay_workers.graders.plan import Rooms, Submission
from assay_workers.graders.pytest_names import read_suite
from assay_workers.graders.pytest_suite import PYTEST_RUNNER
from assay_workers.graders.python_controls import node_edits, script_edits
from assay_workers.graders.results import JudgedSuite, JudgedTest, judged, skipped
from assay_workers.graders.script import read_script
from assay_workers.sandbox.port import CellOutcome, Together
from assay_workers.sandbox.slot import Slot

__all__ = ["PytestTogetherPlan", "ScriptTogetherPlan"]

_UNFINISHED: Final = "the program ended before its tests did"
_MISSING: Final = "tests are missing from what was reported as passed"
Everything = Callable[[Collection[str]], bool]
"""Whether what passed is all there is."""


class ScriptTogetherPlan:
    """Program and script in one process, as if the one stood behind the other in one file."""

    integrity = Integrity.IN_PROCESS
    weights = (1.0,)

    def __init__(self, suite: ScriptSuite) -> None:
        """Reads the suite.

        Raises:
            ItemError: the script is not Python.
        """
        self._script = read_script(suite, handles=False)
        marks = (f"assert {number}" for number in mark_script(suite.source).required)
        self._manifest = frozenset((*marks, *self._script.case_tests))

    def judge(self, rooms: Rooms, submission: Submission) -> JudgedSuite:
        """Runs program and script together.

        Raises:
            ItemError: the script cannot be compiled.
            SandboxLost: the service cannot keep a sandbox alive, whatever runs in it.
        """
        slot = rooms.candidates.slot(submission.language)
        source = self._script.source

        def run(test_code: str) -> JudgedTest:
            script = replace(self._script, source=test_code).encoded()
            return _run(slot, submission, script, self._manifest.issubset)

        test = run(source)
        if test.verdict is Verdict.ACCEPTED:
            edits = script_edits(source, self._script.case_tests)
            test = controlled(submission, test, edits, lambda control: run(control.applied(source)))
        return JudgedSuite([test], self.integrity)


class PytestTogetherPlan:
    """Every test of the suite in a process of its own, with the program in it."""

    integrity = Integrity.IN_PROCESS

    def __init__(self, suite: PytestSuite, *, stop_on_first_failure: bool = False) -> None:
        """Reads the suite.

        Raises:
            ItemError: a file is not Python, or there are no tests.
        """
        self._nodes = tuple(dict.fromkeys(suite.manifest or read_suite(suite.files, suite.module).tests))
        if not self._nodes:
            raise ItemError("the files define no test", code="invalid_tests")
        self._suite = suite
        self._stop = stop_on_first_failure
        self.weights = [1.0] * len(self._nodes)

    def judge(self, rooms: Rooms, submission: Submission) -> JudgedSuite:
        """Runs every test with the program.

        Raises:
            ItemError: there is no pytest.
            SandboxLost: the service cannot keep a sandbox alive, whatever runs in it.
        """
        slot = rooms.together.slot(submission.language)
        submission = replace(submission, main=submission.main or f"{self._suite.module}.py")
        tests: list[JudgedTest] = []
        for node in self._nodes:
            tests.append(self._judge(slot, submission, node))
            if self._stop and tests[-1].verdict is not Verdict.ACCEPTED:
                break
        return JudgedSuite(tests + skipped(len(self._nodes) - len(tests)), self.integrity)

    def _judge(self, slot: Slot, submission: Submission, node: str) -> JudgedTest:
        file = node.partition("::")[0]
        files = self._suite.files

        def everything(passed: Collection[str]) -> bool:
            return any(name == node or name.startswith(f"{node}[") for name in passed)

        def run(control: Edit | None) -> JudgedTest:
            changed = files if control is None else {**files, file: control.applied(files[file])}
            script = {"runner": PYTEST_RUNNER, "files": changed, "module": self._suite.module, "node": node}
            return _run(slot, submission, json.dumps(script).encode(), everything)

        test = run(None)
        if test.verdict is not Verdict.ACCEPTED:
            return test
        return controlled(submission, test, node_edits(files[file], node), run)


class _Report(NamedTuple):
    kind: bytes
    reason: str
    passed: frozenset[str]


def _run(slot: Slot, submission: Submission, script: bytes, everything: Everything) -> JudgedTest:
    def judge(number: int, outcome: CellOutcome) -> JudgedTest:
        del number
        return _judged(outcome, everything)

    return judge_cells(slot, submission.program, [Together(script)], submission.limits, judge)[0]


def _judged(outcome: CellOutcome, everything: Everything) -> JudgedTest:
    """The verdict on a process that ended with status 0."""
    report = _read_report(outcome.value)
    if report is None:
        return judged(Verdict.RUNTIME_ERROR, outcome, _UNFINISHED)
    if report.kind == PASSED:
        passed = everything(report.passed)
        return judged(Verdict.ACCEPTED if passed else Verdict.WRONG_ANSWER, outcome, None if passed else _MISSING)
    verdict = Verdict.WRONG_ANSWER if report.kind == FAILED else Verdict.RUNTIME_ERROR
    return judged(verdict, outcome, report.reason[:500])


def _read_report(frame: bytes | None) -> _Report | None:
    """What was reported, if it has the form of a report: the program may have written it."""
    try:
        content = decode((frame or b"")[1:])
    except NotAValue:
        return None
    match content:
        case (str(reason), list(passed)) if all(type(name) is str for name in passed):
            return _Report((frame or b"")[:1], reason, frozenset(passed))
        case _:
            return None
