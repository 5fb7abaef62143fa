"""What every sandbox does with runs: what a program sees, how it ends, and where its limits are.

A driver's test module makes a subclass with a fixture `bench`; see `tests/contracts/test_jail.py`.
"""

import signal
import time

import pytest

from assay.contract import Limits, Verdict
from assay_workers.sandbox.outcome import classify
from assay_workers.sandbox.port import Killed, Program, Run
from tests.fixtures.sandboxes import QUICK, SandboxBench

__all__ = ["LimitContract", "RunContract"]

_MIB = 1 << 20
_SHORT = Limits(cpu_s=0.3, wall_s=60)

_CPU_BURNERS = {
    "a loop": "while True: pass",
    "a loop that catches everything": """
while True:
    try:
        while True: pass
    except BaseException: pass
""",
    "a forked child while its parent sleeps": """
import os, time
if os.fork() == 0:
    while True: pass
time.sleep(60)
""",
    "an orphan of an orphan": """
import os, time
if os.fork() == 0:
    if os.fork() == 0:
        os.setsid()
        while True: pass
    os._exit(0)
os.wait()
time.sleep(60)
""",
    "threads": """
import threading
def burn():
    while True: pass
threads = [threading.Thread(target=burn) for _ in range(4)]
[t.start() for t in threads]
""",
    "children one after the other": """
import os, time
while True:
    if os.fork() == 0:
        end = time.process_time() + 0.05
        while time.process_time() < end: pass
        os._exit(0)
    os.wait()
""",
    "signals ignored": """
import signal
for number in range(1, 65):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
while True: pass
""",
}

_HOGS = {
    "a bytearray": "bytearray(2 << 30)",
    "a list that grows": "x = []\nwhile True: x.append(bytes(1 << 20))",
    "anonymous memory": "import mmap\nm = mmap.mmap(-1, 2 << 30)\nm.write(bytes(1 << 30))",
    "forks that take a part each": """
import os, time
for _ in range(12):
    if os.fork() == 0:
        x = bytearray(os.urandom(1 << 20)) * 60
        time.sleep(30)
        os._exit(0)
time.sleep(30)
""",
}

_FILLERS = {
    "the working directory": "open('x', 'wb').write(bytes(300 << 20))",
    "files in the working directory": """
for n in range(1000):
    with open(str(n), 'wb') as file: file.write(bytes(1 << 20))
""",
    "/tmp": """
for n in range(1000):
    with open('/tmp/' + str(n), 'wb') as file: file.write(bytes(1 << 20))
""",
    "/dev/shm": """
for n in range(1000):
    with open('/dev/shm/' + str(n), 'wb') as file: file.write(bytes(1 << 20))
""",
    "inodes": "for n in range(100_000): open(str(n), 'w').close()",
}

_BOMBS = {
    "forks": """
import os, time
children = 0
try:
    while True:
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
        children += 1
except OSError as error:
    print(type(error).__name__, children)
""",
    "threads": """
import threading, time, os
children = 0
try:
    while True:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        children += 1
except RuntimeError as error:
    print("BlockingIOError", children, flush=True)
os._exit(0)
""",
}


class RunContract:
    """What a program sees, and how its end is told."""

    def test_what_is_printed_comes_back(self, bench: SandboxBench) -> None:
        outcome = bench.run("import sys\nprint('hello')\nprint('there', file=sys.stderr)")
        assert (outcome.exit_code, outcome.stdout, outcome.stderr) == (0, b"hello\n", b"there\n")
        assert outcome.killed is None
        assert outcome.signal is None
        assert not outcome.compile_failed
        assert outcome.value is None

    def test_what_a_program_sees_of_the_machine_is_the_same_everywhere(self, bench: SandboxBench) -> None:
        look = """
import locale, multiprocessing, os, time
print(os.cpu_count(), multiprocessing.cpu_count(), time.tzname[0], locale.getpreferredencoding(), hash("assay"))
print(list({"one", "two", "three"}))
"""
        first, second = bench.run(look), bench.run(look)
        assert first.stdout.startswith(b"1 1 UTC ")
        assert b"utf-8" in first.stdout.lower()
        assert first.stdout == second.stdout

    def test_threads_that_allocate_fit_into_the_memory_limit(self, bench: SandboxBench) -> None:
        threads = """
import ctypes, threading, time
libc = ctypes.CDLL(None)
def work():
    for _ in range(20): libc.free(ctypes.c_void_p(libc.malloc(1 << 20)))
    time.sleep(0.2)
libc.malloc.restype = ctypes.c_void_p
many = [threading.Thread(target=work) for _ in range(24)]
[each.start() for each in many]
[each.join() for each in many]
print("joined")
"""
        assert bench.run(threads, limits=Limits(cpu_s=5, wall_s=60, memory_mb=512)).stdout == b"joined\n"

    def test_standard_input_arrives_byte_for_byte(self, bench: SandboxBench) -> None:
        given = bytes(range(256)) * 3
        source = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())"
        assert bench.run(source, given).stdout == given

    def test_ten_megabytes_of_input_and_five_of_output_pass(self, bench: SandboxBench) -> None:
        source = "import sys; data = sys.stdin.buffer.read(); sys.stdout.buffer.write(data[:5 << 20])"
        given = bytes(10 * _MIB)
        assert bench.run(source, given).stdout == given[: 5 * _MIB]

    def test_arguments_arrive(self, bench: SandboxBench) -> None:
        assert (
            bench.run("import sys; print(sys.argv[1:])", args=("a b", "", "ü")).stdout
            == "['a b', '', 'ü']\n".encode()
        )

    def test_files_of_the_program_and_of_the_test_are_there(self, bench: SandboxBench) -> None:
        program = Program("python", b"print(open('a').read(), open('b').read())", files={"a": b"1"})
        (outcome,) = bench.sandbox.run(program, [Run(files={"b": b"2"})], QUICK)
        assert outcome.stdout == b"1 2\n"

    def test_every_test_of_a_submission_gets_its_own_input(self, bench: SandboxBench) -> None:
        tests = [Run(b"1"), Run(b"2"), Run(b"3")]
        outcomes = bench.sandbox.run(Program("python", b"print(input())"), tests, QUICK)
        assert [outcome.stdout for outcome in outcomes] == [b"1\n", b"2\n", b"3\n"]

    def test_an_iterator_that_is_closed_early_skips_the_rest(self, bench: SandboxBench) -> None:
        outcomes = iter(bench.sandbox.run(Program("python", b"print(input())"), [Run(b"1"), Run(b"2")], QUICK))
        assert next(outcomes).stdout == b"1\n"
        del outcomes
        assert bench.run("print('next')").stdout == b"next\n"

    @pytest.mark.parametrize("status", [0, 1, 3, 255])
    def test_the_exit_status_comes_back(self, bench: SandboxBench, status: int) -> None:
        assert bench.run(f"import sys; sys.exit({status})").exit_code == status

    @pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV, signal.SIGABRT])
    def test_the_signal_that_ended_a_program_comes_back(self, bench: SandboxBench, number: signal.Signals) -> None:
        outcome = bench.run(f"import os; os.kill(os.getpid(), {int(number)})")
        assert (outcome.exit_code, outcome.signal) == (None, number)

    def test_an_abort_comes_back_as_its_signal(self, bench: SandboxBench) -> None:
        assert bench.run("import os; os.abort()").signal == signal.SIGABRT

    @pytest.mark.parametrize("source", [b"def f(:\n", b"\xff\xfe", b"x = 1\0", b"(" * 1000, b"-" * 200_000 + b"1"])
    def test_a_source_that_is_no_program_is_told_apart(self, bench: SandboxBench, source: bytes) -> None:
        outcome = bench.run(source)
        assert outcome.compile_failed
        assert classify(outcome, QUICK) is Verdict.COMPILE_ERROR

    def test_a_syntax_error_at_run_time_is_no_compile_error(self, bench: SandboxBench) -> None:
        outcome = bench.run("exec('def f(:')")
        assert not outcome.compile_failed
        assert outcome.exit_code == 1

    def test_a_daemon_that_holds_standard_output_open_delays_nothing(self, bench: SandboxBench) -> None:
        started = time.monotonic()
        outcome = bench.run(
            "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(60)\nprint('done')"
        )
        assert (outcome.exit_code, outcome.stdout) == (0, b"done\n")
        assert time.monotonic() - started < 30

    def test_processor_time_and_memory_are_told(self, bench: SandboxBench) -> None:
        outcome = bench.run("import time\nx = bytearray(50 << 20)\nwhile time.process_time() < 0.2: pass")
        assert outcome.cpu_s >= 0.2
        assert outcome.memory_bytes > 50 * _MIB

    def test_processor_time_of_children_counts(self, bench: SandboxBench) -> None:
        source = "import os, time\nif os.fork() == 0:\n    while time.process_time() < 0.2: pass\nelse: os.wait()"
        assert bench.run(source).cpu_s >= 0.2


class LimitContract:
    """Where a program's limits are, and that it cannot step over them."""

    @pytest.mark.parametrize("source", _CPU_BURNERS.values(), ids=_CPU_BURNERS.keys())
    def test_processor_time_is_limited(self, bench: SandboxBench, source: str) -> None:
        outcome = bench.run(source, limits=_SHORT)
        assert classify(outcome, _SHORT) is Verdict.TIME_LIMIT
        assert outcome.killed is Killed.CPU
        assert outcome.cpu_s < 2

    def test_a_sleeper_meets_the_wall_limit(self, bench: SandboxBench) -> None:
        limits = Limits(cpu_s=1, wall_s=0.3)
        outcome = bench.run("import time; time.sleep(60)", limits=limits)
        assert outcome.killed is Killed.WALL
        assert outcome.wall_s < 20

    @pytest.mark.parametrize("source", _HOGS.values(), ids=_HOGS.keys())
    def test_memory_is_limited(self, bench: SandboxBench, source: str) -> None:
        limits = Limits(cpu_s=5, wall_s=60, memory_mb=256)
        assert classify(bench.run(source, limits=limits), limits) is Verdict.MEMORY_LIMIT

    def test_memory_files_are_limited(self, bench: SandboxBench) -> None:
        source = """
import os, time
files = []
for _ in range(24):
    files.append(os.memfd_create('x'))
    os.write(files[-1], bytes(32 << 20))
time.sleep(3)
print('filled')
"""
        limits = Limits(cpu_s=5, wall_s=60, memory_mb=256)
        assert b"filled" not in bench.run(source, limits=limits).stdout

    @pytest.mark.parametrize("source", _FILLERS.values(), ids=_FILLERS.keys())
    def test_files_are_limited(self, bench: SandboxBench, source: str) -> None:
        limits = Limits(cpu_s=5, wall_s=60, memory_mb=1024)
        assert classify(bench.run(source, limits=limits), limits) is Verdict.RUNTIME_ERROR
        assert bench.run("open('x', 'w').write('y'); print('next')").stdout == b"next\n"

    @pytest.mark.parametrize("source", _BOMBS.values(), ids=_BOMBS.keys())
    def test_processes_and_threads_are_limited(self, bench: SandboxBench, source: str) -> None:
        outcome = bench.run(source, limits=Limits(cpu_s=5, wall_s=60, processes=16, memory_mb=1024))
        name, children = outcome.stdout.split()
        assert name == b"BlockingIOError"
        assert 8 <= int(children) <= 16

    def test_a_bomb_that_goes_on_for_ever_is_ended(self, bench: SandboxBench) -> None:
        source = "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass"
        limits = Limits(cpu_s=0.5, wall_s=60)
        assert classify(bench.run(source, limits=limits), limits) is Verdict.TIME_LIMIT
        assert bench.run("print('next')").stdout == b"next\n"

    def test_open_files_are_limited(self, bench: SandboxBench) -> None:
        source = """
import os
files = []
try:
    while True: files.append(os.dup(0))
except OSError: print(len(files))
"""
        outcome = bench.run(source, limits=Limits(cpu_s=5, open_files=40))
        assert int(outcome.stdout) == 37

    def test_the_size_of_a_file_is_limited(self, bench: SandboxBench) -> None:
        limits = Limits(cpu_s=5, file_mb=4)
        assert bench.run("open('x', 'wb').write(bytes(3 << 20))", limits=limits).exit_code == 0
        assert bench.run("open('x', 'wb').write(bytes(5 << 20))", limits=limits).exit_code != 0

    def test_a_flood_of_output_ends_the_program(self, bench: SandboxBench) -> None:
        limits = Limits(cpu_s=5, output_kb=64)
        outcome = bench.run("while True: print('x' * 1000)", limits=limits)
        assert outcome.killed is Killed.OUTPUT
        assert len(outcome.stdout) == 64 << 10

    def test_output_up_to_the_limit_is_fine(self, bench: SandboxBench) -> None:
        limits = Limits(cpu_s=5, output_kb=64)
        outcome = bench.run("import sys; sys.stdout.write('x' * (64 << 10))", limits=limits)
        assert outcome.killed is None
        assert len(outcome.stdout) == 64 << 10

    def test_a_flood_of_complaints_is_cut_and_harms_nothing(self, bench: SandboxBench) -> None:
        source = (
            "import sys\nfor _ in range(3000): sys.stderr.write('x' * 1000)\nsys.stderr.write('end')\nprint('done')"
        )
        outcome = bench.run(source)
        assert (outcome.exit_code, outcome.stdout) == (0, b"done\n")
        assert len(outcome.stderr) <= 64 << 10
        assert outcome.stderr.endswith(b"end")
