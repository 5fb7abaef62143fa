"""The seccomp filter of a nursery and its cells: an allow-list, compiled to classic BPF.

It is installed once, in the nursery, since installing it in every cell costs more than all the rest of its
confinement. The nursery's own needs are therefore on the list, down to their arguments: a mount of one kind, a
new mount namespace, giving up capabilities. Cells gain nothing by them: they hold no capability, cannot make a
user namespace to gain one, and Landlock forbids mounts of any kind to them.

The filter first checks the architecture (a foreign one is killed, since its numbers mean other calls) and the
x32 bit. Call numbers are then looked up in a binary search tree over ranges with equal answers, which keeps
both the kernel's verification at install time and the run time short. What is not on the list answers EPERM;
calls that runtimes probe answer ENOSYS, because glibc falls back only on that (moby#42680).
"""

import errno
import struct
from collections.abc import Callable
from typing import Final, NamedTuple

from assay_agent.syscalls import ALLOWED, NOTED, NUMBERS, UNKNOWN_TO_CANDIDATES

__all__ = ["build_filter", "supported"]

_AUDIT_ARCH: Final = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}
_X32_BIT: Final = 0x4000_0000

_LOAD: Final = 0x20
_AND: Final = 0x54
_EQUAL: Final = 0x15
_AT_LEAST: Final = 0x35
_RETURN: Final = 0x06

_ALLOW: Final = 0x7FFF_0000
_KILL: Final = 0x8000_0000
_ERROR: Final = 0x0005_0000
_EPERM: Final = _ERROR | errno.EPERM
_ENOSYS: Final = _ERROR | errno.ENOSYS
_TELL: Final = 0x7FC0_0000
"""SECCOMP_RET_USER_NOTIF: whoever holds the listener is told, and answers."""

_NAMESPACE_FLAGS: Final = 0x7E02_0080  # CLONE_NEW{NS,CGROUP,UTS,IPC,USER,PID,NET,TIME}
_CLONE_NEWNS: Final = 0x0002_0000
_CELL_MOUNT_FLAGS: Final = 2 | 4  # MS_NOSUID | MS_NODEV: no bind, no remount, no move
_AF_UNIX: Final = 1
_TIOCSTI: Final = 0x5412
_TIOCLINUX: Final = 0x541C
_PR_SET_PTRACER: Final = 0x5961_6D61
_PR_SET_MM: Final = 35
_PERSONALITY_QUERY: Final = 0xFFFF_FFFF
_NURSERY_PID: Final = 1
"""In a jail the nursery is process 1 of its cells' pid namespace; nobody there may change it. In a container it is
another user's, which is enough."""


class _Instruction(NamedTuple):
    code: int
    if_true: int
    if_false: int
    operand: int


_Program = list[_Instruction]


def _give(answer: int) -> _Program:
    return [_Instruction(_RETURN, 0, 0, answer)]


def _load_argument(index: int, upper_half: bool = False) -> _Instruction:
    return _Instruction(_LOAD, 0, 0, 16 + 8 * index + (4 if upper_half else 0))


def _allow_if_equal(index: int, value: int) -> _Program:
    return [_load_argument(index), _Instruction(_EQUAL, 0, 1, value), *_give(_ALLOW), *_give(_EPERM)]


def _told(program: _Program) -> _Program:
    """The program with every denial told to the listener."""
    return [step._replace(operand=_TELL) if step[0::3] == (_RETURN, _EPERM) else step for step in program]


def _deny_if_equal(index: int, *values: int) -> _Program:
    tests = [_Instruction(_EQUAL, len(values) - place, 0, value) for place, value in enumerate(values)]
    return [_load_argument(index), *tests, *_give(_ALLOW), *_give(_EPERM)]


def _clone() -> _Program:
    mask = _Instruction(_AND, 0, 0, _NAMESPACE_FLAGS)
    return [_load_argument(0), mask, _Instruction(_EQUAL, 0, 1, 0), *_give(_ALLOW), *_give(_EPERM)]


def _setpriority() -> _Program:
    only_processes = [_load_argument(0), _Instruction(_EQUAL, 1, 0, 0), *_give(_EPERM)]
    return only_processes + _deny_if_equal(1, _NURSERY_PID)


_NURSERYS_NEEDS: Final = ("mount", "unshare")
"""Where cells are kept apart by namespaces, their nursery makes them after it has installed the filter."""
_ARGUMENT_CHECKS: Final[dict[str, Callable[[], _Program]]] = {
    "clone": _clone,
    "socket": lambda: _allow_if_equal(0, _AF_UNIX),
    "socketpair": lambda: _allow_if_equal(0, _AF_UNIX),
    "ioctl": lambda: _deny_if_equal(1, _TIOCSTI, _TIOCLINUX),
    "prctl": lambda: _deny_if_equal(0, _PR_SET_MM, _PR_SET_PTRACER),
    "personality": lambda: _allow_if_equal(0, _PERSONALITY_QUERY),
    "mount": lambda: _allow_if_equal(3, _CELL_MOUNT_FLAGS),
    "unshare": lambda: _allow_if_equal(0, _CLONE_NEWNS),
    "capset": lambda: _give(_ALLOW),
    "prlimit64": lambda: _deny_if_equal(0, _NURSERY_PID),
    "setpriority": _setpriority,
    "sched_setaffinity": lambda: _deny_if_equal(0, _NURSERY_PID),
    "sched_setscheduler": lambda: _deny_if_equal(0, _NURSERY_PID),
    "sched_setparam": lambda: _deny_if_equal(0, _NURSERY_PID),
    "seccomp": lambda: _give(_ALLOW),
}


_NEVER_TO_COMPUTE: Final = (
    *("clone", "fork", "vfork", "execve", "execveat"),
    *("socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendmsg", "sendmmsg"),
    *("kill", "tkill", "tgkill", "pidfd_open", "pidfd_send_signal", "rt_sigqueueinfo", "rt_tgsigqueueinfo"),
    *("memfd_create", "setpriority", "sched_setaffinity", "sched_setscheduler", "sched_setparam", "sched_setattr"),
)
"""What a process that only computes has no use for: others to start, to talk to, to signal or to slow down."""


def supported(machine: str) -> bool:
    """Whether a filter can be built for ``machine`` (`os.uname().machine`)."""
    return machine in NUMBERS


def _answers(numbers: dict[str, int], *, namespaces: bool, tell: bool, computes: bool) -> dict[int, _Program]:
    checks = {name: check for name, check in _ARGUMENT_CHECKS.items() if namespaces or name not in _NURSERYS_NEEDS}
    answers = {numbers[name]: _give(_ALLOW) for name in ALLOWED if name in numbers}
    answers |= {numbers[name]: _give(_ENOSYS) for name in UNKNOWN_TO_CANDIDATES if name in numbers}
    answers |= {numbers[name]: check() for name, check in checks.items() if name in numbers}
    if computes:
        answers |= {numbers[name]: _give(_EPERM) for name in _NEVER_TO_COMPUTE if name in numbers}
        answers[numbers["prlimit64"]] = _allow_if_equal(0, 0)  # of this process alone
    if tell:
        noted = [numbers[name] for names in NOTED.values() for name in names if name in numbers]
        answers |= {number: _told(answers.get(number, _give(_EPERM))) for number in noted}
    return answers


def _ranges(answers: dict[int, _Program]) -> list[tuple[int, _Program]]:
    """Start numbers of ranges with equal answers; numbers newer than every known one answer ENOSYS."""
    ranges: list[tuple[int, _Program]] = []
    newest = max(answers) + 1
    for number in range(newest + 1):
        answer = answers.get(number, _give(_ENOSYS if number == newest else _EPERM))
        if not ranges or ranges[-1][1] != answer:
            ranges.append((number, answer))
    return ranges


def _search_tree(ranges: list[tuple[int, _Program]]) -> _Program:
    if len(ranges) == 1:
        return ranges[0][1]
    middle = len(ranges) // 2
    left, right = _search_tree(ranges[:middle]), _search_tree(ranges[middle:])
    return [_Instruction(_AT_LEAST, len(left), 0, ranges[middle][0]), *left, *right]


def build_filter(machine: str, *, namespaces: bool = True, tell: bool = False, computes: bool = False) -> bytes:
    """The filter for ``machine`` as packed `struct sock_filter`s, ready for `kernel.install_filter`.

    With ``namespaces`` it lets a nursery make those of its cells; with ``tell`` the denial of a noted call is
    left to the listener (see `assay_agent.denials`). With ``computes`` it is that of a process which does nothing
    else: it starts, signals and reaches nobody.

    Raises:
        KeyError: no table for this machine; see `supported`.
    """
    program = [
        _Instruction(_LOAD, 0, 0, 4),
        _Instruction(_EQUAL, 1, 0, _AUDIT_ARCH[machine]),
        *_give(_KILL),
        _Instruction(_LOAD, 0, 0, 0),
        _Instruction(_AT_LEAST, 0, 1, _X32_BIT),
        *_give(_EPERM),
        *_search_tree(_ranges(_answers(NUMBERS[machine], namespaces=namespaces, tell=tell, computes=computes))),
    ]
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
