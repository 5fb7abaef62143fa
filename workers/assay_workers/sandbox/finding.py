"""What an examination of a machine finds, and the probe that every one ends with: a program, run in a sandbox."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from assay.contract import Limits
from assay.errors import SandboxError
from assay_workers.sandbox.port import Run, Sandbox
from assay_workers.sandbox.slot import HARMLESS, HARMLESS_OUTPUT

__all__ = ["Finding", "find_by_running"]

_REPORT: Final = "see the message; it may be a bug: please report it"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str
    remedy: str | None = None


def find_by_running(name: str, start: Callable[[], Sandbox]) -> Finding:
    """Starts a sandbox and runs a program in it."""
    try:
        sandbox = start()
    except SandboxError as error:
        return Finding(name, False, error.message, error.hint)
    try:
        outcome = next(iter(sandbox.run(HARMLESS, [Run()], Limits())))
    except SandboxError as error:
        return Finding(name, False, error.message, _REPORT)
    finally:
        sandbox.close()
    if outcome.stdout != HARMLESS_OUTPUT:
        return Finding(name, False, f"the program failed: {outcome.stderr!r}", _REPORT)
    return Finding(name, True, f"ran a program in {outcome.wall_s * 1000:.1f} ms")
