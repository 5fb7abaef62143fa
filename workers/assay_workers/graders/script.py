"""Grades programs by a test script around one entry point, as HumanEval has them. One script is one test."""

import ast
from collections.abc import Collection

from assay.contract import Integrity, ScriptSuite
from assay.errors import ItemError
from assay_workers.graders.examination import Examination, Script
from assay_workers.graders.isolation import Obstacle, find_obstacle
from assay_workers.graders.plan import Rooms, Submission
from assay_workers.graders.pytest_names import case_tests
from assay_workers.graders.results import JudgedSuite
from assay_workers.graders.test_code import candidate_names, caught_names, helpers_of, parse_tests

__all__ = ["ScriptPlan", "read_script", "script_obstacle"]


def read_script(suite: ScriptSuite, *, handles: bool) -> Script:
    """The script, and what it wants of the program.

    Raises:
        ItemError: it is not Python, or its cases have no test.
    """
    helpers = helpers_of(suite.prompt)
    tests = parse_tests(suite.source, "the test script")
    names = candidate_names(tests, parse_tests(helpers, "the prompt"), suite.entry_point)
    caught = tuple(name for name in caught_names(tests) if name in names)
    cases = case_tests(tests)
    return Script(suite.source, helpers, tuple(names), suite.entry_point, caught, handles, cases)


def script_obstacle(suite: ScriptSuite) -> Obstacle | None:
    """Why an examiner may not be able to run the script.

    Raises:
        ItemError: it is not Python.
    """
    tests = parse_tests(suite.source, "the test script")
    prompt = parse_tests(helpers_of(suite.prompt), "the prompt")
    names = [*candidate_names(tests, prompt, suite.entry_point.partition(".")[0].removesuffix("()")), "candidate"]
    return find_obstacle(tests, names, prompt=prompt) or _foreign_name(tests, names, suite.entry_point)


def _foreign_name(tests: ast.Module, names: Collection[str], entry_point: str) -> Obstacle | None:
    """A name that nobody defines and that is no mere function: what the program imports, very likely."""
    known = {"candidate", entry_point.partition(".")[0].removesuffix("()")}
    for node in ast.walk(tests):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = node.value.id
            if name in names and name not in known:
                return Obstacle(node.lineno, f"uses {name!r}, which it does not import")
    return None


def _refuse_patches(suite: ScriptSuite) -> None:
    obstacle = script_obstacle(suite)
    if obstacle is not None and obstacle.patches:
        message = (
            f"line {obstacle.line} of the test script {obstacle.what}, and the program runs in another sandbox"
        )
        hint = "test it without mocks, or set 'allow_in_process'"
        raise ItemError(message, code="tests_not_isolable", hint=hint)


class ScriptPlan:
    """The script is examined as a whole."""

    integrity = Integrity.EXAMINER
    weights = (1.0,)

    def __init__(self, suite: ScriptSuite, *, handles: bool = True) -> None:
        """Reads the suite; with ``handles`` objects of the candidate's may cross.

        Raises:
            ItemError: the script is not Python, or cannot be kept apart from the candidate.
        """
        if not suite.allow_in_process:
            _refuse_patches(suite)
        self._script = read_script(suite, handles=handles)

    def judge(self, rooms: Rooms, submission: Submission) -> JudgedSuite:
        """Examines the program with the script.

        Raises:
            ItemError: the script is broken, or cannot be kept apart from the candidate.
            SandboxLost: the service cannot keep a sandbox alive, whatever runs in it.
        """
        examination = Examination.of(rooms, submission)
        return JudgedSuite([examination.judge(self._script)], self.integrity)
