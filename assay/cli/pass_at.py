"""pass@k over rollout groups: how likely one of k samples is right. Pure.

Source: Chen et al. 2021, arXiv 2107.03374, equation 1, the unbiased estimate.
"""

from collections import defaultdict
from collections.abc import Iterable
from math import comb, fsum

from assay.contract import ItemResult, Verdict

__all__ = ["is_right", "pass_at", "pass_at_k"]


def pass_at_k(samples: int, right: int, k: int) -> float:
    """The estimate for one problem.

    Arguments:
        samples: how many there are, at least ``k``.
        right: how many of them are right.
        k: how many would be drawn.
    """
    return 1.0 - comb(samples - right, k) / comb(samples, k)


def is_right(result: ItemResult) -> bool:
    """Whether a sample is right: its programs passed all tests; without one, its first component scored 1."""
    programs = [each.verdict for each in result.components if each.verdict is not None]
    if programs:
        return all(verdict is Verdict.ACCEPTED for verdict in programs)
    return bool(result.components) and result.components[0].score == 1.0


def pass_at(results: Iterable[ItemResult], k: int) -> tuple[float | None, int]:
    """The mean over the groups that have enough judged samples, and how many those are.

    Samples without a reward count neither as right nor as wrong. An item without a group is one by itself.
    """
    groups: defaultdict[str, list[bool]] = defaultdict(list)
    for result in results:
        if result.reward is not None:
            groups[result.group or f"\0{result.id}"].append(is_right(result))
    estimates = [pass_at_k(len(group), sum(group), k) for group in groups.values() if len(group) >= k]
    return (fsum(estimates) / len(estimates) if estimates else None), len(estimates)
