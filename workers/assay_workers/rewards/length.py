"""The `length` reward, of a group: completions to one prompt, the shorter ones before the longer ones.

Kimi k1.5 (arXiv 2501.12599, section 2.3.3), as open-r1's `len_reward`. It needs the whole group and so is no
component of an item by itself.
"""

from collections.abc import Sequence

__all__ = ["length_rewards"]


def length_rewards(lengths: Sequence[int], correct: Sequence[bool]) -> list[float]:
    """The reward of each completion of a group, from -0.5 to 0.5.

    With ``x = 0.5 - (length - shortest) / (longest - shortest)`` a right answer earns x and a wrong one min(0, x);
    if all are of one length, all earn 0.

    Args:
        lengths: of the completions, at least 0 each, in any unit.
        correct: for each completion, whether its answer is right.

    Raises:
        ValueError: there are not as many of one as of the other.
    """
    if len(lengths) != len(correct):
        raise ValueError(f"{len(lengths)} lengths are not of {len(correct)} answers")
    shortest, longest = min(lengths, default=0), max(lengths, default=0)
    if shortest == longest:
        return [0.0] * len(lengths)
    terms = (0.5 - (length - shortest) / (longest - shortest) for length in lengths)
    return [term if right else min(0.0, term) for term, right in zip(terms, correct, strict=True)]
