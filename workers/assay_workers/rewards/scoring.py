"""From which tests passed to the score of a code component.

The denominator is what the request asked for: a test without a result is a failed test, so callers pass one
share per requested test. No tests at all is an error, never a perfect score.
"""

import math
from collections.abc import Sequence
from typing import Final, Literal, assert_never

from assay.contract import Subtask, Verdict
from assay.contract.rewards import Scoring
from assay.errors import ItemError

__all__ = ["score_binary", "score_codeforces", "score_subtasks", "score_tests"]

ScoringMode = Literal["pass_fail", "partial", "weighted_sum"]

BINARY_PASS_RATE: Final = 0.99
"""`binary_code` is 1 above this share of passed tests (open-r1 `binary_code_reward`)."""
NO_CODE_SCORE: Final = -1.0
COMPILE_ERROR_SCORE: Final = -0.1
PARTIAL_WEIGHT: Final = 0.1
"""Of `cf_code` (open-r1 `cf_code_reward` and `score_submission`)."""


def score_tests(scoring: Scoring, shares: Sequence[float], weights: Sequence[float]) -> float:
    """Scores a program by the tests it passed.

    Args:
        scoring: `pass_rate`, `all_or_nothing` or `weighted`.
        shares: for each requested test, what part of it was earned, from 0 (failed) to 1 (passed).
        weights: for each requested test, its weight (at least 0); read by `weighted` only.

    Returns:
        The score, from 0 to 1.

    Raises:
        ItemError: `invalid_tests`, if there are no tests or, for `weighted`, no weight above 0.
        ValueError: ``shares`` and ``weights`` differ in length, or `subtasks` are to be scored by tests.
    """
    if len(shares) != len(weights):
        message = f"{len(shares)} results for {len(weights)} weights"
        raise ValueError(message)
    match scoring:
        case "pass_rate":
            return _pass_rate(shares)
        case "all_or_nothing":
            return 1.0 if _pass_rate(shares) == 1 else 0.0
        case "weighted":
            return _weighted_rate(shares, weights)
        case "subtasks":
            raise ValueError("subtasks are scored by `score_subtasks`")
        case _:
            assert_never(scoring)


def score_binary(shares: Sequence[float]) -> float:
    """Scores 1 if more than 99 % of the requested tests passed, else 0 (open-r1 `binary_code`).

    Raises:
        ItemError: `invalid_tests`, if there are no tests.
    """
    return 1.0 if _pass_rate([float(share == 1) for share in shares]) > BINARY_PASS_RATE else 0.0


def score_codeforces(mode: ScoringMode, shares: Sequence[float], first: Verdict) -> float:
    """Scores a program as open-r1's `cf_code_reward`.

    Args:
        mode: `pass_fail`, `partial`, or `weighted_sum`: the one and a tenth of the other.
        shares: for each requested test, what part of it was earned.
        first: verdict of the first test, by which a program that is missing or does not compile is known.

    Returns:
        From 0 to 1 (`weighted_sum`: 1.1); -1 without a program, -0.1 for one that does not compile.

    Raises:
        ItemError: `invalid_tests`, if there are no tests.
    """
    rate = _pass_rate([float(share == 1) for share in shares])
    if first is Verdict.NO_CODE:
        return NO_CODE_SCORE
    if first is Verdict.COMPILE_ERROR:
        return COMPILE_ERROR_SCORE
    passed = 1.0 if rate == 1 else 0.0
    match mode:
        case "pass_fail":
            return passed
        case "partial":
            return rate
        case "weighted_sum":
            return passed + PARTIAL_WEIGHT * rate
        case _:
            assert_never(mode)


def score_subtasks(subtasks: Sequence[Subtask], shares: Sequence[float], precision: int | None = None) -> float:
    """Scores a program by its subtasks (IOI): earned points by all points.

    Args:
        subtasks: at least one with points; each after those it depends on.
        shares: for each requested test, what part of it was earned.
        precision: decimal places to which each subtask's share is rounded; None for none.

    Returns:
        The score, from 0 to 1.
    """
    earned: dict[str, float] = {}
    for subtask in subtasks:
        cases = [shares[place] for place in subtask.cases]
        share = min(cases) if subtask.mode == "min" else math.fsum(cases) / len(cases)
        if any(earned[name] < 1 for name in subtask.depends):
            share = 0.0
        earned[subtask.name] = share if precision is None else round(share, precision)
    points = math.fsum(subtask.points for subtask in subtasks)
    return math.fsum(subtask.points * earned[subtask.name] for subtask in subtasks) / points


def _pass_rate(shares: Sequence[float]) -> float:
    if not shares:
        raise ItemError("there are no tests to pass", code="invalid_tests", hint="give at least one test")
    return math.fsum(shares) / len(shares)


def _weighted_rate(shares: Sequence[float], weights: Sequence[float]) -> float:
    total = math.fsum(weights)
    if not total > 0:
        raise ItemError("no test has a weight above 0", code="invalid_tests", hint="give a test a positive weight")
    return math.fsum(share * weight for share, weight in zip(shares, weights, strict=True)) / total
