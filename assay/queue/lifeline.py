"""A child process that does not outlive its parent, not even one that was killed.

Linux sends a child the signal of its choice (`PR_SET_PDEATHSIG`) when the *thread* that made it ends; so make
such children from a thread that lives as long as the process, the main thread.
"""

import ctypes
import os
import signal
from typing import Final

__all__ = ["die_with_parent"]

PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(parent_pid: int) -> None:
    """Lets the kernel kill this process when its parent dies; ends it at once if that has happened already.

    Arguments:
        parent_pid: the parent's pid, taken before the fork.

    Raises:
        OSError: the kernel refused.
    """
    if _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != parent_pid:
        os._exit(1)
