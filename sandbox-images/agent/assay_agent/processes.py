"""What the processes of a sandbox use, read from /proc by the agent, who sees them all.

Memory is first summed by a cheap upper bound, in which a page that several processes share counts for each of
them; only where that is too much is it worth asking the kernel for what they really occupy together.
"""

import contextlib
import os
import signal
from typing import Final, NamedTuple

__all__ = ["Usage", "anonymous_bytes", "kill_children", "measure", "occupied_bytes", "spent_s"]

_TICK_S: Final = 1 / os.sysconf("SC_CLK_TCK")
_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")


class Usage(NamedTuple):
    """What a set of processes uses at this moment."""

    cpu_s: float
    """CPU seconds of them and of the children they have waited for."""
    memory_bytes: int
    """Resident memory, summed: an upper bound of what they occupy."""
    processes: int
    waited_s: float
    """Seconds they were ready to run while the machine ran something else; 0 where the kernel does not say."""


def _waited_ns(pid: str) -> int:
    try:
        with open(f"/proc/{pid}/schedstat", "rb") as file:
            return int(file.read().split()[1])
    except (OSError, IndexError):
        return 0


def _of_process(pid: str) -> tuple[int, int]:
    with open(f"/proc/{pid}/stat", "rb") as file:
        fields = file.read().rpartition(b")")[2].split()
    with open(f"/proc/{pid}/statm", "rb") as file:
        resident = int(file.read().split()[1])
    return sum(map(int, fields[11:15])), resident


def _others(ours: frozenset[int]) -> list[str]:
    return [name for name in os.listdir("/proc") if name.isdigit() and int(name) not in ours]


def kill_children(parent: int) -> None:
    """Ends the children of process ``parent``: of a nursery, the main process of its cell and its orphans."""
    for name in _others(frozenset((parent,))):
        with contextlib.suppress(OSError, IndexError):
            with open(f"/proc/{name}/stat", "rb") as file:
                its_parent = int(file.read().rpartition(b")")[2].split()[1])
            if its_parent == parent:
                os.kill(int(name), signal.SIGKILL)


def measure(ours: frozenset[int]) -> Usage:
    """The usage of every process in sight that is not one of ``ours``."""
    ticks = pages = count = waited_ns = 0
    for name in _others(ours):
        try:
            used, resident = _of_process(name)
        except (OSError, ValueError):  # it ended while we looked
            continue
        ticks, pages, count = ticks + used, pages + resident, count + 1
        waited_ns += _waited_ns(name)
    return Usage(ticks * _TICK_S, pages * _PAGE_BYTES, count, waited_ns / 1e9)


def occupied_bytes(ours: frozenset[int]) -> int:
    """The memory that every process in sight that is not one of ``ours`` occupies, shared pages divided up."""
    occupied_kb = 0
    for name in _others(ours):
        try:
            with open(f"/proc/{name}/smaps_rollup", "rb") as file:
                occupied_kb += next(int(line.split()[1]) for line in file if line.startswith(b"Pss:"))
        except (OSError, StopIteration):  # it ended while we looked
            continue
    return occupied_kb << 10


def spent_s(ours: frozenset[int]) -> float:
    """CPU seconds of the processes ``ours``, which have one thread each."""
    spent_ns = 0
    for process in ours:
        with contextlib.suppress(OSError, ValueError), open(f"/proc/{process}/schedstat", "rb") as file:
            spent_ns += int(file.read().split()[0])
    return spent_ns / 1e9


def anonymous_bytes(ours: frozenset[int]) -> int:
    """The memory of the processes ``ours`` that is no file's, each for itself."""
    anonymous_kb = 0
    for process in ours:
        with contextlib.suppress(OSError), open(f"/proc/{process}/status", "rb") as file:
            anonymous_kb += next((int(line.split()[1]) for line in file if line.startswith(b"RssAnon:")), 0)
    return anonymous_kb << 10
