"""Statistics of rollout groups: what a group-relative trainer and whoever watches it want to know. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean, pstdev, stdev
from typing import Any, Final

from assay.contract import GroupQuestion, GroupStatistics, pass_at

__all__ = ["group_statistics"]

ROUNDING: Final = 1e-9
"""Ten tenths are not always one."""


def group_statistics(results: Iterable[Mapping[str, Any]], question: GroupQuestion) -> dict[str, GroupStatistics]:
    """Statistics by group, in the order in which groups first occur; items without a group are in none.

    Args:
        results: of the batch, as parsed JSON of `ItemResult`.
        question: which estimates, and what is correct.
    """
    members: dict[str, list[Mapping[str, Any]]] = {}
    for result in results:
        if (group := result.get("group")) is not None:
            members.setdefault(group, []).append(result)
    return {group: _statistics(items, question) for group, items in members.items()}


def _statistics(items: Sequence[Mapping[str, Any]], question: GroupQuestion) -> GroupStatistics:
    judged = [item for item in items if item["reward"] is not None]
    rewards = [item["reward"] for item in judged]
    correct = sum(_is_correct(item, question) for item in judged)
    return GroupStatistics(
        items=len(items),
        judged=len(judged),
        mean=fmean(rewards) if rewards else None,
        std=stdev(rewards) if len(rewards) > 1 else None,
        population_std=pstdev(rewards) if rewards else None,
        min=min(rewards, default=None),
        max=max(rewards, default=None),
        uniform=len(set(rewards)) <= 1,
        correct=correct,
        pass_at={str(k): pass_at(k, len(judged), correct) for k in question.pass_at},
    )


def _is_correct(item: Mapping[str, Any], question: GroupQuestion) -> bool:
    if question.correct_by is None:
        return bool(item["reward"] >= question.correct_at - ROUNDING)
    named = [part for part in item["components"] if part.get("name") == question.correct_by]
    found = named or [part for part in item["components"] if part["type"] == question.correct_by]
    scores = [part["score"] for part in found if part["score"] is not None]
    return bool(scores) and min(scores) >= question.correct_at - ROUNDING
