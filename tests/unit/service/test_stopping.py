"""Waits end when the server stops."""

import asyncio

import pytest

from assay.errors import ServiceError
from assay_service.stopping import Stopping


async def _forever(cancelled: list[bool]) -> None:
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        cancelled.append(True)
        raise


def test_work_that_ends_gives_its_value_and_its_error() -> None:
    async def scenario() -> str:
        with pytest.raises(TimeoutError):
            await Stopping().until(asyncio.wait_for(_forever([]), 0.01))
        return await Stopping().until(asyncio.sleep(0, "value"))

    assert asyncio.run(scenario()) == "value"


def test_stopping_ends_the_wait_with_a_code_and_cancels_the_work() -> None:
    cancelled: list[bool] = []

    async def scenario() -> None:
        stopping = Stopping()
        asyncio.get_running_loop().call_later(0.01, stopping.begin)
        await stopping.until(_forever(cancelled))

    with pytest.raises(ServiceError) as caught:
        asyncio.run(scenario())
    assert (caught.value.code, cancelled) == ("shutting_down", [True])
