"""Components of a rollout group, once the service has written into an item what they need of the others."""

from assay.contract import ComponentResult, ErrorInfo, Item, LengthReward
from assay.errors import ERRORS
from assay_workers.rewards.length import score_length

__all__ = ["judge_length", "length_component"]


def judge_length(item: Item, spec: LengthReward, judge: ComponentResult) -> ComponentResult:
    """The `length` component of an item whose answer another component has judged; its error is this one's, too."""
    if judge.score is None or judge.error is not None:
        return ComponentResult(
            type=spec.type, score=None, weight=spec.weight, error=judge.error or _internal(judge)
        )
    return length_component(item, spec, correct=judge.score >= spec.at_least)


def length_component(item: Item, spec: LengthReward, *, correct: bool) -> ComponentResult:
    """The `length` component of an item whose answer is right or not.

    Raises:
        ValueError: nobody has said how long the group's completions are.
    """
    if spec.shortest is None or spec.longest is None:
        raise ValueError("the lengths of the group are missing")
    score = score_length(item.length_in(spec.unit), spec.shortest, spec.longest, correct)
    return ComponentResult(type=spec.type, score=score, weight=spec.weight)


def _internal(judge: ComponentResult) -> ErrorInfo:
    row = ERRORS["internal"]
    return ErrorInfo(code=row.code, message=f"the component {judge.type!r} has no score", retryable=row.retryable)
