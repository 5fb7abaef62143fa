"""What the graders share: a judged test, and the component result that tests make. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final, assert_never

from assay.contract import (
    BinaryCodeReward,
    CfCodeReward,
    CodeReward,
    ComponentResult,
    Detail,
    Flag,
    Integrity,
    InteractiveSuite,
    IoiCodeReward,
    ProgramReward,
    StdioSuite,
    Subtask,
    SuiteWarning,
    TestResult,
    Verdict,
)
from assay_workers.checkers.fault import Comparison
from assay_workers.rewards.scoring import score_binary, score_codeforces, score_subtasks, score_tests
from assay_workers.sandbox.outcome import explain, signal_name
from assay_workers.sandbox.port import CellOutcome

__all__ = [
    "JudgedSuite",
    "JudgedTest",
    "as_text",
    "compared",
    "component_result",
    "judged",
    "lost_to_submission",
    "skipped",
    "test_result",
]

_MAX_OUTPUT_CHARS: Final = 10_000


@dataclass(frozen=True)
class JudgedTest:
    """The verdict of one test, the cell it came from, and what was seen of it."""

    verdict: Verdict
    outcome: CellOutcome | None = None
    message: str | None = None
    flags: frozenset[Flag] = frozenset()
    handles: bool = False
    """Whether its test code worked on objects of the candidate's."""
    loaded: bool = True
    """Whether the program came so far that it could be tested."""
    given_share: float | None = None
    """What part of the test its checker gives it, from 0 to 1, where one that gives shares judged it."""

    @property
    def share(self) -> float:
        """What part of the test it earned."""
        return float(self.verdict is Verdict.ACCEPTED) if self.given_share is None else self.given_share


@dataclass(frozen=True)
class JudgedSuite:
    """The judged tests of a suite, and what is to be said of all of them together."""

    tests: Sequence[JudgedTest]
    integrity: Integrity
    warnings: tuple[SuiteWarning, ...] = ()

    @property
    def weakest(self) -> Integrity:
        """The level that holds for every test."""
        handles = any(test.handles for test in self.tests)
        return max(self.integrity, Integrity.HANDLES, key=attrgetter("rank")) if handles else self.integrity


def judged(
    verdict: Verdict,
    outcome: CellOutcome,
    message: str | None = None,
    flags: Iterable[Flag] = (),
    *,
    share: float | None = None,
) -> JudgedTest:
    """A test whose verdict is known; failures of the program explain themselves."""
    said = message or (explain(outcome) if verdict is not Verdict.ACCEPTED else None)
    return JudgedTest(verdict, outcome, said, outcome.flags | frozenset(flags), given_share=share)


def compared(comparison: Comparison, outcome: CellOutcome, message: str | None = None) -> JudgedTest:
    """A test that ended well, by what came of the comparison."""
    verdict = Verdict.ACCEPTED if comparison is Comparison.RIGHT else Verdict.WRONG_ANSWER
    flags = {Flag.CHECKER_FAULT} if comparison is Comparison.FAULT else ()
    return judged(verdict, outcome, message, flags)


def skipped(count: int) -> list[JudgedTest]:
    """Tests that were not run."""
    return [JudgedTest(Verdict.SKIPPED)] * count


def lost_to_submission(count: int) -> list[JudgedTest]:
    """Tests of a submission that no sandbox survived."""
    message = "no sandbox survived this submission"
    return [JudgedTest(Verdict.RUNTIME_ERROR, None, message, frozenset({Flag.NO_SANDBOX_SURVIVED}))] * count


def test_result(test: JudgedTest, detail: Detail) -> TestResult:
    """A test as the wire has it."""
    outcome = test.outcome
    if outcome is None:
        return TestResult(verdict=test.verdict, message=test.message, flags=_in_order(test.flags))
    with_outputs = detail is Detail.OUTPUTS
    return TestResult(
        verdict=test.verdict,
        share=test.given_share,
        cpu_ms=round(outcome.cpu_s * 1000, 3),
        wall_ms=round(outcome.wall_s * 1000, 3),
        memory_mb=round(outcome.memory_bytes / (1 << 20), 1),
        exit_code=outcome.exit_code,
        signal=signal_name(outcome.signal),
        message=test.message,
        stdout=as_text(outcome.stdout[:_MAX_OUTPUT_CHARS]) if with_outputs else None,
        stderr=as_text(outcome.stderr[-_MAX_OUTPUT_CHARS:]) if with_outputs else None,
        flags=_in_order(test.flags),
    )


def _in_order(flags: frozenset[Flag]) -> tuple[Flag, ...]:
    return tuple(sorted(flags))


def as_text(output: bytes) -> str:
    """What a program printed; what is no UTF-8 as escapes."""
    return output.decode("utf-8", "backslashreplace")


def component_result(
    spec: ProgramReward, suite: JudgedSuite, weights: Sequence[float], detail: Detail
) -> ComponentResult:
    """The score of a program by its judged tests, of which there is one for each that the request has.

    Raises:
        ItemError: there are no tests.
    """
    tests = suite.tests
    passed = [test.verdict is Verdict.ACCEPTED for test in tests]
    score = _score(spec, tests, weights)
    first_failure = next((test for test in tests if test.verdict is not Verdict.ACCEPTED), None)
    return ComponentResult(
        type=spec.type,
        score=score,
        weight=spec.weight,
        verdict=first_failure.verdict if first_failure else Verdict.ACCEPTED,
        passed=sum(passed),
        total=len(passed),
        tests=None if detail is Detail.NONE else tuple(test_result(test, detail) for test in tests),
        integrity=suite.weakest,
        flags=_in_order(frozenset().union(*(test.flags for test in tests))),
        suite_warnings=suite.warnings,
        message=first_failure.message if first_failure else None,
    )


def _score(spec: ProgramReward, tests: Sequence[JudgedTest], weights: Sequence[float]) -> float:
    shares = [test.share for test in tests]
    match spec:
        case CodeReward(
            scoring="subtasks", tests=StdioSuite(subtasks=subtasks) | InteractiveSuite(subtasks=subtasks)
        ):
            return score_subtasks(subtasks, shares)
        case CodeReward():
            return score_tests(spec.scoring, shares, weights)
        case BinaryCodeReward():
            return score_binary(shares)
        case CfCodeReward():
            return score_codeforces(spec.scoring_mode, shares, tests[0].verdict)
        case IoiCodeReward():
            whole = Subtask(name="all", points=1, cases=tuple(range(len(tests))))
            return score_subtasks(spec.tests.subtasks or (whole,), shares, spec.score_precision)
        case _:
            assert_never(spec)
