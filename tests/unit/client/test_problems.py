import json

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.client.problems import error_of_answer, error_of_transport, retry_after_s
from assay.errors import ERRORS, AssayError, ErrorRow, Fault, QueueError, RequestError, SandboxError, ServiceError


@pytest.mark.parametrize("row", ERRORS.values(), ids=lambda row: row.code)
def test_every_code_of_the_table_becomes_the_error_of_its_fault(row: ErrorRow) -> None:
    body = json.dumps({"code": row.code, "detail": "what happened", "hint": "do this", "path": "items"}).encode()
    error = error_of_answer(row.status, body)
    assert (error.code, error.message, error.hint, error.path) == (row.code, "what happened", "do this", "items")
    assert isinstance(error, RequestError if row.fault is Fault.CALLER else ServiceError)
    assert error.retryable == row.retryable


def test_queue_and_sandbox_errors_have_their_own_classes() -> None:
    assert type(error_of_answer(429, b'{"code": "queue_full"}')) is QueueError
    assert type(error_of_answer(503, b'{"code": "sandbox_lost"}')) is SandboxError


@pytest.mark.parametrize(
    ("status", "code"), [(502, "unreachable"), (503, "unreachable"), (429, "unreachable"), (401, "invalid_request")]
)
def test_an_answer_of_a_proxy_is_an_error_by_its_status(status: int, code: str) -> None:
    error = error_of_answer(status, b"<html>Bad Gateway</html>")
    assert error.code == code
    assert str(status) in error.message


@given(status=st.integers(min_value=400, max_value=599), body=st.binary(max_size=200))
def test_no_body_breaks_the_client(status: int, body: bytes) -> None:
    assert isinstance(error_of_answer(status, body), AssayError)


@given(body=st.recursive(st.none() | st.integers() | st.text(), lambda part: st.dictionaries(st.text(), part)))
def test_no_json_body_breaks_the_client(body: object) -> None:
    assert isinstance(error_of_answer(500, json.dumps(body).encode()), AssayError)


def test_a_lost_connection_names_the_service_and_says_what_to_look_at() -> None:
    error = error_of_transport(httpx.ConnectError("refused"), "http://grader:8000")
    assert error.code == "unreachable"
    assert "http://grader:8000" in error.message
    assert "assay up" in error.hint


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("5", 5.0), ("0", 0.0), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("-1", None), ("²", None)],
)
def test_retry_after_is_read_as_seconds_or_not_at_all(value: str, seconds: float | None) -> None:
    assert retry_after_s(httpx.Headers([(b"retry-after", value.encode())])) == seconds


def test_no_retry_after_is_none() -> None:
    assert retry_after_s(httpx.Headers()) is None
