"""pass@k over the rollout groups of a run: how likely one of k samples is right. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from math import fsum

from assay.contract import ItemResult, Verdict, pass_at

__all__ = ["is_right", "mean_pass_at"]


def is_right(result: ItemResult) -> bool:
    """Whether a sample is right: its programs passed all tests; without one, its first component scored 1."""
    programs = [each.verdict for each in result.components if each.verdict is not None]
    if programs:
        return all(verdict is Verdict.ACCEPTED for verdict in programs)
    return bool(result.components) and result.components[0].score == 1.0


def mean_pass_at(results: Iterable[ItemResult], k: int) -> tuple[float | None, int]:
    """The mean over the groups that have enough judged samples, and how many those are.

    Samples without a reward count neither as right nor as wrong. An item without a group is one by itself.
    """
    groups: defaultdict[str, list[bool]] = defaultdict(list)
    for result in results:
        if result.reward is not None:
            groups[result.group or f"\0{result.id}"].append(is_right(result))
    each = (pass_at(k, len(group), sum(group)) for group in groups.values())
    estimates = [estimate for estimate in each if estimate is not None]
    return (fsum(estimates) / len(estimates) if estimates else None), len(estimates)
