"""Crosses the streams of two programs in two sandboxes: what one prints, the other reads.

The judge stands between them and waits for neither: a program that does not read, or floods, is its sandbox's
business, whose limits hold. A program's end is the end of the other's input. Two programs that do nothing but wait
are ended together.
"""

import select
import time
from collections.abc import Callable
from dataclasses import dataclass

from assay.errors import SandboxLost
from assay_workers.sandbox.abandonment import LOOK_S, check_wanted
from assay_workers.sandbox.port import CellOutcome, Ended, Idle, Partner, Shut

__all__ = ["Crossed", "cross"]


@dataclass(frozen=True)
class Crossed:
    """How a conversation ended."""

    candidate: CellOutcome
    interactor: CellOutcome
    candidate_first: bool
    """Whether the candidate was the first to end, or to shut its output, as one that ends does."""
    deadlock: bool
    """Whether both were ended because each waited for the other."""
    cut_off: bool
    """Whether the candidate was ended because the interactor's end had settled the matter."""


class _Side:
    """One of the two."""

    def __init__(self, partner: Partner) -> None:
        self.partner = partner
        self.outcome: CellOutcome | None = None
        self.waits = False
        self.shut = False

    def listen(self, other: "_Side") -> None:
        """Hears everything that has come, and hands it on."""
        while (word := self.partner.hear()) is not None:
            match word:
                case bytes():
                    other.partner.say(word)
                    other.waits = False
                case Idle():
                    self.waits = word.waits
                case Shut():
                    self.shut = True
                    other.partner.shut()
                case Ended():
                    self.outcome = word.outcome
                    other.partner.shut()


def cross(
    candidate: Partner, interactor: Partner, settles: Callable[[CellOutcome], bool], patience_s: float
) -> Crossed:
    """Has them talk until both have ended.

    Args:
        candidate: the program that is judged.
        interactor: the program that judges it.
        settles: whether the interactor's end leaves nothing for the candidate to earn; it is then ended, too.
        patience_s: how long it may take at the most, limits and all.

    Raises:
        SandboxLost: a sandbox died, or it took longer.
    """
    ours, judge = _Side(candidate), _Side(interactor)
    until = time.monotonic() + patience_s
    candidate_first = deadlock = cut_off = False
    while True:
        ours.listen(judge)
        if not judge.shut and judge.outcome is None:
            candidate_first = ours.shut or ours.outcome is not None
        judge.listen(ours)
        undecided = ours.outcome is None and not candidate_first and not cut_off
        if judge.outcome is not None and undecided and settles(judge.outcome):
            cut_off = True
            candidate.end()
        if ours.outcome is not None and judge.outcome is not None:
            return Crossed(ours.outcome, judge.outcome, candidate_first, deadlock, cut_off)
        if ours.waits and judge.waits and ours.outcome is judge.outcome is None and not deadlock:
            deadlock = True
            candidate.end()
            interactor.end()
        _await((ours, judge), until)


def _await(sides: tuple[_Side, _Side], until: float) -> None:
    running = [side.partner.waits_for() for side in sides if side.outcome is None]
    readable = [descriptor for reads, _ in running for descriptor in reads]
    writable = [descriptor for _, writes in running for descriptor in writes]
    patience_s = until - time.monotonic()
    if patience_s <= 0:
        raise SandboxLost("a conversation did not end in time")
    select.select(readable, writable, (), min(patience_s, LOOK_S))
    check_wanted()
