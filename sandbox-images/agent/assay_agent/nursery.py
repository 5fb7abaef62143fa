"""The nursery: a clean interpreter that imports, then forks cells. It never sees a byte of a job.

It is process 1 of a pid namespace of its own, in which one cell lives at a time. The kernel lets nobody in
that namespace signal it, and one `kill(-1)` by it ends everything else there at once, fork bombs included;
it then reaps until the kernel says that no child is left. The agent hands it descriptors over a socket; it
forks, closes them unread, waits for the cell's main process, which the agent can end, sweeps the rest, and
answers with how the cell ended.
"""

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
import traceback
from typing import Any, Final, NamedTuple

from assay_agent import denials, kernel, landlock
from assay_agent.cell import CellConfinement, CellDescriptors, limit_all_cells, live
from assay_agent.layout import DEVICES, READABLE
from assay_agent.program import prepare
from assay_agent.wall import Wall, make_wall

__all__ = ["READY", "REPORT", "RUN", "NurseryReport", "main", "parse_report"]

RUN: Final = struct.Struct("!I")
"""The order for a cell: the user it is to be. Its descriptors come with it."""
READY: Final = b"ready"
REPORT: Final = struct.Struct("!iddQQI")
"""Wait status of the main process, CPU and wall seconds, largest resident set and files in bytes, how many other
processes had to be killed."""
_THREAD_STACK_BYTES: Final = 8 << 20
_MALLOC_ARENAS: Final = 2
"""With one for every thread, seven threads would fill the address space of a default memory limit."""
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
    file_bytes: int
    """What its files occupied at its end, where the wall does not limit that itself."""
    left_processes: int
    """How many of its processes outlived the main one, and were killed."""


def parse_report(message: bytes) -> NurseryReport:
    """The report in a message of the nursery."""
    return NurseryReport._make(REPORT.unpack(message))


def _settle(wall: Wall, told: dict[str, Any]) -> None:
    """Makes the process what its cells will be, as far as that does not depend on a cell."""
    wall.settle_nursery(told)
    kernel.set_no_new_privileges()
    kernel.set_dumpable(False)  # from here on our own files in /proc are root's
    kernel.limit_thread_stacks(_THREAD_STACK_BYTES)
    kernel.limit_malloc_arenas(_MALLOC_ARENAS)


def _preload(modules: list[str]) -> None:
    """Imports what is there; a module that an image lacks is one its programs cannot import either."""
    for name in modules:
        try:
            importlib.import_module(name)
        except ImportError:
            traceback.print_exc()


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


def _confinement(wall: Wall, settings: dict[str, Any]) -> CellConfinement:
    abi = landlock.abi_version()
    ruleset = None
    if abi > 0:
        grants = (
            (("/",), landlock.LIST),
            ((*READABLE, *settings["readable"]), landlock.READ),
            (DEVICES, landlock.DEVICE),
            ((wall.writable,), landlock.EVERYTHING),
        )
        ruleset = landlock.build_ruleset(abi, grants)
    elif settings["require_landlock"]:
        raise OSError(errno.ENOSYS, "this kernel has no Landlock, and sandbox_landlock is 'require'")
    return CellConfinement(
        wall=wall,
        ruleset=ruleset,
        base_address_bytes=_address_space_bytes(),
        base_processes=settings["base_processes"],
        most_open_files=_largest(resource.RLIMIT_NOFILE),
        most_stack_bytes=_largest(resource.RLIMIT_STACK),
    )


class _Nursery:
    """Forks one cell after the other, on the agent's word."""

    def __init__(self, wall: Wall, control: socket.socket, confinement: CellConfinement) -> None:
        self._wall = wall
        self._control = control
        self._confinement = confinement

    def serve(self) -> None:
        """Answers until the agent closes its end."""
        while True:
            message, descriptors, _, _ = socket.recv_fds(self._control, 64, len(CellDescriptors._fields))
            if not message:
                return
            (identity,) = RUN.unpack(message)
            self._control.send(self._run(identity, CellDescriptors(*descriptors)))

    def _run(self, identity: int, given: CellDescriptors) -> bytes:
        started = time.monotonic()
        child = os.fork()
        if child == 0:
            os.close(self._control.fileno())  # the method of the socket would touch twenty pages more
            live(identity, given, self._confinement)
        for descriptor in given:
            os.close(descriptor)
        _, status, usage = os.wait4(child, 0)
        wall_s = time.monotonic() - started
        swept = self._wall.sweep(identity)
        cpu_s = usage.ru_utime + usage.ru_stime + swept.cpu_s
        memory_bytes = max(usage.ru_maxrss, swept.memory_kb) << 10
        return REPORT.pack(status, cpu_s, wall_s, memory_bytes, swept.file_bytes, swept.killed)


def main() -> None:
    """Runs a nursery; its settings are the JSON argument."""
    # Process 1 of a namespace hears no signal from in there but those that have a handler: Python's one goes.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    settings = json.loads(sys.argv[1])
    control = socket.socket(fileno=settings["control"])
    wall = make_wall(settings["wall"])
    _settle(wall, settings)
    _preload([*_COMMON_MODULES, *settings["preload"]])
    nursery = _Nursery(wall, control, _confinement(wall, settings))
    limit_all_cells()
    _streams()
    listener = denials.install(wall.nursery_needs_namespaces)
    gc.collect()
    gc.freeze()
    gc.disable()
    if listener is None:
        control.send(READY)
    else:
        socket.send_fds(control, [READY], [listener])
        os.close(listener)
    nursery.serve()
