"""What a checker program says, by its exit status and what it printed. Pure.

`testlib` is the protocol of MikeMirzayanov/testlib (`testlib.h`, `TResult` and its exit codes); `score` that of the
generated checkers of open-r1/codeforces, which print 1 or 100 for a right answer; `cms` that of the Contest
Management System, by which the checkers of the IOI print a share.
"""

import math
import re
from dataclasses import dataclass
from typing import Final

__all__ = ["Ruling", "read_score", "read_share", "read_testlib"]

OK: Final = 0
WRONG: Final = {1: "wrong answer", 2: "badly formed output", 4: "more output than asked", 8: "output ends early"}
POINTS: Final = 7
PARTIAL: Final = range(50, 251)
"""`_pc(n)`, a partially correct answer: 50 and from 0 to 200 halves of a per cent."""
_POINTS: Final = re.compile(rb"\s*points\s+([+-]?\d{1,30}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,3})?)")
_SHARE: Final = re.compile(rb"\s*([+-]?(?:\d{1,30}\.?\d{0,30}|\.\d{1,30})(?:[eE][+-]?\d{1,3})?)(?:\s|$)")
_TRACEBACK: Final = b"Traceback (most recent call last):"
"""Python, too, exits with 1 where an exception ends it, which is a failed checker and not a wrong answer."""
_RIGHT: Final = frozenset({b"1", b"100", b"1.0", b"100.0"})


@dataclass(frozen=True)
class Ruling:
    """What part of the test an output earns."""

    share: float
    """From 0 to 1."""
    message: str | None = None
    """Why it is not 1; nothing that the checker printed, for that may tell the answer."""


def read_testlib(exit_code: int, stderr: bytes, points: float, role: str = "checker") -> Ruling | None:
    """The ruling of a checker, or an interactor, of `testlib`.

    Args:
        exit_code: its exit status.
        stderr: what it printed on standard error, where `points` stand.
        points: how many earn the whole test, above 0.
        role: what it is called in messages.

    Returns:
        None if it has not come to one: it failed, or says what nobody understands.
    """
    if exit_code == OK:
        return Ruling(1.0)
    if exit_code == 1 and _TRACEBACK in stderr:
        return None
    if exit_code in WRONG:
        return Ruling(0.0, f"{role}: {WRONG[exit_code]}")
    if exit_code in PARTIAL:
        return _partial((exit_code - PARTIAL.start) / 200, role)
    found = _POINTS.match(stderr) if exit_code == POINTS else None
    if found is None:
        return None
    earned = float(found[1]) / points
    return _partial(min(1.0, max(0.0, earned)), role) if math.isfinite(earned) else None


def read_score(exit_code: int, stdout: bytes) -> Ruling | None:
    """The ruling of a checker that prints a score: only 1 and 100 are right, as open-r1 has it.

    Returns:
        None if it failed, or printed nothing.
    """
    said = stdout.strip()
    if exit_code != 0 or not said:
        return None
    return Ruling(1.0) if said in _RIGHT else Ruling(0.0, "checker: wrong answer")


def read_share(exit_code: int, stdout: bytes) -> Ruling | None:
    """The ruling of a checker that prints which share of the test is earned, from 0 to 1 (CMS).

    Returns:
        None if it failed, or printed no such number first.
    """
    found = _SHARE.match(stdout) if exit_code == 0 else None
    share = float(found[1]) if found is not None else math.nan
    if not 0 <= share <= 1:
        return None
    return _partial(share, "checker") if share else Ruling(0.0, "checker: wrong answer")


def _partial(share: float, role: str) -> Ruling:
    return Ruling(share, None if share == 1 else f"{role}: {share:.4g} of the points")
