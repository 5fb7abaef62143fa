"""A reward function for verl: ``reward.custom_reward_function.path=pkg://assay.trainers.verl``.

verl asks for one sample at a time, many at once in one event loop. They are collected for some milliseconds and
sent as one batch. verl cannot carry "unknown": what could not be judged raises after the service was waited for,
unless ``on_error="zero"`` is asked for, which marks it by ``infra_error``. Every answer has the same keys, as verl
demands.

Source: verl 0.9 and 0.10, `reward.custom_reward_function` and the reward managers.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from weakref import WeakKeyDictionary

from assay.client import AsyncClient, RetryPolicy
from assay.contract import ItemResult
from assay.errors import AssayError, ServiceError
from assay.trainers.asking import service_url, spec_of_truth

__all__ = ["compute_score"]

COLLECT_S: Final = 0.02
MOST_ITEMS: Final = 512
PATIENT: Final = RetryPolicy(attempts=60)

OnError = Literal["raise", "zero"]


async def compute_score(
    data_source: str,
    solution_str: str,
    ground_truth: object,
    extra_info: Mapping[str, Any] | None = None,
    *,
    rewards: list[dict[str, Any]] | None = None,
    url: str | None = None,
    on_error: OnError = "raise",
    **others: Any,
) -> dict[str, float]:
    """The score of one sample.

    Arguments:
        data_source: the dataset's name; it is not looked at.
        solution_str: the completion.
        ground_truth: a reward, a suite, or tests as verl's datasets have them, as objects or as JSON; or an answer.
        extra_info: what verl knows besides; it is not looked at.
        rewards: rewards that every sample has beside those of its ground truth (`reward_kwargs`).
        url: the service; by default what the environment variable ``ASSAY_URL`` holds.
        on_error: whether a sample that cannot be judged raises or scores 0.
        others: what later versions of verl may add.

    Returns:
        ``score``; ``acc``, 1 where the first component has its full score; ``infra_error``, 1 where there is none.

    Raises:
        AssayError: the sample cannot be judged, and ``on_error`` is `raise`.
    """
    del data_source, extra_info, others
    item = {"completion": solution_str, "rewards": [*spec_of_truth(ground_truth), *(rewards or ())]}
    try:
        result = await _collector(service_url(url)).grade(item)
        if result.reward is None:
            raise _error_of(result)
    except AssayError:
        if on_error == "raise":
            raise
        return {"score": 0.0, "acc": 0.0, "infra_error": 1.0}
    right = bool(result.components) and result.components[0].score == 1.0
    return {"score": result.reward, "acc": float(right), "infra_error": 0.0}


@dataclass(frozen=True)
class _Waiting:
    item: dict[str, Any]
    result: "asyncio.Future[ItemResult]"


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


_collectors: "WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, _Collector]]" = WeakKeyDictionary()


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


def _error_of(result: ItemResult) -> AssayError:
    error = result.error
    if error is None:
        return ServiceError("the sample has neither a reward nor an error")
    return ServiceError(error.message, code=error.code, hint=error.hint or "", path=error.path or "")
