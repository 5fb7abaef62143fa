"""The `tag_count` reward: a quarter for each think and answer tag that stands exactly once where it belongs.

The formula is that of open-r1's `tag_count_reward`; the line breaks around the tags are part of it.
"""

from typing import Final

__all__ = ["score_tag_count"]

_TAGS: Final = ("<think>\n", "\n</think>\n", "\n<answer>\n", "\n</answer>")


def score_tag_count(completion: str) -> float:
    """Scores 0, 0.25, 0.5, 0.75 or 1 by how many of the four tags occur exactly once."""
    return sum(completion.count(tag) == 1 for tag in _TAGS) / len(_TAGS)
