"""The system calls of Linux that Python does not offer, through ctypes.

Every function raises OSError with the kernel's errno. Nothing here decides anything.
"""

import ctypes
import os
from typing import Final

__all__ = [
    "CLONE_NEWNS",
    "CLONE_NEWPID",
    "MS_BIND",
    "MS_NODEV",
    "MS_NOEXEC",
    "MS_NOSUID",
    "MS_PRIVATE",
    "MS_RDONLY",
    "MS_REC",
    "MS_REMOUNT",
    "become",
    "become_subreaper",
    "bound_capabilities",
    "drop_capabilities",
    "install_filter",
    "install_filter_with_listener",
    "limit_malloc_arenas",
    "limit_thread_stacks",
    "mount",
    "set_dumpable",
    "set_no_new_privileges",
    "setns",
    "syscall",
    "unshare",
]

CLONE_NEWNS: Final = 0x0002_0000
CLONE_NEWPID: Final = 0x2000_0000
MS_RDONLY: Final = 1
MS_NOSUID: Final = 2
MS_NODEV: Final = 4
MS_NOEXEC: Final = 8
MS_REMOUNT: Final = 0x20
MS_BIND: Final = 0x1000
MS_REC: Final = 0x4000
MS_PRIVATE: Final = 0x4_0000

_PR_SET_DUMPABLE: Final = 4
_PR_SET_KEEPCAPS: Final = 8
_PR_SET_SECCOMP: Final = 22
_PR_CAPBSET_DROP: Final = 24
_PR_SET_SECUREBITS: Final = 28
_PR_SET_CHILD_SUBREAPER: Final = 36
_PR_SET_NO_NEW_PRIVS: Final = 38
_PR_CAP_AMBIENT: Final = 47
_PR_CAP_AMBIENT_RAISE: Final = 2
_PR_CAP_AMBIENT_CLEAR_ALL: Final = 4
_SECCOMP_MODE_FILTER: Final = 2
_SECCOMP_SET_MODE_FILTER: Final = 1
_SECCOMP_FILTER_FLAG_NEW_LISTENER: Final = 8
_M_ARENA_MAX: Final = -8
_SYS_SECCOMP: Final = {"x86_64": 317, "aarch64": 277}
_CAPABILITY_VERSION_3: Final = 0x2008_0522
_SECUREBITS_LOCKED: Final = 0b1110_1111  # no ambient rise, no root by uid 0, no fix-up on setuid, all of it locked
_CAP_SETPCAP: Final = 8
_CAP_SYS_ADMIN: Final = 21
_KEPT_CAPABILITIES: Final = (_CAP_SETPCAP, _CAP_SYS_ADMIN)

_libc: Final = ctypes.CDLL(None, use_errno=True)
_long: Final = ctypes.c_long
_CAPABILITY_HEADER: Final = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
_NO_CAPABILITIES: Final = (ctypes.c_uint32 * 6)()


def _check(result: int, what: str) -> int:
    if result < 0:
        errno = ctypes.get_errno()
        raise OSError(errno, f"{what}: {os.strerror(errno)}")
    return result


def syscall(number: int, *arguments: int | bytes | ctypes.Array[ctypes.c_char] | None) -> int:
    """Makes the system call ``number``; integers are passed as longs, buffers by address.

    Raises:
        OSError: the kernel refused.
    """
    passed = [_long(a) if isinstance(a, int) else a for a in arguments]
    return _check(_libc.syscall(_long(number), *passed), f"system call {number}")


def unshare(flags: int) -> None:
    """Moves this process (its children, for CLONE_NEWPID) into new namespaces."""
    _check(_libc.unshare(flags), "unshare")


def setns(descriptor: int, kind: int) -> None:
    """Joins the namespace behind ``descriptor``; for pid namespaces, only for children to come."""
    _check(_libc.setns(descriptor, kind), "setns")


def mount(source: str, target: str, kind: str | None, flags: int, options: str = "") -> None:
    """Mounts a file system (or changes the propagation of one, with ``kind`` None)."""
    encoded_kind = None if kind is None else kind.encode()
    result = _libc.mount(source.encode(), target.encode(), encoded_kind, ctypes.c_ulong(flags), options.encode())
    _check(result, f"mount {target}")


def _prctl(what: str, option: int, *arguments: int) -> None:
    padded = (*arguments, 0, 0, 0, 0)[:4]
    _check(_libc.prctl(option, *(ctypes.c_ulong(a) for a in padded)), what)


def set_dumpable(dumpable: bool) -> None:
    """Whether processes of the same user may look into this one through ptrace and /proc."""
    _prctl("set dumpable", _PR_SET_DUMPABLE, int(dumpable))


def set_no_new_privileges() -> None:
    """Makes set-uid bits and file capabilities meaningless for this process and its children."""
    _prctl("set no_new_privs", _PR_SET_NO_NEW_PRIVS, 1)


def become_subreaper() -> None:
    """Makes this process the parent of its descendants' orphans."""
    _prctl("become a subreaper", _PR_SET_CHILD_SUBREAPER, 1)


def bound_capabilities(last: int) -> None:
    """Empties the bounding and ambient sets (capabilities 0 to ``last``), so that no exec can gain any.

    Capabilities this process holds are kept; needs CAP_SETPCAP.
    """
    for capability in range(last + 1):
        _prctl("drop bounding capability", _PR_CAPBSET_DROP, capability)
    _prctl("lock secure bits", _PR_SET_SECUREBITS, _SECUREBITS_LOCKED)
    _prctl("clear ambient capabilities", _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)


def drop_capabilities() -> None:
    """Gives up every capability this process holds."""
    _check(_libc.capset(_CAPABILITY_HEADER, _NO_CAPABILITIES), "capset")


def become(identity: int) -> None:
    """Changes from root to another user and group, and keeps what a nursery needs, across exec too.

    SYS_ADMIN (mounts, namespaces) and SETPCAP (to give the rest up for good) are kept; the power to become
    root again is not.
    """
    _prctl("keep capabilities", _PR_SET_KEEPCAPS, 1)
    os.setgroups([])
    os.setresgid(identity, identity, identity)
    os.setresuid(identity, identity, identity)
    kept = sum(1 << capability for capability in _KEPT_CAPABILITIES)
    _check(_libc.capset(_CAPABILITY_HEADER, (ctypes.c_uint32 * 6)(kept, kept, kept)), "capset")
    for capability in _KEPT_CAPABILITIES:
        _prctl("raise ambient capability", _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability)


class _FilterProgram(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def install_filter(program: bytes) -> None:
    """Installs a seccomp filter (packed `struct sock_filter`s) on this process and all its children."""
    packed = _FilterProgram(len(program) // 8, program)
    result = _libc.prctl(_PR_SET_SECCOMP, ctypes.c_ulong(_SECCOMP_MODE_FILTER), ctypes.byref(packed), 0, 0)
    _check(result, "install seccomp filter")


def install_filter_with_listener(program: bytes) -> int:
    """Installs a filter that tells of calls (SECCOMP_RET_USER_NOTIF) and returns who is told: a descriptor.

    Raises:
        OSError: the kernel has no listeners, or a filter of this process has one already.
    """
    packed = _FilterProgram(len(program) // 8, program)
    number = _long(_SYS_SECCOMP[os.uname().machine])
    how = _long(_SECCOMP_SET_MODE_FILTER), _long(_SECCOMP_FILTER_FLAG_NEW_LISTENER)
    return _check(_libc.syscall(number, *how, ctypes.byref(packed)), "install seccomp filter")


def limit_malloc_arenas(count: int) -> None:
    """Limits what glibc reserves for threads that allocate: 64 MiB of address space for every arena."""
    _libc.mallopt(_M_ARENA_MAX, count)


def limit_thread_stacks(size_bytes: int) -> None:
    """Sets the stack of threads to come, which glibc otherwise takes from the stack limit at start-up."""
    attributes = ctypes.create_string_buffer(64)
    if _libc.pthread_attr_init(attributes) == 0:
        _libc.pthread_attr_setstacksize(attributes, ctypes.c_size_t(size_bytes))
        _libc.pthread_setattr_default_np(attributes)
        _libc.pthread_attr_destroy(attributes)
