"""Grades programs by test code that runs in their own process, where nothing better is possible and it was allowed.

The test code stands behind the program in one source, and the test passes when the process ends with status 0.
A program can end its process so whenever it likes: that is why the result says `in_process`, and why it takes
the request's word that it may be done. Python never comes here: its scripts run in an examiner.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from assay.contract import ScriptSuite, Verdict
from assay.errors import ItemError
from assay_workers.graders.cells import judge_cells
from assay_workers.graders.results import CodeSpec, JudgedTest, judged
from assay_workers.sandbox.languages import Language, compose_script, languages
from assay_workers.sandbox.port import CellOutcome, Run
from assay_workers.sandbox.slots import Slots

__all__ = ["InProcess", "grade_in_process", "script_allowed"]


@dataclass(frozen=True)
class InProcess:
    """A program to stand before its test code."""

    language: Language
    source: bytes
    files: Mapping[str, bytes]


def grade_in_process(slots: Slots, program: InProcess, spec: CodeSpec) -> list[JudgedTest]:
    """Runs program and test code together, once.

    Raises:
        ItemError: the tests are of another kind, it was not allowed, or the language cannot.
        SandboxLost: the service cannot keep a sandbox alive, whatever runs in it.
    """
    language, suite = program.language, script_allowed(program.language, spec)
    row = languages()[language.script or language.name]
    together = row.program(compose_script(language, program.source, suite.source), None, program.files, spec.limits)
    return judge_cells(slots.slot(row), together, [Run()], row.effective_limits(spec.limits), _judge)


def _judge(number: int, outcome: CellOutcome) -> JudgedTest:
    del number
    return judged(Verdict.ACCEPTED, outcome)


def script_allowed(language: Language, spec: CodeSpec) -> ScriptSuite:
    """The script, if it may run in the program's own process.

    Raises:
        ItemError: the tests are of another kind, it was not allowed, or the language cannot.
    """
    suite = spec.tests
    if not isinstance(suite, ScriptSuite) or language.script is None:
        message = f"{suite.kind!r} tests of {language.title} cannot be kept apart from the program"
        raise ItemError(message, code="tests_not_isolable", hint="use 'stdio' tests")
    if not suite.allow_in_process:
        message = f"a script of {language.title} runs in the program's own process, which can forge its success"
        raise ItemError(message, code="tests_not_isolable", hint="use 'stdio' tests, or set 'allow_in_process'")
    return suite
