"""The names of open-r1's registry, as reward functions: `get_reward_funcs(["accuracy", "format", "code"])`.

Each has open-r1's meaning, parameters and columns, but for what docs/rewards.md says that it does otherwise. They
are called as TRL calls reward functions, and are made of `assay.trainers.trl`: None for what could not be judged.

Source: open-r1 `src/open_r1/rewards.py` (`get_reward_funcs`) and `configs.py`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from assay.trainers.asking import ROW, Asked
from assay.trainers.trl import AsyncRewardFunction, RewardFunction

__all__ = ["NAMES", "get_reward_funcs"]

_OPEN_R1: Final = {"compat": "open_r1"}
_GOLD: Final = {"gold": "solution"}
_TESTS: Final = {"tests": ROW}
_ASKED: Final[Mapping[str, Asked]] = {
    "accuracy": Asked({"type": "accuracy"}, _GOLD),
    "format": Asked({"type": "format"}),
    "tag_count": Asked({"type": "tag_count"}),
    "reasoning_steps": Asked({"type": "reasoning_steps"}),
    "cosine": Asked({"type": "cosine", **_OPEN_R1}, _GOLD),
    "repetition_penalty": Asked({"type": "repetition_penalty"}),
    "length": Asked({"type": "length"}, _GOLD),
    "code": Asked({"type": "code"}, _TESTS),
    "binary_code": Asked({"type": "binary_code"}, _TESTS),
    "cf_code": Asked({"type": "cf_code"}, _TESTS),
    "ioi_code": Asked({"type": "ioi_code"}, _TESTS),
    "code_format": Asked({"type": "code_format", **_OPEN_R1}),
    "soft_overlong_punishment": Asked({"type": "soft_overlong_punishment"}),
}
NAMES: Final = tuple(_ASKED)
"""The names there are."""


def get_reward_funcs(
    names: Sequence[str],
    parameters: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    url: str | None = None,
    asynchronous: bool = False,
) -> list[RewardFunction]:
    """The reward functions of some names, as `reward_funcs` of a configuration has them.

    Arguments:
        names: names of open-r1's registry.
        parameters: by name, fields of the reward that differ from the defaults (`{"cosine": {"max_len": 2000}}`).
        url: the service; by default what the environment variable ``ASSAY_URL`` holds.
        asynchronous: whether the trainer awaits them, so that several wait at the same time.

    Raises:
        ValueError: a name is not in the registry.
    """
    given = parameters or {}
    if unknown := [name for name in (*names, *given) if name not in _ASKED]:
        raise ValueError(f"there is no reward {unknown[0]!r}; there are: {', '.join(NAMES)}")
    kind = AsyncRewardFunction if asynchronous else RewardFunction
    asked = {name: Asked({**_ASKED[name].spec, **given.get(name, {})}, _ASKED[name].columns) for name in names}
    return [kind([asked[name]], name=f"{name}_reward", url=url) for name in names]
