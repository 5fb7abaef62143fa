"""Both clients against a service that runs in this process, over httpx's own in-memory transport."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from assay.client import AsyncClient, Client, RetryPolicy
from assay.contract import ItemResult
from assay.errors import RequestError, ServiceError

QUICK = RetryPolicy(attempts=3, first_s=0.001, most_s=0.002)
RESULTS = [ItemResult(id=f"item {place}", index=place, reward=float(place)) for place in range(4)]
LINES = [result.model_dump_json().encode() + b"\n" for result in RESULTS]


class BrokenBody(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that ends with a lost connection."""

    def __init__(self, chunks: list[bytes]) -> None:
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        yield from self._chunks
        raise httpx.ReadError("connection lost")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self:
            yield chunk


class Service:
    """A service whose stream breaks in the middle of the third line once, and which is away at first."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.away = 1

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if self.away:
            self.away -= 1
            return httpx.Response(503, json={"code": "not_ready"})
        if request.url.path.endswith("/results"):
            return self._results(int(request.url.params["from"]))
        if request.url.path == "/v1/batches/none":
            return httpx.Response(404, json={"code": "batch_not_found", "hint": "results are kept for a day"})
        if request.method == "POST":
            return httpx.Response(202, json={"id": "b1"})
        results = [json.loads(line) for line in LINES]
        status = "cancelled" if request.method == "DELETE" else "finished"
        return httpx.Response(200, json={"id": "b1", "status": status, "total": 4, "done": 4, "results": results})

    def _results(self, start: int) -> httpx.Response:
        if start == 0:
            return httpx.Response(200, stream=BrokenBody([LINES[0] + b"\n", LINES[1] + LINES[2][:9]]))
        return httpx.Response(200, content=b"".join(LINES[start:]))


def client_of(service: Service) -> Client:
    return Client("http://assay", retry=QUICK, transport=httpx.MockTransport(service))


def async_client_of(service: Service) -> AsyncClient:
    return AsyncClient("http://assay", retry=QUICK, transport=httpx.MockTransport(service))


def test_a_batch_is_graded_by_a_service_that_is_away_at_first() -> None:
    with client_of(Service()) as client:
        assert client.grade([{"id": "1"}]).results == tuple(RESULTS)


def test_the_asynchronous_client_does_the_same() -> None:
    async def run() -> None:
        async with async_client_of(Service()) as client:
            assert (await client.grade([{"id": "1"}])).results == tuple(RESULTS)
            assert await client.submit([{"id": "1"}]) == "b1"
            assert (await client.wait("b1")).status == "finished"
            assert (await client.cancel("b1")).status == "cancelled"

    asyncio.run(run())


def test_a_batch_is_submitted_awaited_and_cancelled_step_by_step() -> None:
    with client_of(Service()) as client:
        batch_id = client.submit([{"id": "1"}])
        assert client.wait(batch_id).status == "finished"
        assert client.cancel(batch_id).status == "cancelled"


def test_a_stream_resumes_where_the_connection_was_lost_and_repeats_nothing() -> None:
    service = Service()
    with client_of(service) as client:
        assert list(client.stream("b1")) == RESULTS
    assert [request.url.params["from"] for request in service.requests] == ["0", "0", "2"]


def test_an_asynchronous_stream_resumes_likewise() -> None:
    async def run() -> list[ItemResult]:
        async with async_client_of(Service()) as client:
            return [result async for result in client.stream("b1")]

    assert asyncio.run(run()) == RESULTS


def test_a_stream_can_start_after_what_was_seen() -> None:
    with client_of(Service()) as client:
        assert list(client.stream("b1", start=3)) == RESULTS[3:]


def test_a_stream_gives_up_after_the_attempts_of_its_policy() -> None:
    def lose(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    client = Client("http://assay", retry=QUICK, transport=httpx.MockTransport(lose))
    with client, pytest.raises(ServiceError) as caught:
        list(client.stream("b1"))
    assert caught.value.code == "unreachable"


def test_an_unknown_batch_is_a_typed_error_with_its_hint() -> None:
    with client_of(Service()) as client, pytest.raises(RequestError) as caught:
        client.wait("none")
    assert (caught.value.code, caught.value.hint) == ("batch_not_found", "results are kept for a day")
    assert not caught.value.retryable
