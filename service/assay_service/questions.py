"""The query parameters with which a caller asks for statistics of rollout groups."""

from typing import Annotated

from fastapi import Depends, Query

from assay.contract import GroupQuestion

__all__ = ["AskedOfGroups"]

_PassAt = Annotated[int, Query(ge=1, le=1_000_000)]


def _question(
    group_stats: Annotated[
        bool, Query(description="Whether the summary has statistics of every rollout group (`groups`).")
    ] = False,
    pass_at: Annotated[
        list[_PassAt] | None,
        Query(max_length=32, description="A k of pass@k, as often as you like. Implies `group_stats`."),
    ] = None,
    correct_at: Annotated[
        float,
        Query(
            ge=-1e9, le=1e9, allow_inf_nan=False, description="The reward from which on an item counts as correct."
        ),
    ] = 1.0,
    correct_by: Annotated[
        str | None,
        Query(max_length=64, description="Name or type of the component whose score counts instead of the reward."),
    ] = None,
) -> GroupQuestion | None:
    if not group_stats and pass_at is None:
        return None
    return GroupQuestion(pass_at=tuple(pass_at or ()), correct_at=correct_at, correct_by=correct_by)


AskedOfGroups = Annotated[GroupQuestion | None, Depends(_question)]
"""What a request asks about groups; None if nothing."""
