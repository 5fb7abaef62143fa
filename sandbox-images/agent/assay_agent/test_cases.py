"""Runs the tests of unittest's cases that a test script defines, in the running process.

Imported only for scripts that name it, since unittest would cost every cell its pages.
"""

import unittest
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["NotPassed", "run_cases"]


class NotPassed(AssertionError):
    """A test was skipped, or did not go as tests go."""


class _Outcomes(unittest.TestResult):
    """Which tests passed, and the first that was in the way."""

    def __init__(self) -> None:
        super().__init__()
        self.passed: list[str] = []
        self.error: BaseException | None = None

    def addSuccess(self, test: unittest.TestCase) -> None:
        self.passed.append(_name(test))

    def addError(self, test: Any, err: Any) -> None:
        del test
        self.error = self.error or err[1]

    addFailure = addError

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
        del subtest
        if err is not None:
            self.addError(test, err)

    def addSkip(self, test: Any, reason: str) -> None:
        del test, reason
        self.error = self.error or NotPassed("a test was skipped")

    def addExpectedFailure(self, test: Any, err: Any) -> None:
        del test, err
        self.error = self.error or NotPassed("a test was expected to fail")

    def addUnexpectedSuccess(self, test: Any) -> None:
        del test
        self.error = self.error or NotPassed("a test was expected to fail")


def _name(test: unittest.TestCase) -> str:
    return f"{type(test).__name__}::{test._testMethodName}"  # noqa: SLF001 - `id` has the module before it


def run_cases(names: Sequence[str], namespace: Mapping[str, Any]) -> list[str]:
    """Runs the tests ``names``, each `Class::method`, of classes in ``namespace``; gives those that passed.

    Raises:
        BaseException: what the first test raised that did not pass.
        NotPassed: it was skipped, or expected to fail.
    """
    outcomes = _Outcomes()
    tests = [namespace[case](method) for case, _, method in (name.partition("::") for name in names)]
    unittest.TestSuite(tests).run(outcomes)
    if outcomes.error is not None:
        raise outcomes.error
    return outcomes.passed
