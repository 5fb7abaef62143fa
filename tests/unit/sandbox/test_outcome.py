"""Only facts of the kernel and the agent decide a verdict."""

import signal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.contract import Limits, Verdict
from assay_workers.sandbox.outcome import classify, explain, signal_name
from assay_workers.sandbox.port import CellOutcome, Killed
from tests.fixtures.outcomes import make_outcome

_LIMITS = Limits(cpu_s=2)
_TABLE = {
    "a good end": (make_outcome(), None),
    "a good end with complaints": (make_outcome(stderr=b"MemoryError"), None),
    "a status": (make_outcome(exit_code=1), Verdict.RUNTIME_ERROR),
    "the status of a container that ran out of memory": (make_outcome(exit_code=137), Verdict.RUNTIME_ERROR),
    "no program": (make_outcome(exit_code=1, compile_failed=True), Verdict.COMPILE_ERROR),
    "a segmentation fault": (make_outcome(exit_code=None, signal=signal.SIGSEGV), Verdict.RUNTIME_ERROR),
    "a kill of a program near its memory limit": (
        make_outcome(exit_code=None, signal=signal.SIGKILL, memory_bytes=400 << 20),
        Verdict.MEMORY_LIMIT,
    ),
    "a kill of a small program, by itself": (
        make_outcome(exit_code=None, signal=signal.SIGKILL, memory_bytes=12 << 20),
        Verdict.RUNTIME_ERROR,
    ),
    "the kernel's time limit": (make_outcome(exit_code=None, signal=signal.SIGXCPU), Verdict.TIME_LIMIT),
    "too much processor time": (make_outcome(cpu_s=2.01), Verdict.TIME_LIMIT),
    "too much processor time and a status": (make_outcome(exit_code=1, cpu_s=3), Verdict.TIME_LIMIT),
    "killed for processor time": (make_outcome(killed=Killed.CPU, signal=9, exit_code=None), Verdict.TIME_LIMIT),
    "killed for sleeping": (make_outcome(killed=Killed.WALL, signal=9, exit_code=None), Verdict.TIME_LIMIT),
    "killed for memory": (make_outcome(killed=Killed.MEMORY, signal=9, exit_code=None), Verdict.MEMORY_LIMIT),
    "killed for output": (make_outcome(killed=Killed.OUTPUT), Verdict.OUTPUT_LIMIT),
    "an uncaught MemoryError": (make_outcome(exit_code=1, stderr=b"...\nMemoryError\n"), Verdict.MEMORY_LIMIT),
    "an mmap that failed": (
        make_outcome(exit_code=1, stderr=b"OSError: [Errno 12] Cannot allocate memory\n"),
        Verdict.MEMORY_LIMIT,
    ),
    "an imitated fault of ours": (
        make_outcome(exit_code=137, stderr=b"sandbox error\nfork: Cannot allocate memory\n"),
        Verdict.RUNTIME_ERROR,
    ),
    "an early complaint": (make_outcome(exit_code=1, stderr=b"MemoryError" + b"x" * 500), Verdict.RUNTIME_ERROR),
}


@pytest.mark.parametrize(("outcome", "verdict"), _TABLE.values(), ids=_TABLE.keys())
def test_an_ending_decides_its_verdict(outcome: CellOutcome, verdict: Verdict | None) -> None:
    assert classify(outcome, _LIMITS) is verdict


@given(st.binary(max_size=400), st.binary(max_size=400), st.integers(0, 255))
def test_what_a_program_prints_never_makes_it_pass_or_fail(stdout: bytes, stderr: bytes, status: int) -> None:
    verdict = classify(make_outcome(exit_code=status, stdout=stdout, stderr=stderr), _LIMITS)
    assert (verdict is None) == (status == 0)


def test_a_failure_is_explained_by_its_last_line() -> None:
    assert explain(make_outcome(exit_code=1, stderr=b"Traceback\nValueError: \xff\n\n")) == "ValueError: \ufffd"
    assert explain(make_outcome(exit_code=1)) is None
    assert explain(make_outcome(stderr=b"careful")) is None


def test_signals_have_names() -> None:
    assert signal_name(11) == "SIGSEGV"
    assert signal_name(None) is None
    assert signal_name(40) == "signal 40"
