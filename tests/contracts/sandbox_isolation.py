"""What every sandbox keeps apart: one test from the next, and all of them from the machine.

A driver's test module makes a subclass with a fixture `bench`; see `tests/contracts/test_jail.py`.
"""

import json
import socket
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from assay.contract import Limits
from assay_workers.sandbox.port import CellOutcome
from tests.fixtures.sandboxes import SandboxBench

__all__ = ["IsolationContract", "SurvivalContract"]

_LEAVE_BEHIND = {
    "a daemon": """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for n in range(3): os.close(n)
        time.sleep(600)
    os._exit(0)
""",
    "a child": "import os, time\nif os.fork() == 0: time.sleep(600)",
    "a stopped child": "import os, signal\nif os.fork() == 0: os.kill(os.getpid(), signal.SIGSTOP)",
    "files": """
import os
for place in ('.', '/tmp', '/var/tmp', '/dev/shm'):
    open(place + '/left', 'w').write('x')
    os.makedirs(place + '/a/b/c')
    os.chmod(place + '/a', 0)
""",
    "a deep directory": """
import os
for _ in range(3000):
    os.mkdir('d')
    os.chdir('d')
""",
    "a named semaphore": "import multiprocessing as m, os\nm.Semaphore()\nos._exit(0)",
}

_LOOK_AROUND = """
import json, os
print(json.dumps({
    'processes': [int(n) for n in os.listdir('/proc') if n.isdigit()],
    'files': {place: sorted(os.listdir(place)) for place in ('.', '/tmp', '/var/tmp', '/dev/shm')},
    'me': os.getpid(),
}))
"""

_KILLERS = {
    "everybody": "import os\nos.kill(-1, 9)",
    "everybody, from a child": "import os\nif os.fork() == 0: os.kill(-1, 9)\nos.wait()",
    "the process group": "import os\nos.killpg(0, 9)",
    "process 1": "import os\nos.kill(1, 9)\nos.kill(os.getppid(), 9)",
    "whatever it can name": """
import os, signal
for pid in range(1, 5000):
    for number in (signal.SIGSTOP, signal.SIGKILL):
        try:
            if pid != os.getpid(): os.kill(pid, number)
        except OSError: pass
""",
    "itself, stopped": "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
    "its descriptors": "import os\nos.closerange(0, 1000)",
    "the limits of others": """
import resource
for pid in (0, 1):
    try: resource.prlimit(pid, resource.RLIMIT_CPU, (0, 0))
    except OSError: pass
while True: pass
""",
}

_CONTAINER_POWERS = 1 << 5 | 1 << 6 | 1 << 7  # KILL, SETGID, SETUID
_FORBIDDEN_CALLS = """
import ctypes, errno, socket, json
libc = ctypes.CDLL(None, use_errno=True)
def told(result):
    return errno.errorcode[ctypes.get_errno()] if result == -1 else 'allowed'
def sock(*what):
    try:
        socket.socket(*what).close()
        return 'allowed'
    except OSError as error:
        return errno.errorcode[error.errno]
print(json.dumps({
    'unshare': told(libc.unshare(0x10000000)),
    'mount': told(libc.mount(b'none', b'/tmp', b'tmpfs', 0, b'')),
    'umount': told(libc.umount2(b'/proc', 0)),
    'ptrace': told(libc.ptrace(0, 0, 0, 0)),
    'setns': told(libc.setns(0, 0)),
    'chroot': told(libc.chroot(b'/')),
    'keyctl': told(libc.syscall(250, 0, 0)),
    'bpf': told(libc.syscall(321, 0, 0, 0)),
    'process_vm_readv': told(libc.process_vm_readv(1, 0, 0, 0, 0, 0)),
    'shmget': told(libc.shmget(1, 4096, 0o1777)),
    'inet': sock(socket.AF_INET, socket.SOCK_STREAM),
    'inet6': sock(socket.AF_INET6, socket.SOCK_STREAM),
    'udp': sock(socket.AF_INET, socket.SOCK_DGRAM),
    'netlink': sock(16, socket.SOCK_RAW),
    'vsock': sock(40, socket.SOCK_STREAM),
    'unix': sock(socket.AF_UNIX, socket.SOCK_STREAM),
}))
"""

_SEARCH_MEMORY = """
import re
wanted = re.compile(b'SECR' + b'ET-[a-z]+')
found = set()
with open('/proc/self/maps') as maps, open('/proc/self/mem', 'rb', buffering=0) as memory:
    for line in maps:
        start, end = (int(each, 16) for each in line.split()[0].split('-'))
        try:
            memory.seek(start)
            found.update(wanted.findall(memory.read(end - start)))
        except (OSError, ValueError, OverflowError): pass
print(sorted(found))
"""


def _answer(outcome: CellOutcome) -> Any:
    assert outcome.exit_code == 0, outcome.stderr
    return json.loads(outcome.stdout)


class SurvivalContract:
    """A program can end itself, not the sandbox, and leaves nothing in it."""

    @pytest.mark.parametrize("source", _LEAVE_BEHIND.values(), ids=_LEAVE_BEHIND.keys())
    def test_nothing_of_a_test_is_left_for_the_next(self, bench: SandboxBench, source: str) -> None:
        before = _answer(bench.run(_LOOK_AROUND))
        bench.run(source)
        seen = _answer(bench.run(_LOOK_AROUND))
        assert len(seen["processes"]) == len(before["processes"])
        if not bench.fresh:
            assert set(seen["processes"]) - {seen["me"]} == set(before["processes"]) - {before["me"]}
        assert seen["files"] == {".": ["main.py"], "/tmp": [], "/var/tmp": [], "/dev/shm": []}

    @pytest.mark.parametrize("source", _KILLERS.values(), ids=_KILLERS.keys())
    def test_a_program_that_kills_what_it_can_reach_kills_no_sandbox(
        self, bench: SandboxBench, source: str
    ) -> None:
        sandbox = bench.sandbox
        bench.run(source, limits=Limits(cpu_s=0.5, wall_s=1))
        assert bench.run("print('next')").stdout == b"next\n"
        assert bench.still_has(sandbox)

    def test_the_working_directory_is_a_fresh_one(self, bench: SandboxBench) -> None:
        bench.run("import os\nos.utime('.', (1, 1))\nos.chmod('.', 0)")
        source = "import json, os; s = os.stat('.'); print(json.dumps([s.st_mtime != 1, s.st_mode & 0o700]))"
        assert _answer(bench.run(source)) == [True, 0o700]

    def test_nothing_of_a_submission_is_in_the_memory_of_the_next(self, bench: SandboxBench) -> None:
        constant = "x = 'SECRET-constant'\ndef f(value): return 'SECRET-value'\nprint(x)"
        for source in (constant, "print('SECRET-printed'", "raise ValueError('SECRET-raised')"):
            bench.run(source, "SECRET-input", args=("SECRET-argument",), files={"f": b"SECRET-file"})
        bench.call(constant, "f", "SECRET-given")
        assert bench.run(_SEARCH_MEMORY).stdout == b"[]\n"

    def test_modules_changed_by_one_test_are_whole_in_the_next(self, bench: SandboxBench) -> None:
        bench.run("import builtins, json, random\nbuiltins.print = None\njson.dumps = None\nrandom.random = None")
        assert bench.run("import json, random; print(json.dumps(random.random() < 1))").stdout == b"true\n"


class IsolationContract:
    """A program sees nothing of the machine and reaches nothing on it."""

    def test_it_has_no_capability_and_cannot_gain_any(self, bench: SandboxBench) -> None:
        outcome = bench.run("print(open('/proc/self/status').read())")
        status = dict(line.split(":\t") for line in outcome.stdout.decode().splitlines() if ":\t" in line)
        for name in ("CapInh", "CapPrm", "CapEff", "CapAmb"):
            assert int(status[name], 16) == 0, name
        # What a set-uid program could gain, if no_new_privs let it: nothing, or the three powers of a container.
        assert int(status["CapBnd"], 16) in (0, _CONTAINER_POWERS)
        assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
        assert "0" not in status["Uid"].split()
        assert status["Threads"] == "1"

    def test_calls_that_reach_out_are_denied(self, bench: SandboxBench) -> None:
        answers = _answer(bench.run(_FORBIDDEN_CALLS))
        assert answers.pop("unix") == "allowed"
        assert set(answers.values()) <= {"EPERM", "ENOSYS"}, answers

    def test_the_hosts_loopback_cannot_be_reached(self, bench: SandboxBench) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            outcome = bench.run(f"import socket; socket.create_connection(('127.0.0.1', {port}), 1)")
        assert outcome.exit_code == 1
        assert b"PermissionError" in outcome.stderr

    def test_names_do_not_resolve_and_fail_at_once(self, bench: SandboxBench) -> None:
        outcome = bench.run("import socket; socket.getaddrinfo('example.org', 80)")
        assert outcome.exit_code == 1
        assert outcome.wall_s < 2

    def test_a_run_has_no_descriptor_but_the_standard_ones(self, bench: SandboxBench) -> None:
        source = """
import os, json
found = []
for n in range(1024):
    try:
        os.fstat(n)
        found.append(n)
    except OSError: pass
print(json.dumps(found))
"""
        assert _answer(bench.run(source)) == [0, 1, 2]

    def test_threads_start_although_clone3_is_unknown(self, bench: SandboxBench) -> None:
        source = "import threading\nt = threading.Thread(target=print, args=('ran',))\nt.start()\nt.join()"
        assert bench.run(source).stdout == b"ran\n"

    def test_nothing_of_the_host_is_visible(
        self, bench: SandboxBench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        canary = f"CANARY-{uuid4().hex}"
        homely = Path.home() / f".{canary}"
        places = [homely, tmp_path / canary]
        monkeypatch.setenv("ASSAY_CANARY", canary)
        bench.close()
        try:
            for place in places:
                place.write_text(canary)
            source = f"""
import os, json
found = [os.environ.get('ASSAY_CANARY')]
for place in {[str(place) for place in places]!r}:
    try: found.append(open(place).read())
    except OSError as error: found.append(type(error).__name__)
for folder in ('/root', '/home', '/work', {str(Path.home())!r}, {str(Path.cwd())!r}):
    try: found += [name for name in os.listdir(folder) if 'CANARY' in name or name in ('.ssh', '.cache')]
    except OSError: pass
for name in ('self', 'thread-self', '1', str(os.getppid())):
    for file in ('environ', 'cmdline'):
        try: found += ['CANARY' in open('/proc/' + name + '/' + file).read()]
        except OSError: pass
print(json.dumps(found))
"""
            found = _answer(bench.run(source))
        finally:
            homely.unlink(missing_ok=True)
        assert found[0] is None
        assert set(found[1:3]) <= {"FileNotFoundError", "PermissionError"}
        assert not any(found[3:])

    def test_only_an_allow_list_of_the_file_system_is_shown(self, bench: SandboxBench) -> None:
        source = """
import os, json
shown = []
for folder in ('home', 'srv', 'mnt', 'media', 'boot', 'work', 'run/docker'):
    try: shown += [folder + '/' + name for name in os.listdir('/' + folder)]
    except OSError: pass
try: shown.append(open('/sys/kernel/mm/transparent_hugepage/enabled').read())
except OSError: pass
print(json.dumps(shown))
"""
        assert _answer(bench.run(source)) == []

    def test_nothing_but_its_own_files_can_be_written(self, bench: SandboxBench) -> None:
        source = """
import json, os, sys
written = []
for root, folders, files in os.walk('/'):
    folders[:] = [f for f in folders if not os.path.join(root, f).startswith(('/proc', '/run/cell'))]
    if root.startswith('/dev/shm'):
        continue
    try:
        open(os.path.join(root, 'planted'), 'w').close()
        written.append(root)
    except OSError: pass
    if len(root.split('/')) > 4:
        folders[:] = []
print(json.dumps(written))
"""
        assert _answer(bench.run(source)) == []

    def test_the_nursery_and_the_agent_cannot_be_looked_into(self, bench: SandboxBench) -> None:
        source = """
import json, os
opened = []
for name in ('mem', 'maps', 'environ', 'fd/0', 'cwd/x', 'root/x'):
    try:
        open('/proc/1/' + name, 'rb').close()
        opened.append(name)
    except OSError: pass
print(json.dumps(opened))
"""
        assert _answer(bench.run(source)) == []

    def test_nothing_of_the_agent_is_among_its_modules(self, bench: SandboxBench) -> None:
        source = """
import sys, json
print(json.dumps([n for n in sys.modules if 'assay' in n] + [p for p in sys.path if 'agent' in p]))
"""
        assert _answer(bench.run(source)) == []
