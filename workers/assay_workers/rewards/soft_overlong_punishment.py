"""The `soft_overlong_punishment` reward: nothing for completions in bounds, down to -1 for those beyond.

Equation 13 of DAPO (arXiv 2503.14476), as open-r1's `get_soft_overlong_punishment`.
"""

__all__ = ["score_soft_overlong_punishment"]


def score_soft_overlong_punishment(
    length: int, max_completion_len: int = 16_384, soft_punish_cache: int = 4_096
) -> float:
    """Scores 0 up to ``max_completion_len - soft_punish_cache``, -1 beyond ``max_completion_len``, a line between.

    Args:
        length: of the completion, at least 0, in the unit of the others.
        max_completion_len: the longest completion that is not punished in full.
        soft_punish_cache: how long before that the punishment begins, from 0 to ``max_completion_len``.
    """
    begin = max_completion_len - soft_punish_cache
    if length <= begin:
        return 0.0
    return (begin - length) / soft_punish_cache if length <= max_completion_len else -1.0
