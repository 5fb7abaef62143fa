"""The composition root: routes, errors and the ledger become one ASGI application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from assay.queue.async_ledger import AsyncLedger
from assay.settings import Settings
from assay_service.callers import KeyInPath
from assay_service.documents import describe_api
from assay_service.doorkeeper import Doorkeeper
from assay_service.edge import make_edge
from assay_service.problems import UnforeseenErrors, install_problem_handlers
from assay_service.routes import (
    batches,
    code_servers,
    compat,
    flags,
    health,
    nemo_gym,
    piston,
    results,
    reward_servers,
    rewards,
    sandbox_fusion,
    suites,
)
from assay_service.stopping import Stopping

__all__ = ["create_app"]

DESCRIPTION = """
Sandboxed code-execution and rule-based rewards for reinforcement learning on code and mathematics.

Every error is a problem document (RFC 9457) with a stable `code`; one malformed item of a batch is that item's
error, and the others are graded. A `reward` is a number that the completion earned, or null with an `error`.
"""


def create_app(settings: Settings, ledger: AsyncLedger | None = None, stopping: Stopping | None = None) -> FastAPI:
    """The service as an ASGI application.

    Args:
        settings: the settings in force.
        ledger: a connected ledger, which stays the caller's to close; without it the app connects its own.
        stopping: raised by the server when it begins to stop, to end the requests that wait.

    Raises:
        ServiceError: ``invalid_keys``, the file of keys is wrong.
    """

    doorkeeper = Doorkeeper(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        connected = ledger or await AsyncLedger.connect(settings)
        app.state.edge = make_edge(settings, connected, stopping or Stopping(), doorkeeper)
        try:
            yield
        finally:
            if connected is not ledger:
                await connected.close()

    app = FastAPI(
        title="Assay",
        version="1",
        description=DESCRIPTION,
        lifespan=lifespan,
        redirect_slashes=False,
        redoc_url=None,
    )
    install_problem_handlers(app)
    app.add_middleware(UnforeseenErrors)
    app.add_middleware(KeyInPath)
    own = (rewards, batches, results, suites, flags)
    others = (compat, sandbox_fusion, nemo_gym, piston, code_servers, reward_servers)
    for resource in (*own, *others, health):
        app.include_router(resource.router)
    app.openapi = describe_api(app)  # type: ignore[method-assign]
    return app
