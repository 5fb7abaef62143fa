"""The inner wall: what keeps one cell from the next and all of them from the agent.

There are two. In a jail the agent may make namespaces, and every cell has its own (`assay_agent.namespaces`).
In an unprivileged container it may not, and every cell is a user of its own that nothing else has ever been
(`assay_agent.users`). Both have a side in the agent, which starts nurseries and connects cells, and one in the
nursery, which shuts cells in and ends them.
"""

import os
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    import subprocess

__all__ = ["Lost", "Swept", "Wall", "make_wall", "reap", "volunteer_for_the_oom_killer"]


_SIGKILL: Final = 9


class Lost(Exception):
    """The nursery died or does not answer, or the sandbox is used up: nothing is known of the cell."""


class Swept(NamedTuple):
    """What was found of a cell when its main process had ended."""

    cpu_s: float = 0.0
    """CPU seconds of its other processes."""
    memory_kb: int = 0
    """Largest resident set of any of them."""
    file_bytes: int = 0
    """What its files occupied, where their file system is not the cell's own."""
    killed: int = 0
    """How many of them still ran."""


class Wall(Protocol):
    """One way to keep cells apart."""

    name: str
    writable: str
    """The folder beneath which cells may write, as Landlock has to name it."""
    nursery_needs_namespaces: bool
    """Whether the nursery mounts and makes namespaces after it has installed its filter."""

    def settle_agent(self) -> None:
        """Prepares the agent's process, before it takes a word of the worker."""
        ...

    def configure(self, told: dict[str, Any]) -> None:
        """Takes what concerns it of the `configure` frame's header."""
        ...

    def word_for_nursery(self, place: int) -> dict[str, Any]:
        """What the nursery number ``place`` is to be told."""
        ...

    def start_nursery(self, command: Sequence[str], control: int) -> "subprocess.Popen[bytes]":
        """Starts a nursery that inherits the descriptor ``control``."""
        ...

    def new_identity(self) -> int:
        """The user that the next cell is to be.

        Raises:
            Lost: every user of this sandbox has been used.
        """
        ...

    def as_owner(self, identity: int) -> AbstractContextManager[None]:
        """Within it, what the agent creates belongs to the cell's user."""
        ...

    def occupied_bytes(self, ours: frozenset[int]) -> int:
        """The memory that everything but the processes ``ours`` occupies, shared pages counted once."""
        ...

    def cells_cpu_s(self, ours: frozenset[int]) -> float | None:
        """CPU seconds of everything that ever ran in the sandbox but ``ours``; None where nobody counts them."""
        ...

    def file_bytes(self) -> int:
        """What the cell's files occupy, where their file system is not the cell's own."""
        ...

    def base_processes(self, nurseries: int) -> int:
        """How many processes of others the kernel counts against a cell's limit."""
        ...

    def settle_nursery(self, told: dict[str, Any]) -> None:
        """Prepares a nursery's process, before it imports anything."""
        ...

    def shut_in(self, identity: int, file_mb: int) -> None:
        """Gives the calling cell its files and its user; it is in its working directory then."""
        ...

    def sweep(self, identity: int) -> Swept:
        """Ends and reaps everything of a cell and removes its files; called by the nursery.

        Raises:
            OSError: something of it cannot be removed; the sandbox is not to be used again.
        """
        ...


def make_wall(name: str) -> Wall:
    """The wall called `namespaces` or `users`; only its own modules are imported, for cells pay for every page.

    Raises:
        ValueError: there is none of that name.
    """
    if name == "namespaces":
        from assay_agent.namespaces import NamespaceWall

        return NamespaceWall()
    if name == "users":
        from assay_agent.users import UserWall

        return UserWall()
    raise ValueError(f"no wall is called {name!r}")


def volunteer_for_the_oom_killer() -> None:
    """When memory runs out, this process goes first, never the agent or a neighbour."""
    descriptor = os.open("/proc/self/oom_score_adj", os.O_WRONLY | os.O_CLOEXEC)
    os.write(descriptor, b"1000")
    os.close(descriptor)


def reap(swept: Swept) -> Swept | None:
    """Waits for one child and adds what it used to ``swept``; None if there is none left."""
    try:
        _, status, usage = os.wait4(-1, 0)
    except ChildProcessError:
        return None
    cpu_s = swept.cpu_s + usage.ru_utime + usage.ru_stime
    killed = swept.killed + (status & 0x7F == _SIGKILL)
    return swept._replace(cpu_s=cpu_s, memory_kb=max(swept.memory_kb, usage.ru_maxrss), killed=killed)
