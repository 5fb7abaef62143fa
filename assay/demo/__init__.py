"""The bundled demonstration: completions of every kind, and the reward each must earn.

`items.jsonl` holds items as a trainer posts them. `expected.json` holds, by item id and apart from them, what
the item is about and how it must be rewarded.
"""

import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

__all__ = ["Example", "load_examples"]


@dataclass(frozen=True)
class Example:
    """An item and what must become of it."""

    item: dict[str, Any]
    about: str
    """What the completion does, in a few words."""
    reward: float | None
    verdict: str | None
    """The verdict of its first code component, if it has one."""
    error: str | None
    """The code of the error that stands in the place of a reward."""


def load_examples() -> tuple[Example, ...]:
    """The examples in the order of `items.jsonl`.

    Raises:
        KeyError: an item has no expectation.
    """
    folder = files(__name__)
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    lines = (folder / "items.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(_example(json.loads(line), expected) for line in lines)


def _example(item: dict[str, Any], expected: dict[str, dict[str, Any]]) -> Example:
    row = expected[item["id"]]
    return Example(item, row["about"], row["reward"], row.get("verdict"), row.get("error"))
