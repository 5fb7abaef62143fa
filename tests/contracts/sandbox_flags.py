"""What every sandbox says of a cell that is worth a look. A driver makes a subclass; see `test_jail.py`."""

import pytest

from assay.contract import Flag, Limits
from assay_workers.sandbox.port import Killed
from tests.fixtures.sandboxes import SandboxBench

__all__ = ["FlagContract"]

_DENIED = {
    "an inet socket": ("import socket\nsocket.socket()", Flag.NETWORK_ATTEMPT),
    "a raw socket": ("import socket\nsocket.socket(17, 3)", Flag.NETWORK_ATTEMPT),
    "a vsock": ("import socket\nsocket.socket(40, 1)", Flag.NETWORK_ATTEMPT),
    "ptrace": ("_denied(libc.ptrace(16, 1, 0, 0))", Flag.TRACING_ATTEMPT),
    "another's memory": ("_denied(libc.process_vm_readv(1, 0, 0, 0, 0, 0))", Flag.TRACING_ATTEMPT),
    "a user namespace": ("_denied(libc.unshare(0x10000000))", Flag.PRIVILEGE_ATTEMPT),
    "a mount that binds": ("_denied(libc.mount(b'/', b'/tmp', None, 4096, None))", Flag.PRIVILEGE_ATTEMPT),
    "another root": ("import os\nos.chroot('/')", Flag.PRIVILEGE_ATTEMPT),
    "the clock": ("import time\ntime.clock_settime(0, 0)", Flag.PRIVILEGE_ATTEMPT),
}
_HEAD = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def _denied(result):
    if result < 0: raise PermissionError(ctypes.get_errno())
try:
"""
_TAIL = """
except PermissionError as error:
    print("denied", error.errno or error.args[0])
"""


def _attempting(code: str) -> str:
    return _HEAD + "".join(f"    {line}\n" for line in code.splitlines()) + _TAIL


class FlagContract:
    """Evidence of a cell."""

    answered_before_us: frozenset[str] = frozenset()
    """Attempts that a filter around ours denies: the stricter answer counts, and ours is not told."""

    @pytest.mark.parametrize("attempt", _DENIED)
    def test_a_denied_call_of_note_is_told_and_answered(self, bench: SandboxBench, attempt: str) -> None:
        code, flag = _DENIED[attempt]
        outcome = bench.run(_attempting(code))
        assert outcome.stdout == b"denied 1\n"
        assert outcome.flags == (frozenset() if attempt in self.answered_before_us else {flag})

    def test_a_flood_of_denied_calls_costs_its_own_program_and_nobody_else(self, bench: SandboxBench) -> None:
        sandbox = bench.sandbox
        flood = "import ctypes\nlibc = ctypes.CDLL(None)\nwhile True: libc.ptrace(0, 0, 0, 0)"
        outcome = bench.run(flood, limits=Limits(cpu_s=0.3, wall_s=2))
        assert outcome.killed in (Killed.CPU, Killed.WALL)
        assert outcome.flags == {Flag.TRACING_ATTEMPT}
        assert bench.still_has(sandbox)
        assert bench.run("print(1)").flags == frozenset()

    def test_a_program_that_dies_while_it_waits_for_its_denial_is_no_loss(self, bench: SandboxBench) -> None:
        sandbox = bench.sandbox
        many = """
import ctypes, os, threading
libc = ctypes.CDLL(None)
def ask():
    while True: libc.ptrace(0, 0, 0, 0)
for _ in range(8): threading.Thread(target=ask, daemon=True).start()
os._exit(0)
"""
        for _ in range(5):
            assert bench.run(many).exit_code == 0
        assert bench.still_has(sandbox)

    @pytest.mark.parametrize(
        "reads",
        [
            "input()",
            "import os; os.read(0, 1)",
            "open('/dev/stdin').read()",
            "import mmap; mmap.mmap(0, 0, prot=mmap.PROT_READ)[0]",
            "import subprocess; subprocess.run(['cat'], stdout=subprocess.DEVNULL)",
        ],
    )
    def test_input_that_is_read_by_whatever_way_counts_as_read(self, bench: SandboxBench, reads: str) -> None:
        assert bench.run(reads, "5\n").flags == frozenset()

    def test_an_answer_without_a_look_at_the_input_is_told(self, bench: SandboxBench) -> None:
        assert bench.run("print(25)", "5\n").flags == {Flag.UNREAD_INPUT}

    def test_there_is_nothing_to_tell_where_nothing_was_to_be_read_or_the_program_failed(
        self, bench: SandboxBench
    ) -> None:
        assert bench.run("print(25)").flags == frozenset()
        assert bench.run("exit(1)", "5\n").flags == frozenset()

    def test_processes_that_outlive_the_main_one_are_told(self, bench: SandboxBench) -> None:
        assert bench.run("import os, time\nif os.fork() == 0: time.sleep(30)").flags == {Flag.LEFT_PROCESSES}
        assert bench.run("import os\nif os.fork() == 0: os._exit(0)\nos.wait()").flags == frozenset()

    def test_a_program_that_a_limit_ended_left_nothing_of_its_own_will(self, bench: SandboxBench) -> None:
        outcome = bench.run("import os\nos.fork()\nwhile True: pass", limits=Limits(cpu_s=0.2, wall_s=30))
        assert outcome.killed is Killed.CPU
        assert outcome.flags == frozenset()

    @pytest.mark.parametrize(
        "written", ["b'x'", "b'\\0\\0\\0\\1V' * 2", "b'\\xff' * 100", "b'\\0\\0\\0\\2VT\\0\\0\\0\\2VT'"]
    )
    def test_whatever_else_than_one_answer_is_on_the_value_channel_is_told(
        self, bench: SandboxBench, written: str
    ) -> None:
        outcome = bench.call(f"import os\ndef f(): os.write(3, {written}); os._exit(0)", "f")
        assert outcome.value is None
        assert outcome.flags == {Flag.CHANNEL_TAMPERING}
