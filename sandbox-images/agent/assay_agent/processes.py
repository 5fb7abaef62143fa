"""What the processes of a sandbox use, read from /proc by the agent, who sees them all."""

import os
from typing import Final, NamedTuple

__all__ = ["Usage", "measure"]

_TICK_S: Final = 1 / os.sysconf("SC_CLK_TCK")
_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")


class Usage(NamedTuple):
    """What a set of processes uses at this moment."""

    cpu_s: float
    """CPU seconds of them and of the children they have waited for."""
    memory_bytes: int
    """Anonymous resident memory, summed."""
    processes: int


def _of_process(pid: str) -> tuple[int, int]:
    with open(f"/proc/{pid}/stat", "rb") as file:
        fields = file.read().rpartition(b")")[2].split()
    with open(f"/proc/{pid}/statm", "rb") as file:
        _, resident, shared, *_ = map(int, file.read().split())
    return sum(map(int, fields[11:15])), resident - shared


def measure(ours: frozenset[int]) -> Usage:
    """The usage of every process in sight that is not one of ``ours``."""
    ticks = pages = count = 0
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) not in ours:
            try:
                used, resident = _of_process(name)
            except (OSError, ValueError):  # it ended while we looked
                continue
            ticks, pages, count = ticks + used, pages + resident, count + 1
    return Usage(ticks * _TICK_S, pages * _PAGE_BYTES, count)
