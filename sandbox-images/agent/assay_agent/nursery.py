"""The nursery: a clean interpreter that imports, then forks cells. It never sees a byte of a job.

It is process 1 of a pid namespace of its own, in which one cell lives at a time. The kernel lets nobody in
that namespace signal it, and one `kill(-1)` by it ends everything else there at once, fork bombs included;
it then reaps until the kernel says that no child is left. The agent hands it descriptors over a socket; it
forks, closes them unread, waits for the cell's main process, which the agent can end, sweeps the rest, and
answers with how the cell ended.
"""

import contextlib
import errno
import gc
import importlib
import json
import os
import resource
import signal
import socket
import struct
import sys
import time
from typing import Any, Final, NamedTuple

from assay_agent import kernel, landlock, seccomp
from assay_agent.cell import CellConfinement, CellDescriptors, limit_all_cells, live
from assay_agent.layout import CELL_ROOT, DEVICES, READABLE
from assay_agent.program import prepare

__all__ = ["READY", "REPORT", "RUN", "NurseryReport", "main", "parse_report"]

RUN: Final = b"R"
READY: Final = b"ready"
REPORT: Final = struct.Struct("!iddQ")
"""Wait status of the main process, CPU seconds, wall seconds, largest resident set in bytes; then a note."""
_MAX_REPORT_BYTES: Final = 1 << 16
_LAST_CAPABILITY_FILE: Final = "/proc/sys/kernel/cap_last_cap"
_LAST_KNOWN_CAPABILITY: Final = 40
_THREAD_STACK_BYTES: Final = 8 << 20
_COMMON_MODULES: Final = (
    *("abc", "bisect", "collections", "copy", "enum", "functools", "heapq", "itertools", "math", "operator", "re"),
    *("string", "typing"),
)
"""Modules of the standard library that most programs import, paid for once.

Each costs every cell the copying of its pages, so what few programs import is left to them; and `random` and
`threading` do work after every fork.
"""


class NurseryReport(NamedTuple):
    """How a cell ended."""

    status: int
    """Wait status of the main process."""
    cpu_s: float
    """CPU seconds of all its processes."""
    wall_s: float
    memory_bytes: int
    """Largest resident set of any of its processes."""
    note: bytes
    """What the cell said before its program started; see `assay_agent.cell.live`."""


def parse_report(message: bytes) -> NurseryReport:
    """The report in a message of the nursery."""
    status, cpu_s, wall_s, memory_bytes = REPORT.unpack_from(message)
    return NurseryReport(status, cpu_s, wall_s, memory_bytes, message[REPORT.size :])


def _settle() -> None:
    """Makes the namespace ours: mounts private, a /proc that shows only our processes, nothing to look into."""
    kernel.unshare(kernel.CLONE_NEWNS)
    kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    kernel.mount("proc", "/proc", "proc", kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC)
    kernel.bound_capabilities(_last_capability())
    kernel.set_no_new_privileges()
    _volunteer_for_the_oom_killer()
    kernel.set_dumpable(False)  # from here on our own files in /proc are root's
    kernel.limit_thread_stacks(_THREAD_STACK_BYTES)


def _last_capability() -> int:
    try:
        with open(_LAST_CAPABILITY_FILE, encoding="ascii") as file:
            return int(file.read())
    except OSError:
        return _LAST_KNOWN_CAPABILITY


def _volunteer_for_the_oom_killer() -> None:
    """When memory runs out, a cell goes first, never the agent or a neighbour."""
    with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("1000")


def _preload(modules: list[str]) -> None:
    for name in modules:
        importlib.import_module(name)


def _address_space_bytes() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def _largest(what: int) -> int:
    hard = resource.getrlimit(what)[1]
    return sys.maxsize if hard == resource.RLIM_INFINITY else hard


def _streams() -> None:
    """Makes the cells' standard streams while the descriptors are of the kinds they will be in a cell."""
    os.dup2(os.memfd_create("stdin"), 0)
    for descriptor in (1, 2):
        os.dup2(os.pipe()[1], descriptor)
    prepare()


def _confinement(settings: dict[str, Any]) -> CellConfinement:
    abi = landlock.abi_version()
    ruleset = None
    if abi > 0:
        grants = (
            (("/",), landlock.LIST),
            ((*READABLE, *settings["readable"]), landlock.READ),
            (DEVICES, landlock.DEVICE),
            # A rule on a directory is passed over once something is mounted there, as a cell's own files are:
            # what counts is the folder above, which is read-only itself.
            ((os.path.dirname(CELL_ROOT),), landlock.EVERYTHING),
        )
        ruleset = landlock.build_ruleset(abi, grants)
    elif settings["require_landlock"]:
        raise OSError(errno.ENOSYS, "this kernel has no Landlock, and sandbox_landlock is 'require'")
    return CellConfinement(
        ruleset=ruleset,
        base_address_bytes=_address_space_bytes(),
        base_processes=settings["base_processes"],
        most_open_files=_largest(resource.RLIMIT_NOFILE),
        most_stack_bytes=_largest(resource.RLIMIT_STACK),
    )


def _sweep() -> tuple[float, int]:
    """Kills and reaps everything in the namespace but us; returns CPU seconds and largest set (KiB) of it."""
    cpu_s, memory_kb = 0.0, 0
    while True:
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
        try:
            _, _, usage = os.wait4(-1, 0)
        except ChildProcessError:
            return cpu_s, memory_kb
        cpu_s += usage.ru_utime + usage.ru_stime
        memory_kb = max(memory_kb, usage.ru_maxrss)


def _drain(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, _MAX_REPORT_BYTES)
    except BlockingIOError:
        return b""


class _Nursery:
    """Forks one cell after the other, on the agent's word."""

    def __init__(self, control: socket.socket, confinement: CellConfinement) -> None:
        self._control = control
        self._confinement = confinement
        self._report_out, self._report_in = os.pipe()
        os.set_blocking(self._report_out, False)

    def serve(self) -> None:
        """Answers until the agent closes its end."""
        while True:
            message, descriptors, _, _ = socket.recv_fds(self._control, 64, len(CellDescriptors._fields))
            if not message:
                return
            self._control.send(self._run(CellDescriptors(*descriptors)))

    def _run(self, given: CellDescriptors) -> bytes:
        started = time.monotonic()
        child = os.fork()
        if child == 0:
            os.close(self._control.fileno())  # the method of the socket would touch twenty pages more
            live(given, self._confinement, self._report_in)
        for descriptor in given:
            os.close(descriptor)
        _, status, usage = os.wait4(child, 0)
        wall_s = time.monotonic() - started
        swept_cpu_s, swept_kb = _sweep()
        cpu_s = usage.ru_utime + usage.ru_stime + swept_cpu_s
        packed = REPORT.pack(status, cpu_s, wall_s, max(usage.ru_maxrss, swept_kb) << 10)
        return packed + _drain(self._report_out)


def main() -> None:
    """Runs a nursery; its settings are the JSON argument."""
    # Process 1 of a namespace hears no signal from in there but those that have a handler: Python's one goes.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    settings = json.loads(sys.argv[1])
    control = socket.socket(fileno=settings["control"])
    _settle()
    _preload([*_COMMON_MODULES, *settings["preload"]])
    nursery = _Nursery(control, _confinement(settings))
    limit_all_cells()
    _streams()
    kernel.install_filter(seccomp.build_filter(os.uname().machine))
    gc.collect()
    gc.freeze()
    gc.disable()
    control.send(READY)
    nursery.serve()
