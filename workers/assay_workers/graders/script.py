"""Grades programs by a test script around one entry point, as HumanEval has them. One script is one test."""

from assay.contract import ScriptSuite
from assay_workers.graders.examination import Examination, Script
from assay_workers.graders.results import JudgedTest
from assay_workers.graders.test_code import candidate_names, helpers_of, parse_tests

__all__ = ["grade_script", "plan_script"]


def plan_script(suite: ScriptSuite) -> Script:
    """Reads the suite.

    Raises:
        ItemError: the script is not Python.
    """
    helpers = helpers_of(suite.prompt)
    tests = parse_tests(suite.source, "the test script")
    names = candidate_names(tests, parse_tests(helpers, "the prompt"), suite.entry_point)
    return Script(suite.source, helpers, tuple(names), suite.entry_point)


def grade_script(examination: Examination, suite: ScriptSuite) -> list[JudgedTest]:
    """Examines the program with the script.

    Raises:
        ItemError: the script is broken, or cannot be kept apart from the candidate.
        SandboxLost: the service cannot keep a sandbox alive, whatever runs in it.
    """
    return [examination.judge(plan_script(suite))]
