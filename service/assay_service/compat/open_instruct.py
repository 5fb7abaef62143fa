"""open-instruct's code server: `/test_program` (assertions) and `/test_program_stdio`.

Source: open-instruct `open_instruct/code_utils` and `ground_truth_utils` (`CodeVerifier`).
"""

from typing import Any, Final

from pydantic import Field

from assay.contract import ItemResult, TestResult, Verdict
from assay.errors import FormatError, RequestError, ServiceError
from assay.formats.fields import Field as Column
from assay_service.compat.lenient import LenientModel
from assay_service.compat.limits import limits_of

__all__ = ["TestProgram", "to_reply"]

LEAST_PATIENCE_S: Final = 30.0
MOST_PATIENCE_S: Final = 300.0
"""Its client waits ten times the time of a test, within these bounds, and asks once."""
MARGIN_S: Final = 3.0
_HINT: Final = (
    'such as ["assert f(1) == 2"] or [{"input": "1", "output": "2"}]; base64 of zlib of pickle is read, too'
)


class TestProgram(LenientModel):
    """A request."""

    __test__ = False  # for pytest: a value, not a test

    program: str
    tests: Any
    max_execution_time: float = Field(1.0, gt=0)

    @property
    def answer_s(self) -> float:
        """Within how many seconds its client must have an answer."""
        return max(LEAST_PATIENCE_S, min(MOST_PATIENCE_S, 10 * self.max_execution_time)) - MARGIN_S

    def to_batch(self, *, stdio: bool) -> dict[str, Any]:
        """The batch of the request, with one item, or none if there are no tests.

        Raises:
            RequestError: the tests are none.
        """
        try:
            tests = Column(self.tests, "tests").decoded().plain()
        except FormatError as error:
            raise RequestError(error.message, path="tests", hint=_HINT) from error
        if not isinstance(tests, list):
            raise RequestError("'tests' must be a list", path="tests", hint=_HINT)
        if not tests:
            return {"items": []}
        suite = _stdio(tests) if stdio else {"kind": "assert", "asserts": tests}
        reward = {"type": "code", "tests": suite, "limits": limits_of(self.max_execution_time)}
        return {"detail": "verdicts", "items": [{"id": "program", "code": self.program, "rewards": [reward]}]}


def _stdio(tests: list[Any]) -> dict[str, Any]:
    for place, test in enumerate(tests):
        if not isinstance(test, dict) or not all(isinstance(test.get(side), str) for side in ("input", "output")):
            raise RequestError("a test needs the texts 'input' and 'output'", path=f"tests[{place}]", hint=_HINT)
    cases = [{"stdin": test["input"], "expected": test["output"]} for test in tests]
    return {"kind": "stdio", "cases": cases}


def to_reply(results: list[ItemResult]) -> dict[str, Any]:
    """The answer: 1 or 0 and the CPU seconds of each test, -1 where it failed.

    Raises:
        ServiceError: the result has no tests in it.
    """
    if not results:
        return {"results": [], "runtimes": []}
    (component,) = results[0].components or (None,)
    if component is None or component.tests is None:
        raise ServiceError("the result has no tests in it")
    passed = [test.verdict is Verdict.ACCEPTED for test in component.tests]
    return {"results": [int(each) for each in passed], "runtimes": [_runtime_s(test) for test in component.tests]}


def _runtime_s(test: TestResult) -> float:
    return (test.cpu_ms or 0.0) / 1000 if test.verdict is Verdict.ACCEPTED else -1.0
