"""Rewards that depend on the other completions of a rollout group.

What they need of the others is known when a batch is handed in: the service writes it into every item, and each
item is judged by itself. So no failure of one item changes or delays the reward of another.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from assay.contract.answers import Gold, TextReward
from assay.contract.base import ComponentName
from assay.contract.text_rewards import LengthUnit

__all__ = ["LengthReward"]

GroupLength = Annotated[int, Field(ge=0, le=1_000_000_000)]


class LengthReward(TextReward):
    """From -0.5 to 0.5: shorter completions of a group before longer ones, wrong ones never above 0 (Kimi k1.5)."""

    type: Literal["length"]
    gold: Gold | None = None
    """The true answer, which is compared as `accuracy` does by default. Instead of it:"""
    correct_by: ComponentName | None = None
    """The component of this item whose score says whether its answer is right."""
    at_least: Annotated[float, Field(ge=-1e6, le=1e6)] = 1.0
    """The score of that component from which on the answer is right."""
    unit: LengthUnit = "characters"
    """In which the lengths are counted; tokens are told by the item."""
    shortest: GroupLength | None = None
    longest: GroupLength | None = None
    """Lengths of the group's shortest and longest completion. By default those of all items of the batch that have
    this item's `group` and a `length` reward in the same unit; give them where a group comes in several batches."""

    @model_validator(mode="after")
    def _knows_what_is_right(self) -> Self:
        if (self.gold is None) == (self.correct_by is None):
            raise ValueError("give exactly one of 'gold' and 'correct_by' (a component that judges the answer)")
        if (self.shortest is None) != (self.longest is None):
            raise ValueError("give 'shortest' and 'longest' together, or neither")
        if self.shortest is not None and self.longest is not None and self.shortest > self.longest:
            raise ValueError(f"'shortest' ({self.shortest}) is above 'longest' ({self.longest})")
        return self
