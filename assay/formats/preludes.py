"""The imports that runners of datasets put before a program, so that one can do without its own.

LiveCodeBench's `testing_util.py`, that of APPS and what descends from them import most of the standard library's
names. Models learn from starter code such as `def f(self, a: List[int])` that they may count on it. Here it is the
union of their lists, as far as they cost next to nothing, with the builtins last, so that `pow` and `open` are what
they always are.
"""

from typing import Final

__all__ = ["IMPORTS"]

_NAMES_OF: Final = (
    "typing", "string", "collections", "heapq", "bisect", "copy", "math", "itertools", "functools", "operator",
    "builtins",
)  # fmt: skip
_MODULES: Final = (
    "bisect", "collections", "copy", "functools", "heapq", "io", "itertools", "json", "math", "operator", "re",
    "string", "sys", "time",
)  # fmt: skip
"""Without `statistics`, `fractions`, `random` and `datetime`, whose import costs each test 4 ms of CPU."""

IMPORTS: Final = "\n".join(
    [*(f"from {name} import *" for name in _NAMES_OF), *(f"import {name}" for name in _MODULES)]
)
"""Lines of Python."""
