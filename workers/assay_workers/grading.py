"""Grades items: every component of its reward, and their sum.

One grader lives in each worker process and keeps what is warm: a slot for candidates, one for examiners, and
the mathematics verifier.
"""

from collections.abc import Sequence
from typing import Final, assert_never

from assay.contract import (
    AccuracyReward,
    AssertSuite,
    BinaryCodeReward,
    CodeReward,
    ComponentResult,
    Detail,
    FormatReward,
    FunctionSuite,
    Item,
    ItemResult,
    RewardSpec,
    ScriptSuite,
    StdioSuite,
    TagCountReward,
    Verdict,
)
from assay.errors import AssayError
from assay.queue.answers import error_info
from assay_workers.extraction.program import extract_program
from assay_workers.graders.assertions import grade_assertions, plan_assertions
from assay_workers.graders.examination import Examination
from assay_workers.graders.function import grade_function
from assay_workers.graders.in_process import InProcess, grade_in_process, script_allowed
from assay_workers.graders.results import EXAMINER, EXTERNAL, IN_PROCESS, CodeSpec, JudgedTest, component_result
from assay_workers.graders.script import grade_script
from assay_workers.graders.stdio import grade_stdio
from assay_workers.rewards.composition import compose
from assay_workers.rewards.format import score_format
from assay_workers.rewards.tag_count import score_tag_count
from assay_workers.rewards.verifier import MathVerifier
from assay_workers.sandbox.languages import Language, find_language, languages
from assay_workers.sandbox.port import Program
from assay_workers.sandbox.slot import Slot
from assay_workers.sandbox.slots import Slots, unknown_language

__all__ = ["ItemGrader"]

_PYTHON: Final = "python"


class ItemGrader:
    """Grades one item at a time."""

    def __init__(self, candidates: Slots, examiners: Slots, verifier: MathVerifier) -> None:
        self._candidates = candidates
        self._examiners = examiners
        self._verifier = verifier

    def grade(self, item: Item, index: int, detail: Detail) -> ItemResult:
        """Grades an item; a component that cannot be judged has an error, and then the item has no reward."""
        components = tuple(self._component(item, spec, detail) for spec in item.rewards)
        reward, error = compose(components)
        return ItemResult(
            id=item.id, index=index, group=item.group, reward=reward, error=error, components=components
        )

    def close(self) -> None:
        """Ends the sandboxes and the verifier."""
        self._candidates.close()
        self._examiners.close()
        self._verifier.close()

    def warm_up(self) -> None:
        """Starts the sandbox for Python, so that the first item does not wait for it.

        Raises:
            SandboxRefused: none can be started here.
            SandboxLost: it did not come up.
        """
        self._candidates.slot(languages()[_PYTHON]).sandbox(tests=0)

    def _component(self, item: Item, spec: RewardSpec, detail: Detail) -> ComponentResult:
        try:
            return self._judge(item, spec, detail)
        except AssayError as error:
            return _without_score(spec, error)

    def _judge(self, item: Item, spec: RewardSpec, detail: Detail) -> ComponentResult:
        completion = item.completion or ""
        match spec:
            case CodeReward() | BinaryCodeReward():
                return self._judge_code(item, spec, detail)
            case AccuracyReward():
                outcome = self._verifier.verify(spec.gold, completion)
                message = outcome.message or (None if outcome.answer is None else f"answer: {outcome.answer}")
                return ComponentResult(type=spec.type, score=outcome.score, weight=spec.weight, message=message)
            case FormatReward():
                return ComponentResult(type=spec.type, score=score_format(completion), weight=spec.weight)
            case TagCountReward():
                return ComponentResult(type=spec.type, score=score_tag_count(completion), weight=spec.weight)
            case _:
                assert_never(spec)

    def _judge_code(self, item: Item, spec: CodeSpec, detail: Detail) -> ComponentResult:
        language = find_language(spec.language)
        if language is None:
            known = ", ".join(languages())
            raise unknown_language(spec.language, f"use one of: {known}")
        in_process = not language.builtin and not isinstance(spec.tests, StdioSuite)
        if in_process:
            script_allowed(language, spec)  # before anything is said of the program: all items have the same tests
        slot = self._candidates.slot(language)
        source = item.code if item.code is not None else extract_program(item.completion or "", spec.language)
        weights = _weights(spec)
        if source is None:
            missing = JudgedTest(Verdict.NO_CODE, None, "there is no program in the completion")
            return component_result(spec, [missing] * len(weights), weights, detail, EXTERNAL)
        files = {name: _encoded(text) for name, text in item.files.items()}
        if in_process:
            together = InProcess(language, _encoded(source), files)
            judged = grade_in_process(self._candidates, together, spec)
            return component_result(spec, judged, weights, detail, IN_PROCESS)
        program = language.program(_encoded(source), item.main, files, spec.limits)
        in_force = spec.model_copy(update={"limits": language.effective_limits(spec.limits)})
        tests, integrity = self._run_tests(slot, language, program, in_force)
        return component_result(spec, tests, weights, detail, integrity)

    def _run_tests(
        self, slot: Slot, language: Language, program: Program, spec: CodeSpec
    ) -> tuple[Sequence[JudgedTest], str]:
        if isinstance(spec.tests, StdioSuite):
            return grade_stdio(slot, program, spec, spec.tests), EXTERNAL
        examination = Examination(slot, self._examiners.slot(language), program, spec.limits)
        match spec.tests:
            case FunctionSuite() as suite:
                return grade_function(slot, program, spec, suite), EXTERNAL
            case AssertSuite() as suite:
                plan = plan_assertions(suite)
                return grade_assertions(slot, examination, program, spec, plan), plan.integrity
            case ScriptSuite() as suite:
                return grade_script(examination, suite), EXAMINER
            case _:
                assert_never(spec.tests)


def _encoded(text: str) -> bytes:
    """Source as bytes; what is no character becomes a question mark, and then most likely a syntax error."""
    return text.encode("utf-8", "replace")


def _weights(spec: CodeSpec) -> list[float]:
    match spec.tests:
        case StdioSuite() | FunctionSuite() as suite:
            return [case.weight for case in suite.cases]
        case AssertSuite() as suite:
            return [1.0] * len(suite.asserts)
        case ScriptSuite():
            return [1.0]
        case _:
            assert_never(spec.tests)


def _without_score(spec: RewardSpec, error: AssayError) -> ComponentResult:
    return ComponentResult(type=spec.type, score=None, weight=spec.weight, error=error_info(error))
