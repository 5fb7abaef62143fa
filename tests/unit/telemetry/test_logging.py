import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from assay.settings import Settings
from assay.telemetry import setup_logging


@pytest.fixture(autouse=True)
def restored_logging() -> Iterator[None]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = before
    root.setLevel(level)


def logged(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def setup(stream: io.StringIO, **settings: Any) -> None:
    setup_logging(Settings(**{"log_format": "json", **settings}), "service", stream)


def test_an_event_is_one_json_line_with_its_fields_and_the_process() -> None:
    stream = io.StringIO()
    setup(stream)
    structlog.get_logger("assay.service").info("batch_admitted", batch="b1", items=3)
    (event,) = logged(stream)
    assert {**event, "timestamp": "", "os_pid": 0} == {
        "event": "batch_admitted",
        "batch": "b1",
        "items": 3,
        "logger": "assay.service",
        "level": "info",
        "process": "service",
        "timestamp": "",
        "os_pid": 0,
    }


def test_what_a_library_logs_has_the_same_form() -> None:
    stream = io.StringIO()
    setup(stream)
    logging.getLogger("uvicorn.error").warning("a %s", "warning")
    (event,) = logged(stream)
    assert (event["event"], event["logger"], event["level"]) == ("a warning", "uvicorn.error", "warning")


def test_loggers_that_speak_once_per_request_are_quiet_but_for_warnings() -> None:
    stream = io.StringIO()
    setup(stream, log_level="debug")
    for name in ("uvicorn.access", "rq.worker", "httpx"):
        logging.getLogger(name).info("GET / 200")
        logging.getLogger(name).warning("odd")
    assert [event["event"] for event in logged(stream)] == ["odd"] * 3


def test_events_below_the_level_are_dropped() -> None:
    stream = io.StringIO()
    setup(stream, log_level="warning")
    structlog.get_logger("assay").info("quiet")
    structlog.get_logger("assay").error("loud")
    assert [event["event"] for event in logged(stream)] == ["loud"]


def test_an_exception_is_logged_with_its_traceback() -> None:
    stream = io.StringIO()
    setup(stream)
    try:
        json.loads("gone")
    except ValueError:
        structlog.get_logger("assay").exception("parse_failed")
    (event,) = logged(stream)
    assert "JSONDecodeError" in event["exception"]


def test_the_console_form_is_for_eyes_and_has_no_colours_off_a_terminal() -> None:
    stream = io.StringIO()
    setup(stream, log_format="console")
    structlog.get_logger("assay").warning("sandbox_replaced", worker="w1")
    assert "sandbox_replaced" in stream.getvalue()
    assert "worker=w1" in stream.getvalue()
    assert "\x1b[" not in stream.getvalue()


def test_off_a_terminal_the_form_is_json_unless_asked_otherwise() -> None:
    stream = io.StringIO()
    setup(stream, log_format="auto")
    structlog.get_logger("assay").info("started")
    assert logged(stream)[0]["event"] == "started"
