r"""The `code_format` reward: open-r1's `format`, with a fenced program in the answer.

open-r1's `get_code_format_reward(language)` is `re.match` of
`^<think>\n.*?\n</think>\n<answer>\n.*?```{language}.*?```.*?\n</answer>$` with DOTALL and MULTILINE. There a tag
that only begins with the language will do (`javascript` for `java`, `cpp` for `c`), and the language is itself a
piece of the pattern (`c++`). Here the language is text, and the whole tag is it or an alias (`py`, `python3`), in
whatever case, as when the program is extracted.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from assay_workers.sandbox.languages import tags_of

__all__ = ["score_code_format"]

_OPENING: Final = "<think>\n"
_TURN: Final = "\n</think>\n<answer>\n"
_FENCE: Final = "```"
_CLOSING: Final = re.compile(r"\n</answer>(?=\n|\Z)")


def score_code_format(completion: str, language: str = "python", compat: str | None = None) -> float:
    """Scores 1 if the completion has the form and the fence, else 0, in time linear in its length.

    Args:
        completion: what the model wrote.
        language: the tag of the fence.
        compat: `open_r1` accepts every tag that begins with the language as it is written.
    """
    turn = completion.find(_TURN, len(_OPENING)) if completion.startswith(_OPENING) else -1
    if turn < 0:
        return 0.0
    # Each piece as early as possible leaves the most text for the next one, so no other choice needs a look.
    tag = _tag_pattern(language, compat).search(completion, turn + len(_TURN))
    fence = completion.find(_FENCE, tag.end()) if tag else -1
    return 1.0 if fence >= 0 and _CLOSING.search(completion, fence + len(_FENCE)) else 0.0


@lru_cache(maxsize=64)
def _tag_pattern(language: str, compat: str | None) -> re.Pattern[str]:
    if compat == "open_r1":
        return re.compile(_FENCE + re.escape(language))
    return re.compile(rf"{_FENCE}(?:{_any_of(tags_of(language) | {language})})(?![\w+#.-])", re.IGNORECASE)


def _any_of(tags: Iterable[str]) -> str:
    return "|".join(re.escape(tag) for tag in sorted(tags, key=len, reverse=True))
