"""`assay serve`: the HTTP service alone, for a Redis that runs elsewhere."""

import socket
from typing import Annotated

import typer

from assay.cli.failure import effective_settings, failures_told

__all__ = ["serve"]


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")] = None,
    listener_fd: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """Run the HTTP service in the foreground; needs ASSAY_REDIS_URL."""
    settings = effective_settings(host=host, port=port)
    with failures_told():
        from assay.telemetry import setup_logging
        from assay_service.server import serve as run_service

        setup_logging(settings, "service")
        listener = None if listener_fd is None else socket.socket(fileno=listener_fd)
        run_service(settings, listener=listener, on_ready=_log_address)


def _log_address(host: str, port: int) -> None:
    import structlog

    structlog.get_logger("assay.service").info("service_listening", host=host, port=port)
