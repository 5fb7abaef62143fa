"""Grades programs by test code that runs in their own process, where nothing better is possible and it was allowed.

The test code stands behind the program in one source, and the test passes when the process ends with status 0.
A program can end its process so whenever it likes: that is why the result says `in_process`, and why it takes
the request's word that it may be done. A program that passes runs again with negative controls, test code that
an honest program fails; passing one, it earns nothing. For Python see `assay_workers.graders.together`.
"""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from assay.contract import Flag, Integrity, ScriptSuite, Suite, Verdict
from assay.errors import ItemError
from assay_workers.graders.cells import judge_cells
from assay_workers.graders.controls import Edit, choose_controls, find_edits
from assay_workers.graders.plan import Rooms, Submission
from assay_workers.graders.results import JudgedSuite, JudgedTest, judged
from assay_workers.sandbox.languages import Language, compose_script, languages
from assay_workers.sandbox.port import CellOutcome, Run

__all__ = ["InProcessPlan", "controlled", "script_allowed", "weighed"]

_SECRET: Final = secrets.token_bytes(32)
"""Of this process: no program can know which assertion is changed for it."""
_FORGED: Final = "it also passes tests that were changed so that no honest program passes them"


class InProcessPlan:
    """Program and test code run together, once."""

    integrity = Integrity.IN_PROCESS
    weights = (1.0,)

    def __init__(self, language: Language, suite: Suite) -> None:
        """Takes a script that may run so.

        Raises:
            ItemError: the tests are of another kind, it was not allowed, or the language cannot.
        """
        self._suite = script_allowed(language, suite)

    def judge(self, rooms: Rooms, submission: Submission) -> JudgedSuite:
        """Runs program and test code together.

        Raises:
            SandboxLost: the service cannot keep a sandbox alive, whatever runs in it.
        """
        test = self._run(rooms, submission, self._suite.source)
        if test.verdict is Verdict.ACCEPTED:
            test = self._controlled(rooms, submission, test)
        return JudgedSuite([test], self.integrity)

    def _controlled(self, rooms: Rooms, submission: Submission, test: JudgedTest) -> JudgedTest:
        source = self._suite.source
        edits = find_edits(submission.language.family, source)
        return controlled(
            submission, test, edits, lambda control: self._run(rooms, submission, control.applied(source))
        )

    def _run(self, rooms: Rooms, submission: Submission, test_code: str) -> JudgedTest:
        language = submission.language
        row = languages()[language.script or language.name]
        source = compose_script(language, submission.source, test_code)
        together = row.program(source, None, submission.files, submission.requested)
        limits = row.effective_limits(submission.requested)
        return judge_cells(rooms.candidates.slot(row), together, [Run()], limits, _judge)[0]


def controlled(
    submission: Submission, test: JudgedTest, edits: tuple[Edit, ...], run: Callable[[Edit], JudgedTest]
) -> JudgedTest:
    """A passed test, by what comes of its controls: one of each kind among ``edits``, up to the first that passes.

    ``run`` judges the submission by the test with one change made.
    """
    seed = hashlib.blake2b(submission.source, key=_SECRET).digest()
    results: list[JudgedTest] = []
    for control in choose_controls(edits, seed):
        results.append(run(control))
        if results[-1].verdict is Verdict.ACCEPTED:
            break
    return weighed(test, results)


def weighed(test: JudgedTest, controls: Sequence[JudgedTest]) -> JudgedTest:
    """A passed test, by what came of its controls.

    Only a control that ended by itself with a failure speaks for the program: one that was lost, met a limit or
    did not compile says nothing, and where none speaks the pass is marked as uncontrolled.
    """
    if any(control.verdict is Verdict.ACCEPTED for control in controls):
        return replace(test, verdict=Verdict.WRONG_ANSWER, message=_FORGED, flags=test.flags | {Flag.FORGED})
    if any(_failed_by_itself(control) for control in controls):
        return test
    return replace(test, flags=test.flags | {Flag.UNCONTROLLED})


def _failed_by_itself(control: JudgedTest) -> bool:
    outcome = control.outcome
    failed = control.verdict in (Verdict.RUNTIME_ERROR, Verdict.WRONG_ANSWER)
    return failed and outcome is not None and outcome.killed is None


def _judge(number: int, outcome: CellOutcome) -> JudgedTest:
    del number
    return judged(Verdict.ACCEPTED, outcome)


def script_allowed(language: Language, suite: Suite) -> ScriptSuite:
    """The script, if it may run in the program's own process.

    Raises:
        ItemError: the tests are of another kind, it was not allowed, or the language cannot.
    """
    if not isinstance(suite, ScriptSuite) or language.script is None:
        message = f"{suite.kind!r} tests of {language.title} cannot be kept apart from the program"
        raise ItemError(message, code="tests_not_isolable", hint="use 'stdio' tests")
    if not suite.allow_in_process:
        message = f"a script of {language.title} runs in the program's own process, which can forge its success"
        raise ItemError(message, code="tests_not_isolable", hint="use 'stdio' tests, or set 'allow_in_process'")
    return suite
