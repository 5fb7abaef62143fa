"""Puts a reward's prelude before a program: the imports, or the beginning of a function, that it may count on.

A program may begin with `from __future__ import …`, which Python allows at the very beginning only; such lines go
before the prelude. Everything else of the program stays as it is, behind it.
"""

import re
from typing import Final

__all__ = ["with_prelude"]

_FUTURE: Final = re.compile(r"^from[ \t]+__future__[ \t]+import[ \t]+\w+(?:[ \t]*,[ \t]*\w+)*[ \t]*$", re.MULTILINE)


def with_prelude(prelude: str, program: str) -> str:
    """The program with ``prelude`` before it; the program itself if that is empty."""
    if not prelude:
        return program
    futures = _FUTURE.findall(program)
    rest = _FUTURE.sub("", program) if futures else program
    return "\n".join([*futures, prelude.rstrip("\n"), rest])
