"""What a command has started, and whether anything of it is left."""

import time
from pathlib import Path
from typing import NamedTuple

__all__ = ["ProcessId", "await_end", "command_line", "descendants", "parent_of"]


class ProcessId(NamedTuple):
    """A process, told apart from a later one with the same pid."""

    pid: int
    started: str
    """The start time, in the kernel's own ticks."""


def descendants(pid: int) -> set[ProcessId]:
    """All processes below a process, itself excluded."""
    found: set[ProcessId] = set()
    for child in _children(pid):
        fields = _stat(child)
        if fields is not None:
            found |= {ProcessId(child, fields[19])} | descendants(child)
    return found


def await_end(processes: set[ProcessId], timeout_s: float = 15.0) -> set[ProcessId]:
    """Waits until all of them have ended and gives those that have not; a zombie has ended."""
    end_s = time.monotonic() + timeout_s
    while (left := {process for process in processes if _runs(process)}) and time.monotonic() < end_s:
        time.sleep(0.05)
    return left


def command_line(process: ProcessId) -> str:
    """The words of a process, separated by spaces; empty if it has ended."""
    try:
        return Path(f"/proc/{process.pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def parent_of(process: ProcessId) -> int | None:
    """The pid of a process's parent; None if the process has ended."""
    fields = _stat(process.pid)
    return None if fields is None else int(fields[1])


def _children(pid: int) -> list[int]:
    found = []
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(word) for word in tasks.read_text().split()]
        except OSError:  # the thread has ended
            continue
    return found


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat from the state on (proc(5)); None if there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def _runs(process: ProcessId) -> bool:
    fields = _stat(process.pid)
    return fields is not None and fields[19] == process.started and fields[0] != "Z"
