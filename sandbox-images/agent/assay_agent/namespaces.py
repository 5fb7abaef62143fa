"""Cells apart by namespaces: the inner wall of a jail, where the agent may make them.

A nursery is process 1 of a pid namespace of its own, in which one cell lives at a time. The kernel lets nobody
in that namespace signal it, and one `kill(-1)` by it ends everything else there at once, fork bombs included. A
cell's files are in a mount namespace of its own and vanish with it.
"""

import contextlib
import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Final

from assay_agent import kernel
from assay_agent.layout import (
    ARTIFACT_ROOT,
    CANDIDATE_ID,
    CELL_ROOT,
    CELL_SHM,
    CELL_TMP,
    CELL_WORK,
    ENVIRONMENT,
)
from assay_agent.processes import occupied_bytes
from assay_agent.wall import Swept, reap, volunteer_for_the_oom_killer

__all__ = ["NamespaceWall"]

_LAST_CAPABILITY_FILE: Final = "/proc/sys/kernel/cap_last_cap"
_LAST_KNOWN_CAPABILITY: Final = 40
_MAX_INODES: Final = 10_000
_AGENTS: Final = 2
"""Processes of a jail that are neither nursery nor cell: the agent and bubblewrap."""


class NamespaceWall:
    """The namespaces that keep the cells of a jail apart; see `assay_agent.wall.Wall`."""

    name = "namespaces"
    # A Landlock rule on a directory is passed over once something is mounted there, as a cell's own files are:
    # what counts is the folder above, which is read-only itself.
    writable = os.path.dirname(CELL_ROOT)
    nursery_needs_namespaces = True

    def settle_agent(self) -> None:
        """Under root, becomes the user that limits hold for."""
        if os.getuid() == 0:
            kernel.become(CANDIDATE_ID)

    def configure(self, told: dict[str, Any]) -> None:
        """There is nothing to be told."""

    def word_for_nursery(self, place: int) -> dict[str, Any]:
        """There is nothing to be told."""
        del place
        return {}

    def start_nursery(self, command: Sequence[str], control: int) -> "subprocess.Popen[bytes]":
        """Starts a nursery as process 1 of a new pid namespace."""
        home = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        kernel.unshare(kernel.CLONE_NEWPID)
        try:
            return subprocess.Popen(
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=2,
                env=ENVIRONMENT,
                cwd="/",
                pass_fds=(control,),
            )
        finally:
            kernel.setns(home, kernel.CLONE_NEWPID)
            os.close(home)

    def new_identity(self) -> int:
        """All cells are the same user: there is never more than one in a pid namespace."""
        return CANDIDATE_ID

    def as_owner(self, identity: int) -> AbstractContextManager[None]:
        """The agent is that user already."""
        del identity
        return contextlib.nullcontext()

    def occupied_bytes(self, ours: frozenset[int]) -> int:
        """The proportional set size of every process in sight but ``ours``."""
        return occupied_bytes(ours)

    def cells_cpu_s(self, ours: frozenset[int]) -> float | None:
        """A jail has no control group of its own."""
        del ours
        return None

    def file_bytes(self) -> int:
        """The cell's own file system has a size of its own."""
        return 0

    def base_processes(self, nurseries: int) -> int:
        """Agent and nurseries are the same user as the cells."""
        return nurseries + _AGENTS

    def settle_nursery(self, told: dict[str, Any]) -> None:
        """Makes the namespace ours: mounts private, what was compiled read-only, a /proc of our own processes."""
        del told
        kernel.unshare(kernel.CLONE_NEWNS)
        kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
        secure = kernel.MS_NOSUID | kernel.MS_NODEV
        kernel.mount("none", ARTIFACT_ROOT, None, secure | kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY)
        kernel.mount("proc", "/proc", "proc", secure | kernel.MS_NOEXEC, "hidepid=2")
        kernel.bound_capabilities(_last_capability())
        volunteer_for_the_oom_killer()  # and so does every cell

    def shut_in(self, identity: int, file_mb: int) -> None:
        """Mounts an empty file system of limited size in a mount namespace of the cell's own."""
        del identity
        kernel.unshare(kernel.CLONE_NEWNS)
        flags = kernel.MS_NOSUID | kernel.MS_NODEV
        options = f"size={max(file_mb, 1)}m,nr_inodes={_MAX_INODES},mode=755"
        kernel.mount("cell", CELL_ROOT, "tmpfs", flags, options)
        for directory in (CELL_WORK, CELL_TMP, CELL_SHM):
            os.mkdir(directory, 0o777)
        os.chmod(CELL_ROOT, 0o111)  # noqa: S103 - entered, not listed: what is beside is not the program's
        os.chdir(CELL_WORK)

    def sweep(self, identity: int) -> Swept:
        """Kills and reaps everything in the namespace but the nursery itself."""
        del identity
        found: Swept | None = Swept()
        while found is not None:
            swept = found
            with contextlib.suppress(ProcessLookupError):
                os.kill(-1, signal.SIGKILL)
            found = reap(swept)
        return swept


def _last_capability() -> int:
    try:
        with open(_LAST_CAPABILITY_FILE, encoding="ascii") as file:
            return int(file.read())
    except OSError:
        return _LAST_KNOWN_CAPABILITY
