"""Grades items: every component of its reward, and their sum.

One grader lives in each worker process and keeps what is warm: a slot for candidates, one for examiners, and
the mathematics verifier.
"""

from collections.abc import Sequence
from typing import assert_never

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
from assay.errors import AssayError, ItemError
from assay.queue.answers import error_info
from assay_workers.extraction.languages import tags_of
from assay_workers.extraction.program import extract_program
from assay_workers.graders.assertions import grade_assertions, plan_assertions
from assay_workers.graders.examination import Examination
from assay_workers.graders.function import grade_function
from assay_workers.graders.results import EXAMINER, EXTERNAL, CodeSpec, JudgedTest, component_result
from assay_workers.graders.script import grade_script
from assay_workers.graders.stdio import grade_stdio
from assay_workers.rewards.composition import compose
from assay_workers.rewards.format import score_format
from assay_workers.rewards.tag_count import score_tag_count
from assay_workers.rewards.verifier import MathVerifier
from assay_workers.sandbox.port import Program
from assay_workers.sandbox.slot import Slot

__all__ = ["ItemGrader"]

_PYTHON = tags_of("python")


class ItemGrader:
    """Grades one item at a time."""

    def __init__(self, candidates: Slot, examiners: Slot, verifier: MathVerifier) -> None:
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
        self._candidates.discard()
        self._examiners.discard()
        self._verifier.close()

    def warm_up(self) -> None:
        """Starts the sandbox, so that the first item does not wait for it.

        Raises:
            SandboxRefused: none can be started here.
        """
        self._candidates.sandbox(tests=0)

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
        if spec.language.lower() not in _PYTHON:
            raise ItemError(f"no sandbox here runs {spec.language!r}", code="unknown_language", hint="use 'python'")
        source = item.code if item.code is not None else extract_program(item.completion or "", spec.language)
        weights = _weights(spec)
        if source is None:
            missing = JudgedTest(Verdict.NO_CODE, None, "there is no program in the completion")
            return component_result(spec, [missing] * len(weights), weights, detail, EXTERNAL)
        program = Program(
            language="python",
            source=_encoded(source),
            main=item.main,
            files={name: _encoded(content) for name, content in item.files.items()},
        )
        tests, integrity = self._run_tests(program, spec)
        return component_result(spec, tests, weights, detail, integrity)

    def _run_tests(self, program: Program, spec: CodeSpec) -> tuple[Sequence[JudgedTest], str]:
        examination = Examination(self._candidates, self._examiners, program, spec.limits)
        match spec.tests:
            case StdioSuite() as suite:
                return grade_stdio(self._candidates, program, spec, suite), EXTERNAL
            case FunctionSuite() as suite:
                return grade_function(self._candidates, program, spec, suite), EXTERNAL
            case AssertSuite() as suite:
                plan = plan_assertions(suite)
                return grade_assertions(self._candidates, examination, program, spec, plan), plan.integrity
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
