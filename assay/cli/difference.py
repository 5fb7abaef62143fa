"""What a program printed beside what it should have, for a reader. Pure."""

import difflib
from collections.abc import Iterator
from typing import Final

__all__ = ["differing_lines"]

MOST_LINES: Final = 20
MOST_CHARACTERS: Final = 200
_CONTEXT: Final = 2


def differing_lines(expected: str, printed: str) -> Iterator[str]:
    """Lines that begin with `-` for what was expected, `+` for what was printed, and a space for what is equal.

    Only the neighbourhood of differences is shown, of long outputs the first ones. Where the lines differ in white
    space alone they are shown as Python writes them.
    """
    wanted, found = _lines(expected), _lines(printed)
    if [line.split() for line in wanted] == [line.split() for line in found]:
        wanted, found = [repr(line) for line in wanted], [repr(line) for line in found]
    shown = 0
    for line in difflib.unified_diff(wanted, found, lineterm="", n=_CONTEXT):
        if line.startswith(("---", "+++", "@@")):
            continue
        if shown == MOST_LINES:
            yield "…"
            return
        shown += 1
        yield line if len(line) <= MOST_CHARACTERS else line[: MOST_CHARACTERS - 1] + "…"


def _lines(text: str) -> list[str]:
    """The lines with what no terminal shows written as escapes."""
    return ["".join(each if each.isprintable() else repr(each)[1:-1] for each in line) for line in text.split("\n")]
