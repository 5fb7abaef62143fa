"""The filter is run here by an interpreter of its own, for machines that this one is not, too."""

import struct
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay_agent.seccomp import build_filter, supported
from assay_agent.syscalls import ALLOWED, NOTED, NUMBERS

_ARCH = {"x86_64": 0xC000_003E, "aarch64": 0xC000_00B7}
_I386 = 0x4000_0003
_ALLOW, _EPERM, _ENOSYS, _KILL = 0x7FFF_0000, 0x0005_0001, 0x0005_0026, 0x8000_0000
_OUTREACHING = {
    "acct": (163, 89),
    "add_key": (248, 217),
    "bpf": (321, 280),
    "chroot": (161, 51),
    "clock_settime": (227, 112),
    "fanotify_init": (300, 262),
    "finit_module": (313, 273),
    "init_module": (175, 105),
    "kcmp": (312, 272),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "mount": (165, 40),
    "mq_open": (240, 180),
    "msgget": (68, 186),
    "open_by_handle_at": (304, 265),
    "perf_event_open": (298, 241),
    "pivot_root": (155, 41),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "quotactl": (179, 60),
    "reboot": (169, 142),
    "request_key": (249, 218),
    "semget": (64, 190),
    "setns": (308, 268),
    "settimeofday": (164, 170),
    "shmget": (29, 194),
    "swapon": (167, 224),
    "syslog": (103, 116),
    "umount2": (166, 39),
    "unshare": (272, 97),
}
"""Numbers on x86_64 and aarch64, from the kernel's tables."""
_MACHINES = pytest.mark.parametrize("machine", ["x86_64", "aarch64"])


class _Call(NamedTuple):
    number: int
    arch: int
    arguments: tuple[int, ...] = ()

    def packed(self) -> bytes:
        """`struct seccomp_data`."""
        return struct.pack("=IIQ6Q", self.number, self.arch, 0, *(*self.arguments, 0, 0, 0, 0, 0, 0)[:6])


def _interpret(program: bytes, call: _Call) -> int:
    """What a classic BPF program answers; only the instructions that a filter has any use for."""
    data, place, accumulator = call.packed(), 0, 0
    instructions = list(struct.iter_unpack("=HBBI", program))
    while True:
        code, if_true, if_false, operand = instructions[place]
        place += 1
        match code:
            case 0x20:
                accumulator = struct.unpack_from("=I", data, operand)[0]
            case 0x54:
                accumulator &= operand
            case 0x15:
                place += if_true if accumulator == operand else if_false
            case 0x35:
                place += if_true if accumulator >= operand else if_false
            case 0x06:
                return int(operand)
            case _:
                raise AssertionError(f"instruction {code:#x}")


def _answer(machine: str, name: str, *arguments: int) -> int:
    return _interpret(build_filter(machine), _Call(NUMBERS[machine][name], _ARCH[machine], arguments))


@_MACHINES
@pytest.mark.parametrize(
    "name",
    [
        "read",
        "write",
        "mmap",
        "mprotect",
        "brk",
        "futex",
        "execve",
        "exit_group",
        "clock_gettime",
        "getrandom",
        "pipe2",
        "wait4",
        "dup3",
        "openat",
        "epoll_create1",
        "eventfd2",
        "timerfd_create",
        "madvise",
        "mremap",
        "rseq",
        "membarrier",
        "sched_getaffinity",
        "kill",
        "tgkill",
    ],
)
def test_what_honest_programs_need_is_allowed(machine: str, name: str) -> None:
    assert _answer(machine, name) == _ALLOW


@pytest.mark.parametrize(("name", "numbers"), _OUTREACHING.items(), ids=_OUTREACHING.keys())
def test_what_reaches_out_is_denied(name: str, numbers: tuple[int, int]) -> None:
    for machine, number in zip(("x86_64", "aarch64"), numbers, strict=True):
        assert NUMBERS[machine].get(name, number) == number
        assert _interpret(build_filter(machine), _Call(number, _ARCH[machine])) == _EPERM


@_MACHINES
@pytest.mark.parametrize(
    "name", ["clone3", "io_uring_setup", "userfaultfd", "memfd_secret", "memfd_create", "pidfd_getfd"]
)
def test_what_runtimes_probe_is_unknown(machine: str, name: str) -> None:
    assert _answer(machine, name) == _ENOSYS


@_MACHINES
def test_calls_newer_than_the_table_are_unknown(machine: str) -> None:
    program = build_filter(machine)
    for number in (1000, 5000, 0x3FFF_FFFF):
        assert _interpret(program, _Call(number, _ARCH[machine])) == _ENOSYS


@pytest.mark.parametrize(
    ("machine", "foreign"), [("x86_64", _I386), ("x86_64", 0xC000_00B7), ("aarch64", 0x4000_0028)]
)
@pytest.mark.parametrize("number", [0, 1, 11, 359, 0x4000_0000])
def test_a_call_by_another_architectures_numbers_is_killed(machine: str, foreign: int, number: int) -> None:
    assert _interpret(build_filter(machine), _Call(number, foreign)) == _KILL


@pytest.mark.parametrize("number", [0, 1, 59, 512, 547])
def test_x32_calls_are_denied(number: int) -> None:
    assert _interpret(build_filter("x86_64"), _Call(0x4000_0000 | number, _ARCH["x86_64"])) == _EPERM


@_MACHINES
@pytest.mark.parametrize(
    ("name", "arguments", "answer"),
    [
        ("socket", (1, 1), _ALLOW),
        ("socket", (2, 1), _EPERM),
        ("socket", (10, 1), _EPERM),
        ("socket", (16, 3), _EPERM),
        ("socket", (40, 1), _EPERM),
        ("socketpair", (1, 1), _ALLOW),
        ("socketpair", (2, 1), _EPERM),
        ("clone", (0x11,), _ALLOW),
        ("clone", (0x3D_0F00,), _ALLOW),
        ("clone", (0x1000_0011,), _EPERM),
        ("clone", (0x2000_0000,), _EPERM),
        ("clone", (0x80,), _EPERM),
        ("ioctl", (0, 0x5401), _ALLOW),
        ("ioctl", (0, 0x5412), _EPERM),
        ("ioctl", (0, 0x541C), _EPERM),
        ("ioctl", (0, 0x1_0000_5412), _EPERM),
        ("prctl", (15,), _ALLOW),
        ("prctl", (35,), _EPERM),
        ("prctl", (0x5961_6D61,), _EPERM),
        ("personality", (0xFFFF_FFFF,), _ALLOW),
        ("personality", (0x004_0000,), _EPERM),
        ("prlimit64", (0,), _ALLOW),
        ("prlimit64", (1,), _EPERM),
        ("setpriority", (0, 0), _ALLOW),
        ("setpriority", (0, 1), _EPERM),
        ("setpriority", (2, 0), _EPERM),
        ("sched_setaffinity", (0,), _ALLOW),
        ("sched_setaffinity", (1,), _EPERM),
    ],
)
def test_arguments_decide_where_a_call_has_two_faces(
    machine: str, name: str, arguments: tuple[int, ...], answer: int
) -> None:
    assert _answer(machine, name, *arguments) == answer


@_MACHINES
@given(st.integers(0, 0xFFFF_FFFF), st.integers(0, 0xFFFF_FFFF), st.lists(st.integers(0, 2**64 - 1), max_size=6))
def test_every_call_gets_one_of_four_answers(machine: str, number: int, arch: int, arguments: list[int]) -> None:
    answer = _interpret(build_filter(machine), _Call(number, arch, tuple(arguments)))
    assert answer in {_ALLOW, _EPERM, _ENOSYS, _KILL}
    assert (answer == _KILL) == (arch != _ARCH[machine])


@_MACHINES
def test_the_filter_is_short_enough_for_the_kernel(machine: str) -> None:
    assert len(build_filter(machine)) // 8 <= 4096


def test_only_machines_with_a_table_are_supported() -> None:
    assert supported("x86_64")
    assert supported("aarch64")
    assert not supported("riscv64")


_TOLD = 0x7FC0_0000


@_MACHINES
def test_with_a_listener_the_denial_of_noted_calls_is_told_and_of_no_others(machine: str) -> None:
    told, silent = build_filter(machine, tell=True), build_filter(machine)
    noted = {NUMBERS[machine][name] for names in NOTED.values() for name in names if name in NUMBERS[machine]}
    arguments = (0x7E02_0080, 0, 0, 4096)  # what every argument check denies
    for number in range(500):
        call = _Call(number, _ARCH[machine], arguments)
        before, after = _interpret(silent, call), _interpret(told, call)
        assert after == (_TOLD if before == _EPERM and number in noted else before)


@_MACHINES
def test_with_a_listener_a_foreign_architecture_is_killed_all_the_same(machine: str) -> None:
    assert _interpret(build_filter(machine, tell=True), _Call(1, _I386)) == _KILL


def test_every_noted_call_is_in_some_table() -> None:
    names = {name for each in NOTED.values() for name in each}
    assert names <= NUMBERS["x86_64"].keys()
    assert not names & set(ALLOWED)


@pytest.mark.parametrize(
    "name",
    ["clone", "execve", "socket", "connect", "kill", "tgkill", "pidfd_open", "memfd_create", "sched_setparam"],
)
@_MACHINES
def test_one_that_only_computes_starts_reaches_and_signals_nobody(machine: str, name: str) -> None:
    call = _Call(NUMBERS[machine][name], _ARCH[machine])
    assert _interpret(build_filter(machine, namespaces=False, computes=True), call) == _EPERM


@_MACHINES
def test_one_that_only_computes_has_no_new_way_to_start_others(machine: str) -> None:
    call = _Call(NUMBERS[machine]["clone3"], _ARCH[machine])
    assert _interpret(build_filter(machine, namespaces=False, computes=True), call) in {_EPERM, _ENOSYS}


@pytest.mark.parametrize(("process", "answer"), [(0, _ALLOW), (1, _EPERM), (4711, _EPERM)])
@_MACHINES
def test_one_that_only_computes_sets_its_own_limits_alone(machine: str, process: int, answer: int) -> None:
    call = _Call(NUMBERS[machine]["prlimit64"], _ARCH[machine], (process,))
    assert _interpret(build_filter(machine, namespaces=False, computes=True), call) == answer


@pytest.mark.parametrize("name", ["read", "write", "mmap", "brk", "openat", "setitimer", "exit_group"])
@_MACHINES
def test_one_that_only_computes_can_compute(machine: str, name: str) -> None:
    call = _Call(NUMBERS[machine][name], _ARCH[machine], (0, 0, 1, 0x22))
    assert _interpret(build_filter(machine, namespaces=False, computes=True), call) == _ALLOW
