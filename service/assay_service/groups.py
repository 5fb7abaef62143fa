"""Writes into items what their group rewards need to know of the other items of their rollout group. Pure.

A `length` reward is relative to the shortest and the longest completion of the group, and both are known as soon as
the batch is. Items that are refused at admission are no part of a group.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic_core import from_json, to_json

from assay.contract import Item, LengthReward

__all__ = ["GroupLengths"]


class GroupLengths:
    """The lengths of the completions of each rollout group of a batch, in each unit that is asked for."""

    def __init__(self) -> None:
        self._bounds: dict[tuple[str, str], tuple[int, int]] = {}
        self._waiting: dict[int, str] = {}

    def add(self, index: int, item: Item) -> None:
        """Takes note of an item and its `length` rewards."""
        for reward in item.rewards:
            if not isinstance(reward, LengthReward) or item.group is None:
                continue
            length, key = item.length_in(reward.unit), (item.group, reward.unit)
            shortest, longest = self._bounds.get(key, (length, length))
            self._bounds[key] = min(shortest, length), max(longest, length)
            if reward.shortest is None:
                self._waiting[index] = item.group

    def write(self, payloads: Mapping[int, bytes]) -> Iterable[tuple[int, bytes]]:
        """Index and new payload of every item that waits for the lengths of its group."""
        for index, group in self._waiting.items():
            item = from_json(payloads[index])
            item["rewards"] = [self._with_bounds(reward, group) for reward in item["rewards"]]
            yield index, to_json(item)

    def _with_bounds(self, reward: dict[str, Any], group: str) -> dict[str, Any]:
        if reward["type"] != "length" or reward.get("shortest") is not None:
            return reward
        shortest, longest = self._bounds[group, reward.get("unit", LengthReward.model_fields["unit"].default)]
        return {**reward, "shortest": shortest, "longest": longest}
