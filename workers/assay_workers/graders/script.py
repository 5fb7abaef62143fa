"""Grades programs by a test script around one entry point, as HumanEval has them. One script is one test."""

from assay.contract import Integrity, ScriptSuite, SuiteWarning
from assay_workers.graders.examination import Examination, Script
from assay_workers.graders.plan import Rooms, Submission
from assay_workers.graders.results import JudgedSuite
from assay_workers.graders.test_code import candidate_names, caught_names, helpers_of, parse_tests

__all__ = ["ScriptPlan"]


class ScriptPlan:
    """The script is examined as a whole."""

    integrity = Integrity.EXAMINER
    weights = (1.0,)
    warnings: tuple[SuiteWarning, ...] = ()

    def __init__(self, suite: ScriptSuite, *, handles: bool = True) -> None:
        """Reads the suite; with ``handles`` objects of the candidate's may cross.

        Raises:
            ItemError: the script is not Python.
        """
        helpers = helpers_of(suite.prompt)
        tests = parse_tests(suite.source, "the test script")
        names = candidate_names(tests, parse_tests(helpers, "the prompt"), suite.entry_point)
        caught = tuple(name for name in caught_names(tests) if name in names)
        self._script = Script(suite.source, helpers, tuple(names), suite.entry_point, caught, handles)

    def judge(self, rooms: Rooms, submission: Submission) -> JudgedSuite:
        """Examines the program with the script.

        Raises:
            ItemError: the script is broken, or cannot be kept apart from the candidate.
            SandboxLost: the service cannot keep a sandbox alive, whatever runs in it.
        """
        examination = Examination.of(rooms, submission)
        return JudgedSuite([examination.judge(self._script)], self.integrity)
