"""Nothing of a jail outlives its worker, whatever runs in it."""

import time
from pathlib import Path

import pytest

from assay.contract import Limits
from assay.settings import Settings
from assay_workers.sandbox.jail.driver import JailDriver
from assay_workers.sandbox.port import Program

_BUSY = Program("python", b"import os, time\nos.fork()\nos.setsid()\ntime.sleep(600)")
_PATIENCE_S = 20


def _descendants() -> set[int]:
    """Every process below this one."""
    found: set[int] = set()
    wanted = ["self"]
    while wanted:
        try:
            for task in Path("/proc", wanted.pop(), "task").iterdir():
                children = (task / "children").read_text().split()
                wanted += children
                found |= set(map(int, children))
        except OSError:  # it ended while we looked
            continue
    return found


def _alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("seconds", [0.0, 0.3])
def test_a_jail_that_is_closed_while_a_program_runs_is_gone(seconds: float) -> None:
    before = _descendants()
    sandbox = JailDriver(Settings(sandbox_packages=())).start()
    sandbox.serve(_BUSY, Limits(cpu_s=60, wall_s=600))
    time.sleep(seconds)
    inside = _descendants() - before
    assert len(inside) >= 3
    sandbox.close()
    deadline = time.monotonic() + _PATIENCE_S
    while any(map(_alive, inside)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert [process for process in inside if _alive(process)] == []
