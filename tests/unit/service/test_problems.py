"""Every error as a problem document."""

import asyncio
import json

import httpx
import pytest
import structlog
from fastapi import FastAPI

from assay.contract import ErrorInfo
from assay.errors import ERRORS, AssayError, QueueError
from assay_service.complaints import InvalidRequest, complain, printable, suggest
from assay_service.problems import (
    BatchUnfinished,
    UnforeseenErrors,
    answer_problem,
    describe_problem,
    install_problem_handlers,
)


@pytest.mark.parametrize("code", ERRORS)
def test_every_code_of_the_table_has_its_status_and_says_whether_to_retry(code: str) -> None:
    response = answer_problem(AssayError(code=code))
    problem = json.loads(bytes(response.body))
    assert response.status_code == problem["status"] == ERRORS[code].status
    assert (problem["code"], problem["retryable"]) == (code, ERRORS[code].retryable)
    assert problem["type"] == f"urn:assay:error:{code}"
    assert response.media_type == "application/problem+json"
    assert ("retry-after" in response.headers) == (response.status_code in {429, 503})


def test_several_complaints_are_all_in_the_problem_and_one_is_not_repeated() -> None:
    first, second = complain("a", path="x"), complain("b", path="y", hint="h")
    assert describe_problem(InvalidRequest((first, second))).errors == [first, second]
    assert describe_problem(InvalidRequest((first,))).errors is None


def test_a_batch_that_goes_on_is_named() -> None:
    response = answer_problem(BatchUnfinished("late", code="deadline_exceeded", batch_id="b1"))
    assert (response.status_code, response.headers["location"]) == (504, "/v1/batches/b1")
    assert json.loads(bytes(response.body))["batch_id"] == "b1"


def test_text_that_utf8_cannot_carry_is_escaped_and_long_text_is_clipped() -> None:
    assert printable("a\ud800") == "a\\ud800"
    assert len(printable("x" * 10_000)) == 400


def test_a_suggestion_names_the_nearest_first() -> None:
    assert suggest("grup", ["id", "group"]) == "did you mean 'group'? known: group, id"
    assert suggest("zzz", ["id", "group"]) == "known: group, id"


def failing_app() -> FastAPI:
    app = FastAPI()
    install_problem_handlers(app)
    app.add_middleware(UnforeseenErrors)

    @app.get("/bug")
    async def bug() -> None:
        raise ZeroDivisionError

    @app.get("/queue")
    async def queue() -> None:
        raise QueueError("Redis failed")

    @app.get("/number")
    async def number(n: int) -> int:
        return n

    return app


def ask(*requests: tuple[str, str]) -> list[httpx.Response]:
    async def ask_all() -> list[httpx.Response]:
        transport = httpx.ASGITransport(failing_app())
        async with httpx.AsyncClient(transport=transport, base_url="http://assay") as client:
            return [await client.request(method, route) for method, route in requests]

    return asyncio.run(ask_all())


def test_what_nobody_expected_is_answered_as_internal_and_logged_with_its_trace() -> None:
    with structlog.testing.capture_logs() as logs:
        (response,) = ask(("GET", "/bug"))
    assert (response.status_code, response.json()["code"]) == (500, "internal")
    assert "ZeroDivisionError" not in response.text
    assert [(log["event"], log["code"]) for log in logs] == [("request_failed", "internal")]
    assert "ZeroDivisionError" in logs[0]["trace"]


def test_errors_of_the_table_parameters_and_routes_are_problems() -> None:
    answers = ask(("GET", "/queue"), ("GET", "/number?n=x"), ("GET", "/nothing"), ("POST", "/queue"))
    assert [answer.headers["content-type"] for answer in answers] == ["application/problem+json"] * 4
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (503, "queue_unavailable"),
        (422, "invalid_request"),
        (404, "not_found"),
        (405, "method_not_allowed"),
    ]
    assert answers[1].json()["path"] == "n"
    assert answers[3].headers["allow"] == "GET"


def test_a_complaint_takes_its_retryability_from_the_table() -> None:
    expected = ErrorInfo(code="queue_full", message="m", path=None, hint=None, retryable=True)
    assert complain("m", path="", code="queue_full") == expected
