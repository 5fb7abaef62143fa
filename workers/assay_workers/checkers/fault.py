"""What becomes of a comparison that fails itself: the test's wrong answer, and an alarm for us. Never more.

A checker reads what a hostile program wrote. Were its failure an error of the item, a program could turn the zero
it expects into a null. Source: `INTEGRITY.md` 2.13.
"""

from collections.abc import Callable
from enum import StrEnum

import structlog

from assay.telemetry.metrics import CHECKER_FAULTS

__all__ = ["Comparison", "decide"]

_log = structlog.get_logger(__name__)


class Comparison(StrEnum):
    """What came of a comparison."""

    RIGHT = "right"
    WRONG = "wrong"
    FAULT = "fault"
    """The checker failed: a wrong answer, as far as the program is concerned."""


def decide(compare: Callable[[], bool]) -> Comparison:
    """Runs a comparison to its end, whatever happens."""
    try:
        right = compare()
    except Exception as error:  # noqa: BLE001 - any of them is a defect of ours, logged, counted, and no null
        CHECKER_FAULTS.inc()
        _log.exception("checker_fault", error=type(error).__name__)
        return Comparison.FAULT
    return Comparison.RIGHT if right else Comparison.WRONG
