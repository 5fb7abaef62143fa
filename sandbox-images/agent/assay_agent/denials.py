"""What a cell was denied: the agent is told of calls that no honest program makes, and answers them with EPERM.

The nursery's filter leaves the denial of such calls (`assay_agent.syscalls.NOTED`) to a listener, which the
nursery hands to the agent before there is any cell. The cell sees the same error as without; nothing of it
reaches a score. Where the kernel has no listeners (or another one is in the way) there is nothing to see.
Source: seccomp_unotify(2).
"""

import errno
import fcntl
import os
import select
import struct
from typing import Final

from assay_agent import kernel, seccomp
from assay_agent.syscalls import NOTED, NUMBERS

__all__ = ["Denials", "install"]

_RECEIVE: Final = 0xC050_2100
"""SECCOMP_IOCTL_NOTIF_RECV"""
_SEND: Final = 0xC018_2101
"""SECCOMP_IOCTL_NOTIF_SEND"""
_NOTIFICATION_BYTES: Final = 80
_HEAD: Final = struct.Struct("=QIIi")
"""The beginning of `struct seccomp_notif`: id, pid, flags, and the number of the call."""
_ANSWER: Final = struct.Struct("=Qqi4x")
"""`struct seccomp_notif_resp`: id, value, error."""


def install(namespaces: bool) -> int | None:
    """Installs the filter of a nursery; returns its listener, or None where there can be none."""
    machine = os.uname().machine
    try:
        return kernel.install_filter_with_listener(seccomp.build_filter(machine, namespaces=namespaces, tell=True))
    except OSError:
        kernel.install_filter(seccomp.build_filter(machine, namespaces=namespaces))
        return None


def _flags() -> dict[int, str]:
    numbers = NUMBERS[os.uname().machine]
    return {numbers[name]: flag for flag, names in NOTED.items() for name in names if name in numbers}


class Denials:
    """Answers what a listener is told, and remembers what it was."""

    def __init__(self, listener: int) -> None:
        self.listener = listener
        self._flags = _flags()
        self._seen: set[str] = set()
        self._poll = select.poll()
        self._poll.register(listener, select.POLLIN)

    def answer(self) -> bool:
        """Denies the call that waits; False if there will be none any more, since the nursery has ended."""
        if not all(event & select.POLLIN for _, event in self._poll.poll(0)):
            return False
        told = bytearray(_NOTIFICATION_BYTES)
        try:
            fcntl.ioctl(self.listener, _RECEIVE, told)
            identity, _, _, number = _HEAD.unpack_from(told)
            self._seen.add(self._flags.get(number, "privilege_attempt"))
            fcntl.ioctl(self.listener, _SEND, _ANSWER.pack(identity, 0, -errno.EPERM))
        except OSError:  # who asked was killed meanwhile
            return True
        return True

    def take(self) -> list[str]:
        """The flags raised since the last time."""
        seen = sorted(self._seen)
        self._seen.clear()
        return seen
