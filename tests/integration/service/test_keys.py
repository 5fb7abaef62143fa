"""API keys: who is let in, what tenants see of each other, and keys that change while the service runs."""

import time
from pathlib import Path

import httpx
import pytest

from assay.client import Client
from assay.errors import RequestError
from assay.tenants import hash_key, new_key
from tests.integration.service.conftest import Service, StartService
from tests.integration.service.test_batches import item

KEYS = {"a": new_key(), "b": new_key()}
ITEMS = {"items": [item(0)]}


def _tables(keys: dict[str, str], more: str = "") -> str:
    return "".join(f'[tenants.{name}]\nkeys = ["{hash_key(key)}"]\n{more}\n' for name, key in keys.items())


@pytest.fixture
def keys_file(tmp_path: Path) -> Path:
    file = tmp_path / "keys.toml"
    file.write_text(_tables(KEYS))
    return file


@pytest.fixture
def guarded(start_service: StartService, keys_file: Path) -> Service:
    return start_service(keys_file=keys_file)


def _as(service: Service, tenant: str) -> httpx.Client:
    return httpx.Client(base_url=service.url, headers={"Authorization": f"Bearer {KEYS[tenant]}"}, timeout=30)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer " + new_key()}, {"Authorization": "Basic YTpi"}])
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/v1/rewards"), ("POST", "/v1/batches"), ("GET", "/v1/flags")]
    + [(method, "/v1/batches/" + "0" * 32) for method in ("GET", "DELETE")]
    + [("GET", f"/v1/batches/{'0' * 32}/results")],
)
def test_who_has_no_key_is_not_let_in(guarded: Service, method: str, path: str, headers: dict[str, str]) -> None:
    response = httpx.request(method, guarded.url + path, json=ITEMS if method == "POST" else None, headers=headers)
    assert (response.status_code, response.json()["code"]) == (401, "unauthorized")
    assert response.headers["www-authenticate"] == "Bearer"
    assert response.json()["hint"]


def test_health_needs_no_key(guarded: Service) -> None:
    assert httpx.get(guarded.url + "/healthz").status_code == 200
    assert httpx.get(guarded.url + "/readyz").status_code == 200


def test_a_tenant_sees_its_own_batches_alone(guarded: Service) -> None:
    with _as(guarded, "a") as one, _as(guarded, "b") as other:
        location = one.post("/v1/batches", json={"items": [item(0, "hold")]}).headers["location"]
        assert one.get(location).status_code == 200
        for method, path in (("GET", location), ("GET", f"{location}/results"), ("DELETE", location)):
            response = other.request(method, path)
            assert (response.status_code, response.json()["code"]) == (404, "batch_not_found")
        assert one.delete(location).json()["status"] == "cancelled"


def test_two_tenants_may_use_the_same_idempotency_key(guarded: Service) -> None:
    with _as(guarded, "a") as one, _as(guarded, "b") as other:
        headers = {"Idempotency-Key": new_key()}
        first = one.post("/v1/batches", json=ITEMS, headers=headers).json()["id"]
        assert one.post("/v1/batches", json=ITEMS, headers=headers).json()["id"] == first
        assert other.post("/v1/batches", json={"items": [item(1)]}, headers=headers).json()["id"] != first


def test_a_key_may_stand_in_front_of_the_path(guarded: Service) -> None:
    url = f"{guarded.url}/t/{KEYS['a']}"
    response = httpx.post(f"{url}/v1/batches", json=ITEMS)
    assert response.status_code == 202
    location = response.headers["location"]
    assert location.startswith(f"/t/{KEYS['a']}/v1/batches/")
    assert httpx.get(guarded.url + location, params={"wait_s": 10}).json()["status"] == "finished"
    assert httpx.get(f"{guarded.url}/t/{new_key()}/v1/flags").status_code == 401
    assert httpx.get(f"{url}/nowhere").json()["code"] == "not_found"


def test_a_key_stands_in_no_log(start_service: StartService, keys_file: Path) -> None:
    service = start_service(keys_file=keys_file, log_level="debug")
    httpx.post(f"{service.url}/t/{KEYS['a']}/v1/batches", json=ITEMS)
    httpx.post(f"{service.url}/t/{KEYS['a']}/v1/batches", content=b"not json")
    httpx.get(f"{service.url}/t/{KEYS['a']}/nowhere")
    assert service.stop() == 0
    assert "batch_admitted" in service.output
    assert KEYS["a"] not in service.output


def test_keys_change_while_the_service_runs(guarded: Service, keys_file: Path) -> None:
    new = {**KEYS, "c": new_key()}
    del new["b"]
    keys_file.write_text(_tables(new))
    with httpx.Client(base_url=guarded.url, headers={"Authorization": f"Bearer {new['c']}"}) as http:
        end_s = time.monotonic() + 10
        while http.get("/v1/flags").status_code == 401 and time.monotonic() < end_s:
            time.sleep(0.1)
        assert http.get("/v1/flags").status_code == 200
    with _as(guarded, "b") as gone, _as(guarded, "a") as kept:
        assert (gone.get("/v1/flags").status_code, kept.get("/v1/flags").status_code) == (401, 200)
        keys_file.write_text("nonsense")
        time.sleep(1.5)
        assert kept.get("/v1/flags").status_code == 200, "a wrong file takes nobody's key away"
    assert guarded.stop() == 0
    assert "keys_not_read" in guarded.output


def test_a_quota_is_the_tenants_own(start_service: StartService, keys_file: Path) -> None:
    keys_file.write_text(_tables(KEYS, "max_queued_items = 2"))
    service = start_service(keys_file=keys_file)
    held = {"items": [item(number, "hold") for number in range(2)]}
    with _as(service, "a") as one, _as(service, "b") as other:
        location = one.post("/v1/batches", json=held).headers["location"]
        refused = one.post("/v1/batches", json=ITEMS)
        assert (refused.status_code, refused.json()["code"]) == (429, "queue_full")
        assert int(refused.headers["retry-after"]) >= 1
        assert other.post("/v1/rewards", json=ITEMS).status_code == 200
        one.delete(location)
        assert one.post("/v1/rewards", json=ITEMS).status_code == 200


def test_the_anonymous_are_served_beside_keys_where_that_is_said(
    start_service: StartService, keys_file: Path
) -> None:
    service = start_service(keys_file=keys_file, allow_anonymous=True)
    assert httpx.post(service.url + "/v1/rewards", json=ITEMS).status_code == 200
    wrong = {"Authorization": "Bearer " + new_key()}
    assert httpx.post(service.url + "/v1/rewards", json=ITEMS, headers=wrong).status_code == 401


def test_a_service_whose_keys_are_wrong_does_not_start(start_service: StartService, tmp_path: Path) -> None:
    service = start_service(keys_file=tmp_path / "none.toml")
    assert service.process.wait(20) != 0
    service.stop()
    assert "invalid_keys" in service.announcement + service.output


def test_the_client_sends_its_key(guarded: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ASSAY_API_KEY", raising=False)
    with Client(guarded.url) as stranger, pytest.raises(RequestError) as caught:
        stranger.grade([item(0)])
    assert caught.value.code == "unauthorized"
    with Client(guarded.url, api_key=KEYS["a"]) as client:
        assert client.grade([item(0)]).done == 1
    monkeypatch.setenv("ASSAY_API_KEY", KEYS["b"])
    with Client(guarded.url) as client:
        assert client.grade([item(0)]).done == 1
    with Client(f"{guarded.url}/t/{KEYS['a']}") as client:
        assert client.grade([item(0)]).done == 1
