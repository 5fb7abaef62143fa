"""Collects what trainers ask for sample by sample, many at once in one event loop, into batches."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from assay.client import AsyncClient, Client, RetryPolicy
from assay.errors import AssayError, ServiceError

if TYPE_CHECKING:
    from assay.contract import ItemResult

__all__ = ["grade_alone", "grade_one", "reward_of"]

COLLECT_S: Final = 0.02
MOST_ITEMS: Final = 512
PATIENT: Final = RetryPolicy(attempts=60)


@dataclass(frozen=True)
class _Waiting:
    item: dict[str, Any]
    result: asyncio.Future[ItemResult]


class _Collector:
    """Sends what comes within a few milliseconds as one batch."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._waiting: list[_Waiting] = []
        self._sending: set[asyncio.Task[None]] = set()

    async def grade(self, item: dict[str, Any]) -> ItemResult:
        """The result of an item."""
        waiting = _Waiting(item, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if len(self._waiting) == 1:
            task = asyncio.create_task(self._send_soon())
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)
        return await waiting.result

    async def _send_soon(self) -> None:
        await asyncio.sleep(COLLECT_S)
        waiting, self._waiting = self._waiting, []
        pieces = [waiting[at : at + MOST_ITEMS] for at in range(0, len(waiting), MOST_ITEMS)]
        await asyncio.gather(*(self._send(piece) for piece in pieces))

    async def _send(self, waiting: list[_Waiting]) -> None:
        try:
            async with AsyncClient(self._url, retry=PATIENT) as client:
                batch = await client.grade([{**each.item, "id": str(at)} for at, each in enumerate(waiting)])
            for each, result in zip(waiting, batch.results or (), strict=True):
                _settle(each, result)
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait are told
            for each in waiting:
                _settle(each, error)


_collectors: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, _Collector]] = WeakKeyDictionary()


async def grade_one(item: dict[str, Any], url: str) -> ItemResult:
    """The result of an item, which travels with others that are asked for at the same time in this event loop.

    Arguments:
        item: as a request has it, without an id.
        url: the service.

    Raises:
        AssayError: the service cannot be reached, or refuses the batch.
    """
    return await _collector(url).grade(item)


def _collector(url: str) -> _Collector:
    """The collector of this event loop."""
    of_loop = _collectors.setdefault(asyncio.get_running_loop(), {})
    if url not in of_loop:
        of_loop[url] = _Collector(url)
    return of_loop[url]


def _settle(waiting: _Waiting, outcome: ItemResult | Exception) -> None:
    if waiting.result.done():  # nobody waits any more
        return
    if isinstance(outcome, Exception):
        waiting.result.set_exception(outcome)
    else:
        waiting.result.set_result(outcome)


def grade_alone(item: dict[str, Any], url: str, detail: str = "none") -> ItemResult:
    """The result of an item, outside of event loops; the arguments and errors of `grade_one`."""
    with Client(url, retry=PATIENT) as client:
        (result,) = client.grade([item], detail=detail).results or ()
    return result


def reward_of(result: ItemResult) -> float:
    """The reward of a result.

    Raises:
        AssayError: there is none.
    """
    if result.reward is None:
        raise _error_of(result)
    return result.reward


def _error_of(result: ItemResult) -> AssayError:
    error = result.error
    if error is None:
        return ServiceError("the sample has neither a reward nor an error")
    return ServiceError(error.message, code=error.code, hint=error.hint or "", path=error.path or "")
