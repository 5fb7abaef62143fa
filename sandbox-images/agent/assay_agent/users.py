"""Cells apart by users: the inner wall of a container without privileges, where nobody may make namespaces.

Every cell is a user that has never been used before in this container, nor by another container on the same
machine at the same time: the driver hands out the ranges. So nothing that is left of one cell, if anything
were, could touch another. The nursery's real id is one that no cell ever has, its saved id is root's. When it
ends a cell, it takes the cell's id as its effective one: then one `kill(-1)` reaches everything of that user
and nothing else, and no process of that user can signal it, because kill(2) compares the real and saved ids of
its target. As a subreaper it inherits the cell's orphans, and it reaps until the kernel says that no child is
left. As the cell's user it then removes the cell's files: root has no power over them here, having given up the
capability for it.
"""

import contextlib
import os
import resource
import signal
import subprocess
from collections.abc import Iterator, Sequence
from typing import Any, Final

from assay_agent import kernel
from assay_agent.layout import ARTIFACT_ROOT, CELL_ROOT, CELL_SHM, CELL_TMP, CELL_WORK, ENVIRONMENT, SHARED_MEMORY
from assay_agent.processes import anonymous_bytes, measure, spent_s
from assay_agent.removal import empty_folder
from assay_agent.wall import Lost, Swept, reap, volunteer_for_the_oom_killer

__all__ = ["RESERVED_IDS", "UserWall"]

RESERVED_IDS: Final = 64
"""Ids at the beginning of a range that no cell gets: the group of `CELL_ROOT`, then the nurseries."""
_STACK_BYTES: Final = 1 << 30
"""Stack limit the nurseries are started with: it fixes how far the stack of a cell may grow."""
_MEMORY_COUNTS: Final = (
    ("/sys/fs/cgroup/memory.stat", (b"anon", b"shmem")),
    ("/sys/fs/cgroup/memory/memory.stat", (b"rss", b"shmem")),
)
"""Where the kernel says what the container occupies: control groups v2, and v1."""


class UserWall:
    """The users that keep the cells of a container apart; see `assay_agent.wall.Wall`."""

    name = "users"
    writable = CELL_ROOT
    nursery_needs_namespaces = False

    def __init__(self) -> None:
        self._first = self._next = self._end = 0

    def settle_agent(self) -> None:
        """Leads `/dev/shm` to the cell's own files, and lets nurseries make folders in the cells' root.

        The root's mode is set here because runc gives a mount the mode that the image's folder has.
        """
        os.chmod(CELL_ROOT, 0o771)  # noqa: S103 - its group is the nurseries alone; cells cannot list it
        with contextlib.suppress(FileExistsError):
            os.symlink(CELL_SHM, SHARED_MEMORY)
        _, hard = resource.getrlimit(resource.RLIMIT_STACK)
        soft = _STACK_BYTES if hard == resource.RLIM_INFINITY else min(_STACK_BYTES, hard)
        resource.setrlimit(resource.RLIMIT_STACK, (soft, hard))

    def configure(self, told: dict[str, Any]) -> None:
        """Takes the range of users."""
        self._first, count = told["identities"]
        self._next, self._end = self._first + RESERVED_IDS, self._first + count

    def word_for_nursery(self, place: int) -> dict[str, Any]:
        """The group of the cells' folder, and the nursery's own id."""
        return {"group": self._first, "identity": self._first + 1 + place}

    def start_nursery(self, command: Sequence[str], control: int) -> "subprocess.Popen[bytes]":
        """Starts a nursery as a child like any other."""
        return subprocess.Popen(
            list(command), stdin=subprocess.DEVNULL, stdout=2, env=ENVIRONMENT, cwd="/", pass_fds=(control,)
        )

    def new_identity(self) -> int:
        """The next id of the range."""
        if self._next >= self._end:
            raise Lost("every user of this sandbox has been used")
        self._next += 1
        return self._next - 1

    @contextlib.contextmanager
    def as_owner(self, identity: int) -> Iterator[None]:
        """Pipes belong to whoever makes them, and a cell must be able to open its own by name."""
        os.seteuid(identity)
        try:
            yield
        finally:
            os.seteuid(0)

    def occupied_bytes(self, ours: frozenset[int]) -> int:
        """What the kernel counts for the container, without ``ours`` and files.

        Its own count, because reading that of other users' processes takes a power that we do not have.
        """
        counted = _counted_bytes()
        if counted is None:
            return measure(ours).memory_bytes
        return max(counted - anonymous_bytes(ours) - _used_bytes(ARTIFACT_ROOT) - _used_bytes(CELL_ROOT), 0)

    def cells_cpu_s(self, ours: frozenset[int]) -> float | None:
        """The control group's count, which no process escapes by having its children reaped unseen."""
        counted = _counted_cpu_s()
        return None if counted is None else counted - spent_s(ours)

    def file_bytes(self) -> int:
        """What is used of the file system that all cells have one after the other."""
        return _used_bytes(CELL_ROOT)

    def base_processes(self, nurseries: int) -> int:
        """None: a cell has its user to itself."""
        del nurseries
        return 0

    def settle_nursery(self, told: dict[str, Any]) -> None:
        """Takes on an id that no cell has, and inherits orphans."""
        kernel.become_subreaper()
        os.setgroups([])
        os.setresgid(0, told["group"], 0)
        os.setresuid(told["identity"], 0, 0)

    def shut_in(self, identity: int, file_mb: int) -> None:
        """Makes the cell's folders as its user, and becomes that user for good."""
        del file_mb  # the size of the file system is the container's; what is used of it is looked at afterwards
        volunteer_for_the_oom_killer()  # not the nursery: of equals the largest goes, and files are nobody's
        os.seteuid(identity)
        for directory in (CELL_WORK, CELL_TMP, CELL_SHM):
            os.mkdir(directory, 0o777)
        os.chdir(CELL_WORK)
        os.seteuid(0)
        os.setresgid(identity, identity, identity)
        os.setresuid(identity, identity, identity)

    def sweep(self, identity: int) -> Swept:
        """Kills, reaps and removes, as the cell's user."""
        found: Swept | None = Swept()
        os.seteuid(identity)
        try:
            while found is not None:
                swept = found
                with contextlib.suppress(ProcessLookupError):
                    os.kill(-1, signal.SIGKILL)
                found = reap(swept)
            file_bytes = _used_bytes(CELL_ROOT)
            empty_folder(CELL_ROOT)
        finally:
            os.seteuid(0)
        return swept._replace(file_bytes=file_bytes)


def _counted_cpu_s() -> float | None:
    """CPU seconds of the container; None where the kernel does not say."""
    try:
        with open("/sys/fs/cgroup/cpuacct/cpuacct.usage", "rb") as file:
            return int(file.read()) / 1e9
    except OSError:
        pass
    try:
        with open("/sys/fs/cgroup/cpu.stat", "rb") as file:
            return int(dict(line.split() for line in file)[b"usage_usec"]) / 1e6
    except (OSError, KeyError, ValueError):
        return None


def _used_bytes(mount_point: str) -> int:
    status = os.statvfs(mount_point)
    return (status.f_blocks - status.f_bfree) * status.f_frsize


def _counted_bytes() -> int | None:
    """Anonymous and shared memory of the container; None where the kernel does not say."""
    for path, names in _MEMORY_COUNTS:
        try:
            with open(path, "rb") as file:
                lines = dict(line.split() for line in file)
        except (OSError, ValueError):
            continue
        return sum(int(lines.get(name, 0)) for name in names)
    return None
