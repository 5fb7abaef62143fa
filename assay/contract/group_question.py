"""What a caller asks about the rollout groups of a batch."""

from math import comb
from typing import Annotated

from pydantic import Field

from assay.contract.base import WireModel

__all__ = ["GroupQuestion", "pass_at"]


def pass_at(k: int, judged: int, correct: int) -> float | None:
    """The unbiased estimate of the chance that one of ``k`` samples is right: ``1 - C(n - c, k) / C(n, k)``.

    Source: Chen et al. 2021, "Evaluating Large Language Models Trained on Code" (arXiv 2107.03374), equation 1.

    Args:
        k: at least 1.
        judged: n, how many samples there are.
        correct: c, how many of them are right.

    Returns:
        None if there are fewer than ``k`` samples.
    """
    if judged < k:
        return None
    return 1.0 - comb(judged - correct, k) / comb(judged, k)


class GroupQuestion(WireModel):
    """Asks for statistics of every rollout group, and says what is correct in them."""

    pass_at: Annotated[tuple[Annotated[int, Field(ge=1, le=1_000_000)], ...], Field(max_length=32)] = ()
    """Each k for which pass@k is to be estimated."""
    correct_at: Annotated[float, Field(ge=-1e9, le=1e9)] = 1.0
    """The reward, or the score of `correct_by`, from which on an item is correct."""
    correct_by: Annotated[str, Field(max_length=64)] | None = None
    """Name or type of the component that says so; an item in which it has no score is not correct."""
