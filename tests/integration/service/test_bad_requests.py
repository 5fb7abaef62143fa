"""What a broken or hostile request is answered: a problem with a code, and nothing else suffers."""

import json
import socket
from typing import Any

import httpx
import pytest

from tests.integration.service.conftest import Service
from tests.integration.service.test_batches import item, submit

STDIN_BYTES = 10_000_000


def coded(tests: object) -> dict[str, Any]:
    return {"id": "odd", "code": "print()", "rewards": [{"type": "code", "tests": tests}]}


def stdio(**case: object) -> dict[str, Any]:
    return coded({"kind": "stdio", "cases": [case]})


GOOD_BODY = json.dumps({"items": [item(0)]}).encode()
DEEP = b"[" * 5000 + b"]" * 5000


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"", {}, 400, "invalid_json"),
        (b"\xff\xfe{}", {}, 400, "invalid_json"),
        (b'{"items": [' + DEEP + b"]}", {}, 400, "invalid_json"),
        (b'{"items": ["\x00"]}', {}, 400, "invalid_json"),
        (b'{"items": [1], "itmes": []}', {}, 422, "invalid_request"),
        (b'{"items": []}', {}, 422, "invalid_request"),
        (b"[]", {}, 422, "invalid_request"),
        (b" " * (25 << 20), {}, 413, "body_too_large"),
        (GOOD_BODY, {"Content-Type": "text/plain"}, 415, "unsupported_media_type"),
        (GOOD_BODY, {"Idempotency-Key": "with space"}, 422, "invalid_request"),
        (GOOD_BODY, {"Idempotency-Key": "x" * 256}, 422, "invalid_request"),
    ],
)
@pytest.mark.parametrize("route", ["/v1/rewards", "/v1/batches"])
def test_what_is_no_batch_is_refused_with_a_problem(
    http: httpx.Client, route: str, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    response = http.post(route, content=body, headers=headers)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("odd", "code", "path"),
    [
        (coded({"kind": "stdio", "cases": []}), "invalid_item", "items[1].rewards[0].tests.cases"),
        (stdio(stdin=""), "invalid_item", "items[1].rewards[0].tests.cases[0].expected"),
        (stdio(stdin="\ud800", expected=""), "invalid_item", "items[1].rewards[0].tests.cases[0].stdin"),
        (item(0), "duplicate_id", "items[1].id"),
        (
            coded({"kind": "function", "entry_point": "f", "cases": [{"expected": float("nan")}]}),
            "invalid_item",
            "items[1].rewards[0].tests.cases[0].expected",
        ),
    ],
)
def test_one_bad_item_is_its_own_error(http: httpx.Client, odd: object, code: str, path: str) -> None:
    response = http.post("/v1/rewards", content=json.dumps({"items": [item(0), odd, item(2)]}))
    results = response.json()["results"]
    assert [result["reward"] for result in results] == [3.0, None, 3.0]
    assert (results[1]["error"]["code"], results[1]["error"]["path"]) == (code, path)


def test_what_a_model_may_write_is_graded(http: httpx.Client) -> None:
    items = [item(0, "\ud800"), item(1, "a\0b"), item(2, "NaN")]
    response = http.post("/v1/rewards", content=json.dumps({"items": items}))
    assert [result["reward"] for result in response.json()["results"]] == [1.0, 3.0, 3.0]


def test_ten_megabytes_of_stdin_are_graded(http: httpx.Client) -> None:
    response = http.post("/v1/rewards", json={"items": [stdio(stdin="7" * STDIN_BYTES, expected="")]})
    assert [result["reward"] for result in response.json()["results"]] == [7.0]


def test_a_body_without_content_type_is_taken_for_json(http: httpx.Client) -> None:
    assert http.post("/v1/rewards", content=GOOD_BODY).status_code == 200


@pytest.mark.parametrize(
    ("method", "route", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/v1/batches/", 404, "not_found"),
        ("GET", "/v1/rewards", 405, "method_not_allowed"),
        ("PATCH", "/v1/batches", 405, "method_not_allowed"),
        ("GET", "/v1/batches/x?wait_s=61", 422, "invalid_request"),
        ("GET", "/v1/batches/x?wait_s=nan", 422, "invalid_request"),
    ],
)
def test_a_wrong_route_method_or_parameter_is_a_problem(
    http: httpx.Client, method: str, route: str, status: int, code: str
) -> None:
    response = http.request(method, route)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.headers["content-type"] == "application/problem+json"


def test_a_caller_who_leaves_in_the_middle_of_anything_disturbs_nobody(
    http: httpx.Client, service: Service
) -> None:
    host, port = service.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as half_sent:
        half_sent.sendall(b"POST /v1/rewards HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{")
    batch_id = submit(http, "hold")
    with http.stream("GET", f"/v1/batches/{batch_id}/results") as response:
        assert response.status_code == 200
    assert http.delete(f"/v1/batches/{batch_id}").json()["status"] == "cancelled"
    assert http.get("/healthz").status_code == 200
