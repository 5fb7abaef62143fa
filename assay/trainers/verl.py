"""A reward function for verl: ``reward.custom_reward_function.path=pkg://assay.trainers.verl``.

verl asks for one sample at a time, many at once in one event loop. They are collected for some milliseconds and
sent as one batch. verl cannot carry "unknown": what could not be judged raises after the service was waited for,
unless ``on_error="zero"`` is asked for, which marks it by ``infra_error``. Every answer has the same keys, as verl
demands.

Source: verl 0.9 and 0.10, `reward.custom_reward_function` and the reward managers.
"""

from collections.abc import Mapping
from typing import Any, Literal

from assay.errors import AssayError
from assay.trainers.asking import service_url, spec_of_truth
from assay.trainers.collecting import grade_one, reward_of

__all__ = ["compute_score"]

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
        result = await grade_one(item, service_url(url))
        reward = reward_of(result)
    except AssayError:
        if on_error == "raise":
            raise
        return {"score": 0.0, "acc": 0.0, "infra_error": 1.0}
    right = bool(result.components) and result.components[0].score == 1.0
    return {"score": reward, "acc": float(right), "infra_error": 0.0}
