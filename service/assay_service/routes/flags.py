"""``/v1/flags``: which problems have flagged submissions."""

from typing import Annotated, Final

from fastapi import APIRouter, Query

from assay.contract import Flag
from assay.contract.flagged import FlaggedProblem, FlagReport
from assay_service.callers import TheCaller
from assay_service.documents import json_answer, problem_answers
from assay_service.edge import TheEdge

__all__ = ["router"]

router = APIRouter(tags=["flags"])
_MOST: Final = 1000
_EXAMPLE: Final = FlagReport(
    problems=(
        FlaggedProblem(
            problem="prompt7",
            items=3,
            flags={Flag.FORGED: 2, Flag.UNREAD_INPUT: 1},
            last_batch="0f5ac3d1e8b74c6c9d7bb0a8f2f3f6a1",
            last_item="step12-prompt7-sample3",
        ),
    )
).model_dump(mode="json")


@router.get(
    "/v1/flags",
    summary="Problems with flagged submissions",
    responses={
        200: json_answer("The problems with the most flagged results first.", "FlagReport", _EXAMPLE),
        **problem_answers("invalid_request", "queue_unavailable", "unauthorized"),
    },
)
async def flags(
    edge: TheEdge,
    caller: TheCaller,
    limit: Annotated[int, Query(ge=1, le=_MOST, description="Most problems to list.")] = 100,
) -> FlagReport:
    """Counts over all batches that are remembered; flags are evidence to look at, not proof."""
    return await edge.ledger.flagged(caller.tenant.name, limit)
