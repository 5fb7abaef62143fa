r"""The `language` reward: the share of a completion's letters that are of the asked script. It is ours.

Letters are characters of the general category L; those of no script in particular (Unicode's Common and Inherited,
such as the slanted letters of mathematics) count for neither side, nor do digits, marks and signs. Code and LaTeX,
if they are to be left out, are found in one pass: a mark opens a span only if what closes it is still to come.
"""

from functools import cache
from typing import Any, Final

import regex

__all__ = ["score_language", "without_spans"]

_COMPOSED: Final = {"japanese": ("Han", "Hiragana", "Katakana")}
_LETTERS: Final = regex.compile(r"[\p{L}--\p{Script=Common}--\p{Script=Inherited}]+", regex.VERSION1)
_CODE: Final = {"```": "```", "`": "`"}
_LATEX: Final = {"$$": "$$", "$": "$", "\\(": "\\)", "\\[": "\\]"}
_MARKS: Final = regex.compile(r"```|`|\$\$|\\\$|\$|\\[()\[\]]")
_ON_ONE_LINE: Final = frozenset({"`", "$"})
"""Spans that end with their line, as a lone backtick or a price does not begin one."""


def score_language(completion: str, script: str, without_code: bool = False, without_latex: bool = False) -> float:
    r"""Scores letters of the script by all letters, from 0 to 1; 0 if there are none.

    Args:
        completion: what the model wrote.
        script: the name of a script of Unicode, such as `latin`, or `japanese`.
        without_code: leave out fenced blocks and what stands between backticks on one line.
        without_latex: leave out `$…$` on one line, `$$…$$`, `\(…\)` and `\[…\]`.
    """
    closers = (_CODE if without_code else {}) | (_LATEX if without_latex else {})
    text = without_spans(completion, closers) if closers else completion
    letters = _count(_LETTERS, text)
    return _count(_script(script), text) / letters if letters else 0.0


def without_spans(text: str, closers: dict[str, str]) -> str:
    """The text with a space for each span between an opening mark and the next that closes it; linear.

    Args:
        text: any text.
        closers: for each opening mark, the one that closes it.
    """
    marks = [(match.group(), match.start(), match.end()) for match in _MARKS.finditer(text)]
    following = _following([mark for mark, _, _ in marks], closers)
    pieces, kept_from, index = [], 0, 0
    while index < len(marks):
        mark, start, end = marks[index]
        closing = following[index]
        if closing is None or (mark in _ON_ONE_LINE and text.find("\n", end, marks[closing][1]) >= 0):
            index += 1
            continue
        pieces.append(text[kept_from:start])
        kept_from, index = marks[closing][2], closing + 1
    return " ".join([*pieces, text[kept_from:]])


def _following(marks: list[str], closers: dict[str, str]) -> list[int | None]:
    """For each mark the index of the next one that closes it, if it opens and one does."""
    latest: dict[str, int] = {}
    following: list[int | None] = []
    for index in range(len(marks) - 1, -1, -1):
        following.append(latest.get(closers.get(marks[index], "")))
        latest[marks[index]] = index
    return following[::-1]


@cache
def _script(name: str) -> Any:
    names = _COMPOSED.get(name, (name,))
    properties = "".join(rf"\p{{Script={each}}}" for each in names)
    return regex.compile(rf"[\p{{L}}&&[{properties}]]+", regex.VERSION1)


def _count(pattern: Any, text: str) -> int:
    return sum(run.end() - run.start() for run in pattern.finditer(text))
