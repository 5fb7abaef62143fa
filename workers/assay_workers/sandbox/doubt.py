"""Which outcomes are not believed at once, because another hour of the same machine might have shown another. Pure.

CPU time is what a verdict goes by, but a crowded machine makes the same work cost more of it: caches are shared,
and so are the halves of a core. So a cell may spend more than its limit by a grace before it is ended, and one
that ended by itself within that grace runs again alone; that run counts. A loop without an end is beyond doubt,
and costs the grace once. Source: `INTEGRITY.md` 2.9.
"""

from typing import Final

from assay.contract import Limits
from assay_workers.sandbox.port import CellOutcome, Killed

__all__ = ["MOST_GRACE_S", "is_doubtful", "with_grace"]

_GRACE_SHARE: Final = 0.5
MOST_GRACE_S: Final = 2.0
"""Most CPU seconds beyond the limit: what a loop without an end costs at the most in vain."""


def with_grace(limits: Limits) -> Limits:
    """The limits at which cells are ended: more CPU time than those that decide, and the same wall limit."""
    grace_s = min(_GRACE_SHARE * limits.cpu_s, MOST_GRACE_S)
    return limits.model_copy(update={"cpu_s": limits.cpu_s + grace_s, "wall_s": limits.wall_limit_s})


def is_doubtful(outcome: CellOutcome, limits: Limits) -> bool:
    """Whether the cell of ``outcome`` starved, or was over the limits by no more than a crowd may cause."""
    if outcome.starved:
        return True
    if outcome.compile_failed or outcome.killed is Killed.CPU:
        return False
    return outcome.cpu_s > limits.cpu_s
