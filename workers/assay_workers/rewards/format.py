r"""The `format` reward: reasoning in `<think>`, then the answer in `<answer>`, each tag on a line of its own.

The formula is that of open-r1's `format_reward`: `re.match` of
`^<think>\n.*?\n</think>\n<answer>\n.*?\n</answer>$` with DOTALL and MULTILINE. What follows from it, and is
kept: the completion must begin with `<think>`, and text after a line `</answer>` is allowed. The pattern is
quadratic on hostile text; the searches here are linear and decide the same.
"""

from typing import Final

__all__ = ["score_format"]

_OPENING: Final = "<think>\n"
_TURN: Final = "\n</think>\n<answer>\n"
_CLOSING: Final = "\n</answer>"


def score_format(completion: str) -> float:
    """Scores 1 if the completion has the format, else 0."""
    turn = completion.find(_TURN, len(_OPENING)) if completion.startswith(_OPENING) else -1
    if turn < 0:
        return 0.0
    # The first turn leaves the most text for the closing tag, so later turns need no look.
    answer = completion[turn + len(_TURN) :]
    return 1.0 if answer.endswith(_CLOSING) or _CLOSING + "\n" in answer else 0.0
