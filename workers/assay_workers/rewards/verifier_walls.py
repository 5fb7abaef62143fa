"""The walls around a process that evaluates what a model wrote: it can compute, and read the libraries that do.

Each wall stands by itself, since a machine may lack one: namespaces (no network), no capabilities, limits (memory,
no file to write, no core), Landlock (files of the libraries, to read; no signal to others), a system-call filter
(no process, no socket, no signal, nobody else's limits). Those that could not be raised are named, for the log.
"""

import os
import resource
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Final

from assay_agent import kernel, landlock, seccomp

__all__ = ["confine"]

_CLONE_NEWUSER: Final = 0x1000_0000
_CLONE_NEWNET: Final = 0x4000_0000
_LIBRARIES: Final = ("stdlib", "platstdlib", "purelib", "platlib")


def confine(memory_bytes: int) -> list[str]:
    """Raises the walls around this process, for good; the names of those that this machine does not have.

    Args:
        memory_bytes: its address space from now on.

    Raises:
        OSError: behind the walls the libraries cannot be read; answers must not depend on what is imported late.
    """
    _limit(memory_bytes)
    kernel.set_no_new_privileges()
    walls: tuple[tuple[str, Callable[[], None]], ...] = (
        ("namespaces", lambda: kernel.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)),
        ("capabilities", kernel.drop_capabilities),
        ("landlock", _enter_landlock),
        ("seccomp", _install_filter),
    )
    missing = [name for name, build in walls if not _stands(build)]
    for library in _libraries():
        next(Path(library).iterdir())
    return missing


def _stands(build: Callable[[], None]) -> bool:
    try:
        build()
    except (OSError, KeyError):
        return False
    return True


def _limit(memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _enter_landlock() -> None:
    abi = landlock.abi_version()
    if abi == 0:
        raise OSError("the kernel has no Landlock")
    ruleset = landlock.build_ruleset(abi, [(_libraries(), landlock.READ)])
    try:
        landlock.enter(ruleset)
    finally:
        os.close(ruleset)


def _libraries() -> list[str]:
    return sorted({sysconfig.get_path(name) for name in _LIBRARIES})


def _install_filter() -> None:
    kernel.install_filter(seccomp.build_filter(os.uname().machine, namespaces=False, computes=True))
