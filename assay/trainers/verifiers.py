"""Rewards for verifiers: rubric functions, and for the `@reward` methods of its tasks.

What cannot be judged raises, after the service was waited for: verifiers puts that on the trace as an error, and
such traces leave the batch.

Source: verifiers 0.4, `v1/utils/decorators.py`, and the rubrics of earlier versions, which call by keyword.
"""

from collections.abc import Mapping
from typing import Any

from assay.trainers.asking import completion_text, digest, service_url, spec_of_truth
from assay.trainers.collecting import grade_one, reward_of

__all__ = ["reward"]


async def reward(
    completion: Any,
    answer: Any = "",
    *,
    prompt: Any = None,
    info: Mapping[str, Any] | None = None,
    url: str | None = None,
    **others: Any,
) -> float:
    """The reward of one rollout; those that are asked for at the same time travel together.

    Arguments:
        completion: what the model wrote, a text or messages.
        answer: what it is judged by: a reward, a suite, or tests, as objects or as JSON; or an answer.
        prompt: the prompt, by which rollouts are a group.
        info: the row's further columns; `rewards` or `tests` in it come before ``answer``.
        url: the service; by default what the environment variable ``ASSAY_URL`` holds.
        others: what rubrics give besides (`state`, `parser`, `task`, …).

    Raises:
        AssayError: it cannot be judged.
    """
    del others
    told = info or {}
    truth = told.get("rewards") or told.get("tests") or answer
    item = {"completion": completion_text(completion), "rewards": spec_of_truth(truth), "group": digest(prompt)}
    return reward_of(await grade_one(item, service_url(url)))
