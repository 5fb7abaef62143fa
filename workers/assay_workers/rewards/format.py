r"""The `format` reward: a completion of the asked form earns 1, any other 0.

`think_answer` is open-r1's `format_reward`: `re.match` of
`^<think>\n.*?\n</think>\n<answer>\n.*?\n</answer>$` with DOTALL and MULTILINE. What follows from it, and is
kept: the completion must begin with `<think>`, and text after a line `</answer>` is allowed. `think` is TRL's
`think_format_reward`: `re.match` of `^<think>(?!.*<think>)(.*?)</think>.*$` with the same flags. Both patterns are
quadratic on hostile text; the searches here are linear and decide the same. `pattern` is the caller's, run by RE2.
"""

from assay.contract.linear_pattern import compile_pattern

__all__ = ["score_format", "score_pattern", "score_think_format"]


def score_format(completion: str, think_tag: str = "think", answer_tag: str = "answer") -> float:
    """Scores 1 if the completion is reasoning and then an answer, each tag on a line of its own; else 0.

    Args:
        completion: what the model wrote.
        think_tag: name of the tag around the reasoning.
        answer_tag: name of the tag around the answer.
    """
    opening, turn, closing = f"<{think_tag}>\n", f"\n</{think_tag}>\n<{answer_tag}>\n", f"\n</{answer_tag}>"
    place = completion.find(turn, len(opening)) if completion.startswith(opening) else -1
    if place < 0:
        return 0.0
    # The first turn leaves the most text for the closing tag, so later turns need no look.
    start = place + len(turn)
    return 1.0 if completion.endswith(closing, start) or completion.find(closing + "\n", start) >= 0 else 0.0


def score_think_format(completion: str, think_tag: str = "think") -> float:
    """Scores 1 if the completion begins with the only opening tag and closes it; else 0.

    Args:
        completion: what the model wrote.
        think_tag: name of the tag around the reasoning.
    """
    opening = f"<{think_tag}>"
    begins = completion.startswith(opening) and completion.find(opening, len(opening)) < 0
    return 1.0 if begins and completion.find(f"</{think_tag}>", len(opening)) >= 0 else 0.0


def score_pattern(completion: str, pattern: str) -> float:
    r"""Scores 1 if the pattern matches from the beginning of the completion, else 0.

    Args:
        completion: what the model wrote; a lone surrogate in it counts as `?`.
        pattern: a regular expression of RE2, in which `.` also matches line breaks; end it by `\z` to ask for all.

    Raises:
        ValueError: RE2 does not take the pattern.
    """
    return 1.0 if compile_pattern(pattern).match(completion.encode("utf-8", "replace")) else 0.0
