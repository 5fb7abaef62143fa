"""Judges tests that are one cell each, as runs and calls are, and holds those that are a conversation."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from assay.contract import Limits, Verdict
from assay_workers.graders.results import JudgedTest, judged, lost_to_submission, skipped
from assay_workers.sandbox.doubt import is_doubtful
from assay_workers.sandbox.outcome import classify
from assay_workers.sandbox.port import CellOutcome, CellTest, Program, Sandbox
from assay_workers.sandbox.slot import Poison, Slot

__all__ = ["Judge", "hold_until_sure", "judge_cells"]

T = TypeVar("T")

Judge = Callable[[int, CellOutcome], JudgedTest]
"""Judges the outcome of test number n, whose program ended well."""


def judge_cells(
    slot: Slot,
    program: Program,
    tests: Sequence[CellTest],
    limits: Limits,
    judge: Judge,
    *,
    stop_on_first_failure: bool = False,
) -> list[JudgedTest]:
    """Runs the tests and judges each; always as many results as tests.

    Raises:
        SandboxLost: the service cannot keep a sandbox alive, whatever runs in it.
    """
    results: list[JudgedTest] = []
    outcomes = slot.outcomes(program, tests, limits)
    try:
        for outcome in outcomes:
            ended_badly = classify(outcome, limits)
            result = judged(ended_badly, outcome) if ended_badly else judge(len(results), outcome)
            results.append(result)
            if ended_badly is Verdict.COMPILE_ERROR:
                # The source is the same for every test: no other can pass.
                return results * len(tests)
            if stop_on_first_failure and result.verdict is not Verdict.ACCEPTED:
                break
    except Poison:
        return results + lost_to_submission(len(tests) - len(results))
    finally:
        outcomes.close()
    return results + skipped(len(tests) - len(results))


def hold_until_sure(
    slot: Slot, hold: Callable[[Sandbox], T], outcome_of: Callable[[T], CellOutcome | None], limits: Limits
) -> tuple[T, bool]:
    """Holds a conversation in a sandbox of the slot, and again alone if its outcome is in doubt: that one counts.

    Returns:
        What ``hold`` made of it; whether it was held alone.

    Raises:
        ItemError: of ``hold``.
        Poison: every sandbox was lost over it, though a harmless program runs.
        SandboxLost: the service cannot keep a sandbox alive, whatever runs in it.
    """
    held = slot.attempt(hold)
    outcome = outcome_of(held)
    if outcome is None or not is_doubtful(outcome, limits):
        return held, False
    return slot.attempt(hold, alone=True), True
