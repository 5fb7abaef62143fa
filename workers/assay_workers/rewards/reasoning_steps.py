r"""The `reasoning_steps` reward: marks of steps by the wanted number of them, at most 1.

open-r1's `reasoning_steps_reward` counts matches of
`(Step \d+:|^\d+\.|\n-|\n\*|First,|Second,|Next,|Finally,)` and divides by 3. Its `^` stands at the beginning of
the text alone, although its documentation says lines; a rule of hyphens (`---`) and bold text at the beginning of a
line count as steps; and one word said three times is three steps. Without compatibility a number or a bullet counts
on every line that says something after it, and each mark counts once. The Chinese marks are ours.
"""

import re
from collections.abc import Collection, Iterator
from typing import Final

__all__ = ["score_reasoning_steps"]

_OPEN_R1: Final = re.compile(r"Step \d+:|^\d+\.|\n-|\n\*|First,|Second,|Next,|Finally,")
_ITEM: Final = re.compile(r"^[ \t]*(?:\d+[.)、]|[-*•])[ \t]+(\S.*)", re.MULTILINE)
_WORDS: Final = {
    "en": re.compile(r"\bStep \d+:|\b(?:First|Second|Next|Finally),"),
    "zh": re.compile(
        r"第[一二三四五六七八九十百\d]{1,6}步|步骤[一二三四五六七八九十\d]{1,6}|首先|其次|然后|接着|最后"
    ),
}


def score_reasoning_steps(
    completion: str, wanted: int = 3, languages: Collection[str] = ("en",), compat: str | None = "open_r1"
) -> float:
    """Scores ``min(1, marks / wanted)``, in time linear in the completion.

    Args:
        completion: what the model wrote.
        wanted: the number of marks that earns 1, at least 1.
        languages: of `en` and `zh`, whose words are marks.
        compat: `open_r1` counts English marks as open-r1 does, and repeated ones again.
    """
    if compat == "open_r1":
        marks = sum(1 for language in set(languages) for _ in _exact_marks(completion, language))
    else:
        words = {mark for language in languages for mark in _found(_WORDS[language], completion)}
        marks = len(words) + len(set(_ITEM.findall(completion)))
    return min(1.0, marks / wanted)


def _exact_marks(completion: str, language: str) -> Iterator[str]:
    return _found(_OPEN_R1 if language == "en" else _WORDS[language], completion)


def _found(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    return (match.group() for match in pattern.finditer(text))
