"""A comparison that fails is a wrong answer and an alarm, and no null."""

import pytest
from prometheus_client import REGISTRY

from assay_workers.checkers.fault import Comparison, decide


def _faults() -> float:
    return REGISTRY.get_sample_value("assay_checker_faults_total") or 0.0


@pytest.mark.parametrize(("says", "comparison"), [(True, Comparison.RIGHT), (False, Comparison.WRONG)])
def test_what_a_comparison_says_holds(says: bool, comparison: Comparison) -> None:
    before = _faults()
    assert decide(lambda: says) is comparison
    assert _faults() == before


@pytest.mark.parametrize(
    "error", [ValueError("x"), RecursionError(), MemoryError(), OverflowError(), AssertionError()]
)
def test_a_comparison_that_fails_is_counted(error: Exception) -> None:
    def fail() -> bool:
        raise error

    before = _faults()
    assert decide(fail) is Comparison.FAULT
    assert _faults() == before + 1
