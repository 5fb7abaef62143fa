r"""Finds the final answers of a completion: what it puts in `<answer>`, in `\boxed{}`, behind `####` or announces.

All of it takes time linear in the text, whatever it says.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

__all__ = ["FinalAnswers", "boxed", "find_answers", "text_after_reasoning", "without_dress"]

BARE_CHARACTERS: Final = 200
"""A text of one line without a mark is itself an answer up to this length."""
MOST_DRESSES: Final = 8

_END_OF_REASONING: Final = "</think>"
_TAG: Final = re.compile(r"<(/?)answer>")
_BRACE: Final = re.compile(r"\\(?:boxed|fbox)\s*\{|\\boxed\s+([^\s{}$]+)|\\.|[{}]", re.DOTALL)
_MARKED: Final = re.compile(r"^[^\n]*####([^\n]*)", re.MULTILINE)
_ANNOUNCEMENT: Final = re.compile(
    r"(?:\b(?:answer|option|choice)\s*(?:is\b|:|=)|答案(?:是|为|\uff1a|:))[:\uff1a\s*_]*", re.IGNORECASE
)
_END_OF_ANNOUNCED: Final = re.compile(r"\n|[.。!?](?=\s|\Z)")
_DRESS: Final = re.compile(
    r"\$\$(.*)\$\$|\$([^$]*)\$|\\\((.*)\\\)|\\\[(.*)\\\]"
    r"|\\(?:text|textbf|textit|mathrm|mathbf|mbox|operatorname)\s*\{((?:[^{}]|\{[^{}]*\})*)\}",
    re.DOTALL,
)


@dataclass(frozen=True)
class FinalAnswers:
    """The final answers of a text, in their order, as they are written."""

    texts: tuple[str, ...]
    marked: bool
    """Whether something marks them; if not, there is one at most: the text itself."""

    @property
    def different(self) -> frozenset[str]:
        """The answers that differ by more than their dress."""
        return frozenset("".join(without_dress(text).split()) for text in self.texts)


def text_after_reasoning(completion: str) -> str | None:
    """What follows the last `</think>`; None without one, since such a completion has not come to its answer."""
    _, end, rest = completion.rpartition(_END_OF_REASONING)
    return rest if end else None


def find_answers(text: str) -> FinalAnswers:
    r"""Finds the answers of a text.

    `<answer>…</answer>` goes first; in each of them, or without one in the whole text, boxes do, then lines with
    `####`, then what "answer is" announces. What is in `<answer>` without such a mark is an answer as a whole,
    and so is a text of one short line.
    """
    tagged = _tagged(text)
    if tagged:
        return FinalAnswers(tuple(answer for area in tagged for answer in _marked(area) or (area.strip(),)), True)
    marked = _marked(text)
    if marked:
        return FinalAnswers(marked, True)
    bare = text.strip()
    return FinalAnswers((bare,) if 0 < len(bare) <= BARE_CHARACTERS and "\n" not in bare else (), False)


def boxed(text: str) -> tuple[str, ...]:
    r"""The contents of the outermost `\boxed{…}` and `\fbox{…}` that are closed, and what follows `\boxed `."""
    found: list[tuple[int, str]] = []
    open_braces: list[tuple[bool, int]] = []
    for brace in _BRACE.finditer(text):
        if brace[1] is not None:
            found.append((brace.start(), brace[1].rstrip(".,")))
        elif brace[0] == "}":
            is_box, start = open_braces.pop() if open_braces else (False, 0)
            if is_box:
                while found and found[-1][0] >= start:
                    found.pop()
                found.append((start, text[start : brace.start()].strip()))
        elif brace[0].endswith("{") and brace[0] != "\\{":
            open_braces.append((brace[0] != "{", brace.end()))
    return tuple(content for _, content in found)


def without_dress(answer: str) -> str:
    r"""An answer without what only dresses it: `$…$`, `\text{…}`, `**…**`, quotes, a full stop."""
    for _ in range(MOST_DRESSES):
        bare = answer.strip().strip("*_`\"'").strip()
        bare = bare[:-1] if bare.endswith((".", "。")) else bare
        dress = _DRESS.fullmatch(bare)
        bare = next((inner for inner in dress.groups() if inner is not None), "") if dress is not None else bare
        if bare == answer:
            break
        answer = bare
    return answer


def _tagged(text: str) -> list[str]:
    found: list[str] = []
    start: int | None = None
    for tag in _TAG.finditer(text):
        if not tag[1]:
            start = tag.end()
        elif start is not None:
            found.append(text[start : tag.start()])
            start = None
    return found


def _marked(text: str) -> tuple[str, ...]:
    boxes = boxed(text)
    if boxes:
        return boxes
    return tuple(mark[1].strip() for mark in _MARKED.finditer(text)) or tuple(_announced(text))


def _announced(text: str) -> list[str]:
    """What stands between an announcement and the end of its sentence, its line or the next announcement."""
    heads = [(head.start(), head.end()) for head in _ANNOUNCEMENT.finditer(text)]
    announced = (text[start:end] for (_, start), (end, _) in pairwise([*heads, (len(text), len(text))]))
    return [answer for rest in announced if (answer := _END_OF_ANNOUNCED.split(rest, maxsplit=1)[0].strip())]
