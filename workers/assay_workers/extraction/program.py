"""From a completion to the program in it.

Only what follows the reasoning is looked at: the text after the last `</think>`. A completion that begins
with `<think>` and never ends it was cut off while thinking; it has no program, because a draft is not an
answer. Inside that text an `<answer>` block goes first, if it has a program. The choice, in order:

1. the last closed fence with a tag of the language;
2. the last unclosed one: a stop sequence "```" takes the closing fence away from honest completions, and a
   program that was really cut off fails on its own;
3. the last closed fence without a tag.

A fence tagged with anything else (`text`, `output`, another language) is not the program, prose never is,
and neither is an empty block. Sources: open-r1's `extract_code` (rule 1), CommonMark's fenced code blocks.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from assay_workers.extraction.fences import Fence, find_fences
from assay_workers.sandbox.languages import tags_of

__all__ = ["extract_program"]

_NEUTRAL_TAGS: Final = frozenset({"", "code", "program", "solution", "source"})
"""Tags that name no language: such a fence counts as one without a tag."""


def extract_program(completion: str, language: str) -> str | None:
    """Takes the program out of a completion, in time linear in its length.

    Args:
        completion: what the model wrote.
        language: the language of the program, or any alias of it; case does not matter.

    Returns:
        The program, its lines separated and ended by LF, or None if there is none.
    """
    text = _after_reasoning(completion)
    tags = tags_of(language)
    answer = _last_answer(text)
    program = None if answer is None else _choose(find_fences(answer), tags)
    return program if program is not None else _choose(find_fences(text), tags)


def _after_reasoning(completion: str) -> str:
    _, end, answer = completion.rpartition("</think>")
    if not end and completion.lstrip().startswith("<think>"):
        return ""
    return answer


def _last_answer(text: str) -> str | None:
    _, start, answer = text.rpartition("<answer>")
    return answer.partition("</answer>")[0] if start else None


def _choose(fences: Sequence[Fence], tags: frozenset[str]) -> str | None:
    return next((fence.body + "\n" for fence in _by_preference(fences, tags) if fence.body.strip()), None)


def _by_preference(fences: Sequence[Fence], tags: frozenset[str]) -> Iterator[Fence]:
    latest_first = fences[::-1]
    yield from (fence for fence in latest_first if fence.tag in tags and fence.closed)
    yield from (fence for fence in latest_first if fence.tag in tags)
    yield from (fence for fence in latest_first if fence.tag in _NEUTRAL_TAGS and fence.closed)
