"""Suites that are uploaded once, and bodies that come compressed."""

import gzip
import hashlib
import json
from typing import Any

import httpx
import pytest
import zstandard

from assay.client import AsyncClient, Client
from tests.integration.service.conftest import Service, StartService

CASES = [{"stdin": f"{number}", "expected": "x" * 200} for number in range(9)]
SUITE: dict[str, Any] = {"kind": "stdio", "cases": CASES}


def upload(http: httpx.Client, body: bytes, sha256: str | None = None, **headers: str) -> httpx.Response:
    name = sha256 or hashlib.sha256(body).hexdigest()
    return http.put(f"/v1/suites/{name}", content=body, headers={"Content-Type": "application/json", **headers})


def item(tests: object) -> dict[str, Any]:
    return {"id": "x", "code": "abc", "rewards": [{"type": "code", "tests": tests}]}


def test_an_upload_is_new_once_and_can_be_referred_to_by_many_batches(http: httpx.Client) -> None:
    body = json.dumps({**SUITE, "checker": {"type": "exact"}}).encode()
    first, again = upload(http, body), upload(http, body)
    assert (first.status_code, again.status_code) == (201, 200)
    receipt = first.json()
    assert receipt == {"sha256": hashlib.sha256(body).hexdigest(), "size_bytes": len(body), "expires_in_s": 604_800}
    looked = http.get(f"/v1/suites/{receipt['sha256']}").json()
    assert (looked["sha256"], looked["size_bytes"]) == (receipt["sha256"], len(body))
    assert 0 < looked["expires_in_s"] <= 604_800
    for _ in range(2):
        batch = http.post("/v1/rewards", json={"items": [item({"kind": "shared", "sha256": receipt["sha256"]})]})
        assert batch.json()["results"][0]["reward"] == 3.0
    assert http.delete(f"/v1/suites/{receipt['sha256']}").status_code == 204
    gone = http.delete(f"/v1/suites/{receipt['sha256']}")
    assert (gone.status_code, gone.json()["code"]) == (404, "suite_not_found")
    batch = http.post("/v1/rewards", json={"items": [item({"kind": "shared", "sha256": receipt["sha256"]})]})
    assert batch.json()["results"][0]["error"]["code"] == "suite_not_found"


@pytest.mark.parametrize(
    ("body", "code", "path"),
    [
        (b"{", "invalid_json", None),
        (b"[]", "invalid_request", None),
        (b'{"kind": "stdio", "cases": []}', "invalid_request", "cases"),
        (b'{"kind": "stdio", "cases": [{"stdin": ""}]}', "invalid_request", "cases[0].expected"),
        (b'{"kind": "nothing"}', "invalid_request", "kind"),
        (b'{"kind": "shared", "name": "x"}', "invalid_request", "kind"),
        (b'{"kind": "dataset", "row": {}}', "invalid_request", "row"),
    ],
)
def test_what_is_no_suite_is_not_kept(http: httpx.Client, body: bytes, code: str, path: str | None) -> None:
    response = upload(http, body)
    assert (response.json()["code"], response.json().get("path")) == (code, path)
    assert http.get(f"/v1/suites/{hashlib.sha256(body).hexdigest()}").status_code == 404


def test_another_hash_than_the_bodys_is_refused(http: httpx.Client) -> None:
    response = upload(http, json.dumps(SUITE).encode(), sha256="0" * 64)
    assert (response.status_code, response.json()["path"]) == (422, "sha256")
    assert upload(http, b"{}", sha256="nonsense").status_code == 422


def test_suites_have_a_bound(start_service: StartService) -> None:
    service = start_service(queue_name="few-suites", max_suites_mb=1)
    large = [
        json.dumps({**SUITE, "cases": [{"stdin": letter * 600_000, "expected": ""}]}).encode() for letter in "ab"
    ]
    with httpx.Client(base_url=service.url, timeout=30) as http:
        assert upload(http, large[0]).status_code == 201
        refused = upload(http, large[1])
        assert (refused.status_code, refused.json()["code"]) == (429, "queue_full")
        assert upload(http, large[0]).status_code == 200
        http.delete(f"/v1/suites/{hashlib.sha256(large[0]).hexdigest()}")
        assert upload(http, large[1]).status_code == 201


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_bodies_may_come_compressed(http: httpx.Client, encoding: str) -> None:
    text = json.dumps({"items": [item(SUITE)]}).encode()
    body = gzip.compress(text) if encoding == "gzip" else zstandard.compress(text)
    headers = {"Content-Type": "application/json", "Content-Encoding": encoding}
    assert http.post("/v1/rewards", content=body, headers=headers).json()["results"][0]["reward"] == 3.0
    suite = json.dumps(SUITE).encode()
    packed = gzip.compress(suite) if encoding == "gzip" else zstandard.compress(suite)
    sent = upload(http, packed, hashlib.sha256(suite).hexdigest(), **{"Content-Encoding": encoding})
    assert sent.json()["size_bytes"] == len(suite)


@pytest.mark.parametrize(
    ("body", "encoding", "status", "code"),
    [
        (b"{}", "gzip", 400, "invalid_encoding"),
        (b"{}", "zstd", 400, "invalid_encoding"),
        (b"{}", "br", 415, "unsupported_media_type"),
        (gzip.compress(bytes(25 << 20)), "gzip", 413, "body_too_large"),
    ],
)
def test_a_wrong_encoding_is_told(http: httpx.Client, body: bytes, encoding: str, status: int, code: str) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": encoding}
    response = http.post("/v1/batches", content=body, headers=headers)
    assert (response.status_code, response.json()["code"]) == (status, code)


def test_the_client_uploads_and_refers(service: Service) -> None:
    with Client(service.url) as client:
        sha256 = client.upload_suite(SUITE)
        shared = [{**item({"kind": "shared", "sha256": sha256}), "id": "up"}]
        named = [{**item({"kind": "shared", "name": "p"}), "id": "named"}]
        results = client.grade(shared + named, suites={"p": SUITE}).results
    assert [result.reward for result in results or ()] == [3.0, 3.0]


@pytest.mark.anyio
async def test_the_asynchronous_client_uploads_too(service: Service) -> None:
    async with AsyncClient(service.url) as client:
        sha256 = await client.upload_suite(SUITE)
        result = await client.grade([item({"kind": "shared", "sha256": sha256})])
    assert result.done == 1
