"""How the scores of an item's components become its reward."""

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from assay.contract.base import ComponentName, Weighted, WireModel

__all__ = ["Composition", "Gate", "component_index"]

Bound = Annotated[float, Field(ge=-1e9, le=1e9)]


class Gate(WireModel):
    """A component that must reach a score, or the rest earns nothing."""

    component: ComponentName
    """Name of the component, or its type if no other is of that type."""
    at_least: Annotated[float, Field(ge=-1e6, le=1e6)] = 1.0
    """The score (before the weight) that opens the gate."""


class Composition(WireModel):
    """From component scores to the reward: gates first, then `mode`, then `clip`."""

    mode: Literal["sum", "min", "product"] = "sum"
    """Of the scores times their weights: their sum, the least of them, or their product."""
    gates: Annotated[tuple[Gate, ...], Field(max_length=32)] = ()
    """In this order; where one stays shut, every component but it and the gates before it counts as 0."""
    clip: tuple[Bound, Bound] | None = None
    """Lower and upper bound of the reward."""

    @model_validator(mode="after")
    def _bounds_are_in_order(self) -> Self:
        if self.clip is not None and self.clip[0] > self.clip[1]:
            raise ValueError(f"'clip' has its lower bound first, and {self.clip[0]:g} is above {self.clip[1]:g}")
        names = [gate.component for gate in self.gates]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ValueError(f"two 'gates' are of the component {twice!r}: give it one, with the higher 'at_least'")
        return self


def component_index(rewards: Sequence[Weighted], name: str) -> int:
    """The place of the component of that name, or else of the only one of that type.

    Raises:
        ValueError: there is none, or there are several.
    """
    found = [place for place, reward in enumerate(rewards) if reward.name == name]
    found = found or [place for place, reward in enumerate(rewards) if _type_of(reward) == name]
    if len(found) == 1:
        return found[0]
    if found:
        raise ValueError(f"{len(found)} components are {name!r}: give each a 'name' of its own")
    known = ", ".join(repr(reward.name or _type_of(reward)) for reward in rewards)
    raise ValueError(f"no component is called {name!r}; there are: {known}")


def _type_of(reward: Weighted) -> str:
    return str(getattr(reward, "type", ""))
