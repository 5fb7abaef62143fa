"""From how a cell ended to a verdict. Pure.

Only facts that the agent or the kernel established count: exit status, signal, limits, CPU time. What a
program prints changes no verdict between passing and failing; the one look at standard error tells a
`memory_limit` from a `runtime_error`, which both score nothing.
"""

import re
import signal
from typing import Final, assert_never

from assay.contract import Limits, Verdict
from assay_workers.sandbox.port import CellOutcome, Killed

__all__ = ["classify", "explain", "signal_name"]

_MEMORY_COMPLAINTS: Final = (
    b"MemoryError",
    b"[Errno 12] Cannot allocate memory",
    b"runtime: cannot allocate memory",  # Go
    b"std::bad_alloc",
    b"can't start new thread",
    b"Out of memory",  # Perl
    b"out of memory",  # Racket, OCaml
    b"NoMemoryError",  # Ruby
    b"not enough memory",  # Lua
    b"cannot allocate vector",  # R
    b"memory allocation of",  # Rust
    b"heap overflow",  # GHC
)
_COMPLAINT_TAIL_BYTES: Final = 256
_COMPLAINTS_BEFORE_A_STACK: Final = (
    b"java.lang.OutOfMemoryError",
    b"JavaScript heap out of memory",
    b"fatal error: runtime: out of memory",  # Go
    b"System.OutOfMemoryException",
    b"Allowed memory size of",  # PHP
)
_STACK_BYTES: Final = 8192


def classify(outcome: CellOutcome, limits: Limits) -> Verdict | None:
    """The verdict that the ending alone decides, or None if the program ended well and its output decides."""
    if outcome.compile_failed:
        return Verdict.COMPILE_ERROR
    if outcome.killed is not None:
        return _of_limit(outcome.killed)
    if outcome.cpu_s > limits.cpu_s or outcome.signal == signal.SIGXCPU:
        return Verdict.TIME_LIMIT
    if outcome.exit_code == 0:
        return None
    if _complains_of_memory(outcome.stderr) or _killed_while_large(outcome, limits):
        return Verdict.MEMORY_LIMIT
    return Verdict.RUNTIME_ERROR


def _of_limit(killed: Killed) -> Verdict:
    match killed:
        case Killed.CPU | Killed.WALL:
            return Verdict.TIME_LIMIT
        case Killed.MEMORY:
            return Verdict.MEMORY_LIMIT
        case Killed.OUTPUT:
            return Verdict.OUTPUT_LIMIT
        case Killed.FILES:  # where a file system of the cell's own would have refused the write
            return Verdict.RUNTIME_ERROR
        case _:
            assert_never(killed)


def _complains_of_memory(stderr: bytes) -> bool:
    tail, stack = stderr[-_COMPLAINT_TAIL_BYTES:], stderr[-_STACK_BYTES:]
    return any(complaint in tail for complaint in _MEMORY_COMPLAINTS) or any(
        complaint in stack for complaint in _COMPLAINTS_BEFORE_A_STACK
    )


def _killed_while_large(outcome: CellOutcome, limits: Limits) -> bool:
    """Whether the kernel, out of memory, is likely to have sent the SIGKILL, and not the program itself."""
    return outcome.signal == signal.SIGKILL and 2 * outcome.memory_bytes >= limits.memory_mb << 20


def signal_name(number: int | None) -> str | None:
    """`SIGSEGV` for 11; None for no signal."""
    if number is None:
        return None
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def explain(outcome: CellOutcome) -> str | None:
    """The last line of standard error of a program that failed, which in Python names the exception.

    Of a compiler it is the first line that speaks of an error, or what limit it met.
    """
    if outcome.compile_failed and outcome.killed is not None:
        return f"the compiler met its {outcome.killed} limit"
    if outcome.killed is Killed.FILES:
        return "its files were larger than `file_mb`"
    if outcome.exit_code == 0 or outcome.killed is not None:
        return None
    if outcome.compile_failed and (complaint := _first_error(outcome.stderr)):
        return complaint
    lines = outcome.stderr[-2000:].decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:500] if lines else None


def _first_error(diagnostics: bytes) -> str | None:
    lines = diagnostics.decode("utf-8", "replace").splitlines()
    return next((line.strip()[:500] for line in lines if re.search(r"\berror\b", line, re.IGNORECASE)), None)
