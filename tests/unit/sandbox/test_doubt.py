"""Which outcomes run again before they count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.contract import Limits
from assay_workers.sandbox.doubt import MOST_GRACE_S, is_doubtful, with_grace
from assay_workers.sandbox.port import CellOutcome, Killed
from tests.fixtures.outcomes import make_outcome

_LIMITS = Limits(cpu_s=2)


@given(st.floats(0.001, 600))
def test_the_grace_is_half_the_limit_and_never_long_and_the_wall_limit_stays(cpu_s: float) -> None:
    limits = Limits(cpu_s=cpu_s)
    grace_s = with_grace(limits).cpu_s - cpu_s
    assert grace_s == pytest.approx(min(cpu_s / 2, MOST_GRACE_S), rel=1e-6, abs=1e-9)
    assert with_grace(limits).wall_limit_s == limits.wall_limit_s


@pytest.mark.parametrize(
    "outcome",
    [
        make_outcome(cpu_s=2.01),
        make_outcome(cpu_s=2.9, exit_code=1),
        make_outcome(cpu_s=0.1, killed=Killed.WALL, starved=True),
    ],
)
def test_a_little_too_much_and_starvation_are_in_doubt(outcome: CellOutcome) -> None:
    assert is_doubtful(outcome, _LIMITS)


@pytest.mark.parametrize(
    "outcome",
    [
        make_outcome(cpu_s=1.99),
        make_outcome(cpu_s=3.0, killed=Killed.CPU, exit_code=None, signal=9),
        make_outcome(cpu_s=0.1, killed=Killed.WALL),
        make_outcome(cpu_s=20, compile_failed=True),
    ],
)
def test_what_is_within_the_limit_or_far_beyond_is_not(outcome: CellOutcome) -> None:
    assert not is_doubtful(outcome, _LIMITS)
