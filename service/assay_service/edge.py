"""What the routes share, put together once per process."""

from dataclasses import dataclass
from typing import Annotated, Final

import anyio
from fastapi import Depends, Request

from assay.queue.async_ledger import AsyncLedger
from assay.settings import Settings
from assay_service.admission import AdmissionTerms
from assay_service.doorkeeper import Doorkeeper
from assay_service.receiving import BodyReceiver
from assay_service.stopping import Stopping

__all__ = ["Edge", "TheEdge", "make_edge"]

ADMISSIONS_AT_ONCE: Final = 2
"""Threads that read bodies. They share the interpreter lock with the event loop; more would only slow it."""


@dataclass(frozen=True)
class Edge:
    """The parts of the service that outlive a request."""

    settings: Settings
    terms: AdmissionTerms
    ledger: AsyncLedger
    receiver: BodyReceiver
    admissions: anyio.CapacityLimiter
    stopping: Stopping
    doorkeeper: Doorkeeper


def make_edge(settings: Settings, ledger: AsyncLedger, stopping: Stopping, doorkeeper: Doorkeeper) -> Edge:
    """Puts the parts together."""
    return Edge(
        settings=settings,
        terms=AdmissionTerms(
            settings.max_batch_items, settings.workers, settings.shard_work_s, settings.max_body_mb * 1024 * 1024
        ),
        ledger=ledger,
        receiver=BodyReceiver(settings.max_body_mb << 20),
        admissions=anyio.CapacityLimiter(ADMISSIONS_AT_ONCE),
        stopping=stopping,
        doorkeeper=doorkeeper,
    )


async def _edge_of(request: Request) -> Edge:
    edge: Edge = request.app.state.edge
    return edge


TheEdge = Annotated[Edge, Depends(_edge_of)]
"""A route's parameter."""
