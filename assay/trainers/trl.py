"""Reward functions for TRL: by dotted path for its command, or made in code. They are picklable.

A completion that could not be judged has `None`, which TRL leaves out of the advantage; a wrong one has its number.
An exception would end the training, so none leaves here: what went wrong is logged, and the batch has no rewards.

Source: TRL 1.16 `GRPOTrainer` (keyword arguments, one list per column, `None` for a reward that does not apply).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from math import inf
from typing import TYPE_CHECKING, Any, Final

from assay.client import AsyncClient, Client, RetryPolicy
from assay.errors import AssayError
from assay.trainers.asking import ROW, Asked, Asking, build_batch, service_url

if TYPE_CHECKING:
    from assay.contract import BatchResult

__all__ = ["AsyncRewardFunction", "RewardFunction", "accuracy_reward", "code_reward", "format_reward"]

PATIENT: Final = RetryPolicy(attempts=30)
"""A training waits for a service that restarts; what is not there after minutes has no reward."""
_OF_TRL: Final = frozenset({"completion_ids", "trainer_state", "log_extra", "log_metric", "environments"})
"""Keyword arguments of TRL's own, which are no columns."""

_log = logging.getLogger("assay.trainers")


class RewardFunction:
    """A reward function as TRL calls it.

    Arguments:
        rewards: rewards as requests have them, or `Asked` where columns of the dataset fill fields; several are one
            weighted sum.
        name: what TRL calls it in its logs.
        url: the service; by default what the environment variable ``ASSAY_URL`` holds.
        timeout_s: seconds after which a batch has no rewards.
    """

    def __init__(
        self,
        rewards: Sequence[Mapping[str, Any] | Asked],
        *,
        name: str = "assay_reward",
        url: str | None = None,
        timeout_s: float = inf,
    ) -> None:
        self.__name__ = name
        self._rewards = [reward if isinstance(reward, Asked) else Asked(reward) for reward in rewards]
        self._url = url
        self._timeout_s = timeout_s

    def __call__(self, prompts: Sequence[Any], completions: Sequence[Any], **columns: Any) -> list[float | None]:
        """The reward of each completion, None where there is none."""
        asking = self._asking(prompts, completions, columns)
        try:
            with Client(service_url(self._url), retry=PATIENT) as client:
                batch = client.grade(asking.items, suites=asking.suites, timeout_s=self._timeout_s)
        except AssayError as error:
            return self._nothing(completions, error)
        return self._rewards_of(batch)

    def _asking(self, prompts: Sequence[Any], completions: Sequence[Any], columns: Mapping[str, Any]) -> Asking:
        rows = {name: values for name, values in columns.items() if name not in _OF_TRL and _is_column(values)}
        return build_batch(self._rewards, prompts, completions, rows, columns.get("completion_ids"))

    def _nothing(self, completions: Sequence[Any], error: AssayError) -> list[float | None]:
        _log.error("%s: no rewards for %d completions: %s: %s", self.__name__, len(completions), error.code, error)
        return [None] * len(completions)

    def _rewards_of(self, batch: BatchResult) -> list[float | None]:
        results = batch.results or ()
        for result in results:
            if result.error is not None:
                _log.warning("%s: no reward: %s: %s", self.__name__, result.error.code, result.error.message)
        return [result.reward for result in results]


class AsyncRewardFunction(RewardFunction):
    """The same for trainers that await their reward functions, so that several wait at the same time."""

    async def __call__(  # type: ignore[override]  # a coroutine in the place of the list
        self, prompts: Sequence[Any], completions: Sequence[Any], **columns: Any
    ) -> list[float | None]:
        """The reward of each completion, None where there is none."""
        asking = self._asking(prompts, completions, columns)
        try:
            async with AsyncClient(service_url(self._url), retry=PATIENT) as client:
                batch = await client.grade(asking.items, suites=asking.suites, timeout_s=self._timeout_s)
        except AssayError as error:
            return self._nothing(completions, error)
        return self._rewards_of(batch)


def _is_column(values: object) -> bool:
    return isinstance(values, Sequence) and not isinstance(values, str | bytes)


_CODE: Final = RewardFunction([Asked({"type": "code"}, {"tests": ROW})], name="code_reward")
_ACCURACY: Final = RewardFunction([Asked({"type": "accuracy"}, {"gold": "solution"})], name="accuracy_reward")
_FORMAT: Final = RewardFunction([{"type": "format"}], name="format_reward")


def code_reward(prompts: Sequence[Any], completions: Sequence[Any], **columns: Any) -> list[float | None]:
    """The share of tests passed; the tests are the dataset's own columns, of any format Assay knows."""
    return _CODE(prompts, completions, **columns)


def accuracy_reward(prompts: Sequence[Any], completions: Sequence[Any], **columns: Any) -> list[float | None]:
    """1 where the final answer is mathematically equal to the column `solution`, else 0."""
    return _ACCURACY(prompts, completions, **columns)


def format_reward(prompts: Sequence[Any], completions: Sequence[Any], **columns: Any) -> list[float | None]:
    """1 for reasoning and answer in `<think>` and `<answer>`, else 0."""
    return _FORMAT(prompts, completions, **columns)
