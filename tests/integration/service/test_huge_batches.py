"""What is too large for one batch is several for the service, and one for whoever asked."""

import asyncio

import pytest

from assay.client import AsyncClient, Client
from assay.client.parts import MOST_ITEMS
from assay.errors import RequestError
from tests.integration.service.conftest import Service

REWARDS = [{"type": "format"}]


def _items(count: int) -> list[dict[str, object]]:
    return [
        {"id": str(n), "group": f"g{n // 8}", "completion": "x" * (n % 7), "rewards": REWARDS} for n in range(count)
    ]


def test_a_huge_batch_is_graded_and_comes_back_in_order(service: Service) -> None:
    items = _items(MOST_ITEMS + 100)
    with Client(service.url) as client:
        batch = client.grade(items)
    assert batch.results is not None
    assert [result.id for result in batch.results] == [item["id"] for item in items]
    assert [result.reward for result in batch.results] == [float(n % 7) for n in range(len(items))]
    assert batch.summary is not None
    assert (batch.total, batch.summary.judged) == (len(items), len(items))


def test_so_it_is_in_an_event_loop(service: Service) -> None:
    async def grade() -> int:
        async with AsyncClient(service.url) as client:
            return (await client.grade(_items(MOST_ITEMS + 1))).done

    assert asyncio.run(grade()) == MOST_ITEMS + 1


def test_submitting_it_as_one_is_refused(service: Service) -> None:
    with Client(service.url) as client, pytest.raises(RequestError, match="too many, or too large, for one batch"):
        client.submit(_items(MOST_ITEMS + 1))
