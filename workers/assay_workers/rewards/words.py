"""The words of a text: between spaces, or found by jieba where nothing stands between them.

jieba compares paths whose cost is quadratic in an unbroken run of Chinese characters, so a run is cut every
`LONGEST_RUN` characters; prose has a mark every few dozen. jieba would keep its dictionary in a file that anyone
may put into the shared temporary folder; it is built in memory instead, once per process.
"""

import re
import warnings
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

__all__ = ["LONGEST_RUN", "split_words"]

LONGEST_RUN: Final = 256
"""Chinese characters without anything between them."""
_RUN: Final = re.compile(rf"[\u4e00-\u9fd5]{{{LONGEST_RUN}}}(?=[\u4e00-\u9fd5])")


def split_words(text: str, language: str) -> list[str]:
    """The words of ``text``, as open-r1 finds them.

    Args:
        text: any text.
        language: `en`: what stands between spaces, in lower case. `zh`: what `jieba.cut` says, spaces included.
    """
    if language == "en":
        return text.lower().split()
    words: list[str] = []
    for piece in _pieces(text):
        words.extend(_chinese().cut(piece))
    return words


def _pieces(text: str) -> Iterator[str]:
    start = 0
    for run in _RUN.finditer(text):
        yield text[start : run.end()]
        start = run.end()
    yield text[start:]


@cache
def _chinese() -> Any:
    with warnings.catch_warnings():  # jieba is of 2020, and newer Pythons deprecate what it does
        warnings.simplefilter("ignore")
        import jieba
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer
