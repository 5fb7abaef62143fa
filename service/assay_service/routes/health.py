"""``/healthz`` and ``/readyz``: whether the service lives, and whether it can grade."""

from fastapi import APIRouter
from pydantic import BaseModel

from assay.errors import ServiceError
from assay_service.documents import problem_answers
from assay_service.edge import TheEdge

__all__ = ["Health", "Readiness", "router"]

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The service answers."""

    status: str = "ok"


class Readiness(BaseModel):
    """The service can grade."""

    status: str = "ready"
    workers: int
    """Workers that can grade."""
    queued_items: int
    """Admitted items without a result."""


@router.get("/healthz", summary="Whether the service lives", responses=problem_answers())
async def health() -> Health:
    """Answers as long as the process does."""
    return Health()


@router.get(
    "/readyz",
    summary="Whether the service can grade",
    responses=problem_answers("queue_unavailable", "not_ready"),
)
async def readiness(edge: TheEdge) -> Readiness:
    """Answers 200 if Redis answers and a worker is ready, else 503."""
    depth = await edge.ledger.depth()
    if depth.workers == 0:
        raise ServiceError(code="not_ready", hint="start `assay worker`; `assay doctor` says what may hold it up")
    return Readiness(workers=depth.workers, queued_items=depth.items)
