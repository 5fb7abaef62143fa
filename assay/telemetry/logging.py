"""One log for a process: structlog events and what libraries log through the standard library, in one form.

Everything ends in the root logger's only handler, which writes to standard error, as JSON lines for machines
or as columns for a terminal. An event is a fixed snake_case name plus fields.
"""

import logging
import os
import sys
from typing import IO, Final

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from assay.settings import Settings

__all__ = ["setup_logging"]

QUIET_LOGGERS: Final = ("uvicorn.access", "httpx", "httpcore", "rq", "rq.worker", "asyncio")
"""Loggers that speak once per request or job; their warnings are still heard."""


def setup_logging(settings: Settings, process: str, stream: IO[str] | None = None) -> None:
    """Directs all logging of this process to one stream. Call it once, before the first event.

    Arguments:
        settings: `log_level` and `log_format` are used.
        process: what this process is (``service``, ``workers``); bound to every event.
        stream: where to write; standard error by default.
    """
    stream = stream or sys.stderr
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            *_shared_processors(process),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,  # so that a second call, as a test makes, reaches loggers already used
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(settings, stream)],
            foreign_pre_chain=_shared_processors(process),
        )
    )
    logging.basicConfig(handlers=[handler], level=settings.log_level.upper(), force=True)
    for name in QUIET_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)


def _shared_processors(process: str) -> list[Processor]:
    """What is done to every event, whether it comes from structlog or from the standard library."""

    def add_process(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event.setdefault("process", process)
        event["os_pid"] = os.getpid()  # read anew: workers are forks
        return event

    return [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        add_process,
    ]


def _renderers(settings: Settings, stream: IO[str]) -> list[Processor]:
    form = settings.log_format
    if form == "auto":
        form = "console" if stream.isatty() else "json"
    if form == "console":
        return [structlog.dev.ConsoleRenderer(colors=stream.isatty())]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=str)]
