"""Finds the plan for a suite: which grader judges it, at which level of integrity. Pure."""

from typing import assert_never

from assay.contract import (
    AssertSuite,
    FunctionSuite,
    Integrity,
    InteractiveSuite,
    ProgramReward,
    PytestSuite,
    ScriptSuite,
    StdioSuite,
)
from assay.errors import ItemError
from assay_workers.graders.assertions import AssertPlan
from assay_workers.graders.driven import DrivenPlan
from assay_workers.graders.function import FunctionPlan
from assay_workers.graders.in_process import InProcessPlan
from assay_workers.graders.interaction import InteractivePlan
from assay_workers.graders.plan import SuitePlan
from assay_workers.graders.pytest_names import suite_obstacle
from assay_workers.graders.pytest_suite import PytestPlan
from assay_workers.graders.script import ScriptPlan, script_obstacle
from assay_workers.graders.stdio import StdioPlan
from assay_workers.graders.together import PytestTogetherPlan, ScriptTogetherPlan
from assay_workers.sandbox.languages import Language

__all__ = ["plan_tests"]


def plan_tests(language: Language, spec: ProgramReward) -> SuitePlan:
    """The plan for the tests of a request.

    Raises:
        ItemError: the tests are broken, or there is no way to judge them at a level that will do.
    """
    plan = _plan(language, spec)
    if plan.integrity.rank > spec.min_integrity.rank:
        message = f"these tests are judged at level {plan.integrity.value!r}, not {spec.min_integrity.value!r}"
        hint = "lower 'min_integrity', or give the tests as 'stdio' or 'function'"
        raise ItemError(message, code="tests_not_isolable", hint=hint)
    return plan


def _plan(language: Language, spec: ProgramReward) -> SuitePlan:
    handles = Integrity.HANDLES.rank <= spec.min_integrity.rank
    stop = getattr(spec, "stop_on_first_failure", False)
    match spec.tests:
        case StdioSuite() as suite:
            return StdioPlan.of(suite, stop_on_first_failure=stop)
        case InteractiveSuite() as suite:
            return InteractivePlan.of(suite, stop_on_first_failure=stop)
        case suite if not language.builtin:
            return _plan_foreign(language, suite, stop=stop)
        case FunctionSuite() as suite:
            return FunctionPlan(suite, stop_on_first_failure=stop)
        case AssertSuite() as suite:
            return AssertPlan(suite, handles=handles)
        case ScriptSuite() as suite:
            if suite.allow_in_process and script_obstacle(suite):
                return ScriptTogetherPlan(suite)
            return ScriptPlan(suite, handles=handles)
        case PytestSuite() as suite:
            if suite.allow_in_process and suite_obstacle(suite.files, suite.module):
                return PytestTogetherPlan(suite, stop_on_first_failure=stop)
            return PytestPlan(suite, handles=handles, stop_on_first_failure=stop)
        case _:
            assert_never(spec.tests)


def _plan_foreign(
    language: Language, suite: FunctionSuite | AssertSuite | ScriptSuite | PytestSuite, *, stop: bool
) -> SuitePlan:
    """Tests that need code in another language than ours."""
    if isinstance(suite, FunctionSuite):
        return DrivenPlan(language, suite, stop_on_first_failure=stop)
    return InProcessPlan(language, suite)
