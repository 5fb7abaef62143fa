"""The `length` reward, of a group: completions to one prompt, the shorter ones before the longer ones.

Kimi k1.5 (arXiv 2501.12599, section 2.3.3), as open-r1's `len_reward`.
"""

__all__ = ["score_length"]


def score_length(length: int, shortest: int, longest: int, correct: bool) -> float:
    """The reward of one completion, from -0.5 to 0.5.

    With ``x = 0.5 - (length - shortest) / (longest - shortest)`` a right answer earns x and a wrong one min(0, x);
    if all completions of the group are of one length, all earn 0.

    Args:
        length: of the completion, in any unit, from ``shortest`` to ``longest``.
        shortest: length of the shortest completion of its group.
        longest: length of the longest one.
        correct: whether the answer is right.
    """
    if shortest == longest:
        return 0.0
    term = 0.5 - (length - shortest) / (longest - shortest)
    return term if correct else min(0.0, term)
