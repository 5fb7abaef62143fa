"""A batch of completions to grade, and its items."""

from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from assay.contract.base import WireModel
from assay.contract.rewards import AccuracyReward, FormatReward, RewardSpec, TagCountReward
from assay.contract.tests import FileName

__all__ = ["BatchRequest", "Detail", "Item"]

TEXT_REWARDS = (AccuracyReward, FormatReward, TagCountReward)


class Detail(StrEnum):
    """How much of each test comes back."""

    NONE = "none"
    """Only the counts of each component."""
    VERDICTS = "verdicts"
    """The verdict, CPU, wall and memory of each test."""
    OUTPUTS = "outputs"
    """Also what the program printed, truncated. Expected values never come back."""


class Item(WireModel):
    """One completion, and what is needed to reward it."""

    id: Annotated[str, Field(min_length=1, max_length=512)]
    """The caller's name for it; unique in the batch."""
    group: Annotated[str, Field(min_length=1, max_length=512)] | None = None
    """The rollout group: items sampled from the same prompt."""
    completion: str | None = None
    """What the model wrote. The program is extracted from it."""
    code: str | None = None
    """The program itself, instead of a completion."""
    files: dict[FileName, str] = Field(max_length=64, default_factory=dict)
    """Further files of the submission."""
    main: FileName | None = None
    """The program's own file name, where it matters."""
    rewards: Annotated[tuple[RewardSpec, ...], Field(min_length=1, max_length=32)]
    """The components of the reward; the reward is their weighted sum."""

    @model_validator(mode="after")
    def _has_what_its_rewards_need(self) -> Self:
        if (self.completion is None) == (self.code is None):
            raise ValueError("give exactly one of 'completion' (a program is extracted from it) and 'code'")
        if self.completion is None:
            for reward in self.rewards:
                if isinstance(reward, TEXT_REWARDS):
                    raise ValueError(f"the {reward.type!r} reward judges text: give 'completion' instead of 'code'")
        return self


class BatchRequest(WireModel):
    """The body of `POST /v1/rewards` and `POST /v1/batches`."""

    items: Annotated[tuple[Item, ...], Field(min_length=1)]
    """The completions to grade."""
    defaults: dict[str, Any] = Field(default_factory=dict)
    """Merged under every item: objects merge key by key, anything else of the item replaces the default."""
    detail: Detail = Detail.NONE
    """How much of each test comes back."""
