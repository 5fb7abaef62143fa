"""The imports that runners of datasets put before a program, so that one can do without its own.

LiveCodeBench's `testing_util.py`, that of APPS and what descends from them import most of the standard library's
names. Models learn from starter code such as `def f(self, a: List[int])` that they may count on it. Here it is the
union of their lists, with the builtins last, so that `pow` and `open` are what they always are.
"""

from typing import Final

__all__ = ["IMPORTS"]

_NAMES_OF: Final = (
    "typing", "string", "collections", "heapq", "bisect", "copy", "math", "itertools", "functools", "operator",
    "builtins",
)  # fmt: skip
_MODULES: Final = (
    "bisect", "collections", "copy", "datetime", "fractions", "functools", "heapq", "io", "itertools", "json",
    "math", "operator", "random", "re", "statistics", "string", "sys", "time",
)  # fmt: skip

IMPORTS: Final = "\n".join(
    [*(f"from {name} import *" for name in _NAMES_OF), *(f"import {name}" for name in _MODULES)]
)
"""Lines of Python."""
