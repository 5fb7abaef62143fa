"""From which tests passed to the score of a code component.

The denominator is what the request asked for: a test without a result is a failed test, so callers pass one
boolean per requested test. No tests at all is an error, never a perfect score.
"""

import math
from collections.abc import Sequence
from typing import Final, assert_never

from assay.contract.rewards import Scoring
from assay.errors import ItemError

__all__ = ["score_binary", "score_tests"]

BINARY_PASS_RATE: Final = 0.99
"""`binary_code` is 1 above this share of passed tests (open-r1 `binary_code_reward`)."""


def score_tests(scoring: Scoring, passed: Sequence[bool], weights: Sequence[float]) -> float:
    """Scores a program by the tests it passed.

    Args:
        scoring: `pass_rate`, `all_or_nothing` or `weighted`.
        passed: for each requested test, whether it passed.
        weights: for each requested test, its weight (at least 0); read by `weighted` only.

    Returns:
        The score, from 0 to 1.

    Raises:
        ItemError: `invalid_tests`, if there are no tests or, for `weighted`, no weight above 0.
        ValueError: ``passed`` and ``weights`` differ in length.
    """
    if len(passed) != len(weights):
        message = f"{len(passed)} results for {len(weights)} weights"
        raise ValueError(message)
    match scoring:
        case "pass_rate":
            return _pass_rate(passed)
        case "all_or_nothing":
            return 1.0 if _pass_rate(passed) == 1 else 0.0
        case "weighted":
            return _weighted_rate(passed, weights)
        case _:
            assert_never(scoring)


def score_binary(passed: Sequence[bool]) -> float:
    """Scores 1 if more than 99 % of the requested tests passed, else 0 (open-r1 `binary_code`).

    Raises:
        ItemError: `invalid_tests`, if there are no tests.
    """
    return 1.0 if _pass_rate(passed) > BINARY_PASS_RATE else 0.0


def _pass_rate(passed: Sequence[bool]) -> float:
    if not passed:
        raise ItemError("there are no tests to pass", code="invalid_tests", hint="give at least one test")
    return sum(passed) / len(passed)


def _weighted_rate(passed: Sequence[bool], weights: Sequence[float]) -> float:
    total = math.fsum(weights)
    if not total > 0:
        raise ItemError("no test has a weight above 0", code="invalid_tests", hint="give a test a positive weight")
    return math.fsum(weight for success, weight in zip(passed, weights, strict=True) if success) / total
