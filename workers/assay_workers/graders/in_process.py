"""Grades programs by test code that runs in their own process, where nothing better is possible and it was allowed.

The test code stands behind the program in one source, and the test passes when the process ends with status 0.
A program can end its process so whenever it likes: that is why the result says `in_process`, and why it takes
the request's word that it may be done. Python never comes here: its scripts run in an examiner.
"""

from assay.contract import Integrity, ScriptSuite, Suite, SuiteWarning, Verdict
from assay.errors import ItemError
from assay_workers.graders.cells import judge_cells
from assay_workers.graders.plan import Rooms, Submission
from assay_workers.graders.results import JudgedSuite, JudgedTest, judged
from assay_workers.sandbox.languages import Language, compose_script, languages
from assay_workers.sandbox.port import CellOutcome, Run

__all__ = ["InProcessPlan", "script_allowed"]


class InProcessPlan:
    """Program and test code run together, once."""

    integrity = Integrity.IN_PROCESS
    weights = (1.0,)
    warnings: tuple[SuiteWarning, ...] = ()

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
        language = submission.language
        row = languages()[language.script or language.name]
        source = compose_script(language, submission.source, self._suite.source)
        together = row.program(source, None, submission.files, submission.requested)
        limits = row.effective_limits(submission.requested)
        tests = judge_cells(rooms.candidates.slot(row), together, [Run()], limits, _judge)
        return JudgedSuite(tests, self.integrity)


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
