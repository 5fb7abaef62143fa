"""The `cosine` reward: between two values by length, so that short right answers and long wrong ones earn more.

open-r1's `get_cosine_scaled_reward`, after "Demystifying Long Chain-of-Thought Reasoning in LLMs" (arXiv
2502.03373): from the value of no length to that of ``max_len`` along half a period. open-r1's cosine goes on
beyond ``max_len`` and turns: a right answer of twice ``max_len`` earns all again. Here it stays at its end.
"""

import math
from typing import NamedTuple

__all__ = ["CosineValues", "score_cosine"]


class CosineValues(NamedTuple):
    """What the cosine lies between, and the length of its half period."""

    min_value_wrong: float = -1.0
    max_value_wrong: float = -0.5
    min_value_correct: float = 0.5
    max_value_correct: float = 1.0
    max_len: int = 1000


def score_cosine(length: int, correct: bool, values: CosineValues, compat: str | None = None) -> float:
    """Scores ``end + (start - end) / 2 * (1 + cos(pi * progress))``.

    Progress is ``length / max_len``, at most 1. A right answer starts at ``max_value_correct`` and ends at
    ``min_value_correct``; a wrong one starts at ``min_value_wrong`` and ends at ``max_value_wrong``.

    Args:
        length: of the completion, at least 0, in the unit of ``max_len``.
        correct: whether its answer is right.
        values: the parameters, ``max_len`` at least 1.
        compat: `open_r1` lets progress exceed 1.
    """
    progress = length / values.max_len
    if compat != "open_r1":
        progress = min(1.0, progress)
    start, end = values.min_value_wrong, values.max_value_wrong
    if correct:
        start, end = values.max_value_correct, values.min_value_correct
    return end + 0.5 * (start - end) * (1.0 + math.cos(progress * math.pi))
