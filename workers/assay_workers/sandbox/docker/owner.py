"""Whose a container is: the worker process that started it, by a label that can be checked later.

A process is named by its host and boot, its pid namespace, its number and the tick of its birth, so that a
number that was given out again names somebody else. Of an owner elsewhere nothing can be known; its containers
are judged by age.
"""

import os
import socket
from enum import Enum, auto
from pathlib import Path
from typing import Final, NamedTuple

__all__ = ["LABEL", "OWNER_LABEL", "Owner", "State"]

LABEL: Final = "assay.sandbox"
"""On every container of ours; its value is the image's short name."""
OWNER_LABEL: Final = "assay.owner"
"""The owner of a container, as `Owner.label` writes it."""


class State(Enum):
    """What is known of an owner."""

    ALIVE = auto()
    DEAD = auto()
    ELSEWHERE = auto()


class Owner(NamedTuple):
    """A process."""

    host: str
    namespace: str
    pid: int
    born: str

    @classmethod
    def this(cls) -> "Owner":
        """This process."""
        pid = os.getpid()
        return cls(socket.gethostname(), _namespace(), pid, _born(pid))

    @classmethod
    def parse(cls, label: str) -> "Owner | None":
        """The owner that a label names; None if it is none of ours."""
        host, _, rest = label.rpartition("/")
        parts = rest.split(":")
        if not host or len(parts) != 3 or not parts[1].isdigit():
            return None
        return cls(host, parts[0], int(parts[1]), parts[2])

    @property
    def label(self) -> str:
        """The owner as a label."""
        return f"{self.host}/{self.namespace}:{self.pid}:{self.born}"

    @property
    def state(self) -> State:
        """Whether the process lives, as far as can be told from here."""
        if (self.host, self.namespace) != (socket.gethostname(), _namespace()):
            return State.ELSEWHERE
        return State.ALIVE if _born(self.pid) == self.born else State.DEAD


def _namespace() -> str:
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return f"{boot}-{Path('/proc/self/ns/pid').stat().st_ino}"


def _born(pid: int) -> str:
    """The start time of a process in ticks since boot; empty if there is none."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
        return status.rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
