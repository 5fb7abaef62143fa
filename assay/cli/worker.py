"""`assay worker`: the workers alone, for a Redis that runs elsewhere."""

from typing import Annotated

import typer

from assay.cli.failure import effective_settings, failures_told

__all__ = ["worker"]


def worker(
    workers: Annotated[int | None, typer.Option(help="Worker processes; by default one per core.")] = None,
) -> None:
    """Run the worker processes in the foreground; needs ASSAY_REDIS_URL."""
    settings = effective_settings(workers=workers)
    with failures_told():
        from assay.telemetry import setup_logging
        from assay_workers.supervisor import run_workers

        setup_logging(settings, "workers")
        run_workers(settings)
