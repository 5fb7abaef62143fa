"""Patterns that callers write, run by RE2: in time linear in the text, whatever the pattern.

RE2 has no backreferences and no lookaround, because nothing linear can have them. A pattern with one of them is
refused where the request is checked, with the place and a way to mend it.
"""

from functools import lru_cache
from importlib.util import find_spec
from typing import Any, Final

__all__ = ["MOST_INSTRUCTIONS", "check_pattern", "compile_pattern"]

MOST_INSTRUCTIONS: Final = 1_000
"""RE2's slowest engine takes this many steps per byte at worst; honest patterns have some dozens."""
COMPILED_BYTES: Final = 1 << 20
"""What RE2 may keep for one pattern and its automaton."""
CACHED_PATTERNS: Final = 64

_FLAGS: Final = "(?ms)"
_MENDING: Final = {
    "(?=": "RE2 has no lookahead: match the text itself, or add a second 'format' reward for the other condition",
    "(?!": "RE2 has no negative lookahead: say what may stand there, such as [^<]*, instead of what may not",
    "(?<": "RE2 has no lookbehind: match the text before it, too",
    "(?>": "RE2 has no atomic groups, and needs none: it never backtracks; use (?:…)",
    "(?P=": "RE2 has no backreferences: write the text of the group again",
    "++": "RE2 has no possessive quantifiers, and needs none: it never backtracks; leave out the second sign",
    "\\Z": "RE2 says \\z for the end of the text",
}


def check_pattern(pattern: str) -> str:
    """Passes a pattern on if it can be run in linear time; where RE2 is not installed the service will look.

    Raises:
        ValueError: it cannot; the message names the place and a way to mend it.
    """
    if find_spec("re2") is not None:  # the client comes without it
        compile_pattern(pattern)
    return pattern


@lru_cache(maxsize=CACHED_PATTERNS)
def compile_pattern(pattern: str) -> Any:
    """The pattern with `.` also for line breaks and `^` and `$` at every line, as open-r1 runs its own.

    Returns:
        The compiled expression of google-re2, for texts or for their UTF-8.

    Raises:
        ValueError: RE2 does not know it, or it compiles to more than 1,000 instructions.
    """
    import re2

    options = re2.Options()
    options.max_mem = COMPILED_BYTES
    options.log_errors = False  # it would be RE2's own log, on standard error
    try:
        compiled = re2.compile(_FLAGS + pattern, options)
    except re2.error as error:
        raise ValueError(_complaint(pattern, _reason(error))) from None
    if compiled.programsize > MOST_INSTRUCTIONS:
        message = f"the pattern is too large ({compiled.programsize} instructions, at most {MOST_INSTRUCTIONS})"
        raise ValueError(f"{message}: repeat less often, or use * instead of a high count")
    return compiled


def _reason(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)


def _complaint(pattern: str, reason: str) -> str:
    kind, _, piece = reason.partition(": ")
    piece = "(?P=" if piece == "(?P" else piece.removeprefix(_FLAGS)
    place = _place(pattern, piece)
    where = f" at character {place + 1}" if place >= 0 else ""
    return f"RE2 does not take the pattern: {kind} '{piece[:40]}'{where}{_advice(pattern, piece, place)}"


def _place(pattern: str, piece: str) -> int:
    """Where the piece stands, not counting what an escaped backslash makes harmless; -1 if RE2 names none."""
    place = pattern.find(piece) if piece else -1
    while place > 0 and piece.startswith("\\") and _is_escaped(pattern, place):
        place = pattern.find(piece, place + 1)
    return place


def _is_escaped(pattern: str, place: int) -> bool:
    before = pattern[:place]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1


def _advice(pattern: str, piece: str, place: int) -> str:
    found = pattern[place : place + 4] if place >= 0 else piece
    for construct, advice in _MENDING.items():
        if found.startswith(construct):
            return f"; {advice}"
    if piece[:1] == "\\" and piece[1:2].isdigit():
        return f"; {_MENDING['(?P=']}"
    return "; see the syntax of RE2"
