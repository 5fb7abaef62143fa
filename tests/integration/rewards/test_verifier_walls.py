"""Specification of the walls around the verifier's child: what code that a completion smuggled in would find."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from assay_agent import landlock, seccomp
from tests.fixtures.declining import decline

_PROBE: Final = """
import ctypes, json, os, resource, signal, socket, sys
from pathlib import Path
from assay_workers.rewards.verifier_walls import confine

parent = os.getppid()
missing = confine(1 << 30)

def late_import():
    before = "sympy.plotting" in sys.modules
    import sympy, sympy.geometry, sympy.plotting, wave
    return f"{before} {sympy.simplify('sin(x)**2 + cos(x)**2')}"

def unshare():
    if ctypes.CDLL(None, use_errno=True).unshare(0x10000000):
        raise OSError(ctypes.get_errno(), "unshare")

def held_capabilities():
    sets = (ctypes.c_uint32 * 6)()
    if ctypes.CDLL(None).capget((ctypes.c_uint32 * 2)(0x20080522, 0), sets):
        raise RuntimeError("capget")
    return any(sets)

TRIES = {
    "late_import": late_import,
    "read_own_library": lambda: len(Path(json.__file__).read_bytes()) > 0,
    "allocate": lambda: len(bytearray(64 << 20)),
    "too_much": lambda: len(bytearray(2 << 30)),
    "read_file": lambda: Path("/etc/passwd").read_text(),
    "read_repository": lambda: Path(sys.argv[1]).read_text(),
    "list_root": lambda: os.listdir("/"),
    "list_tmp": lambda: os.listdir("/tmp"),
    "parent_environ": lambda: Path(f"/proc/{parent}/environ").read_bytes(),
    "parent_memory": lambda: os.open(f"/proc/{parent}/mem", os.O_RDWR),
    "write": lambda: Path("/dev/shm/assay-walls").write_text("x"),
    "write_library": lambda: os.open(json.__file__, os.O_WRONLY),
    "remove_library": lambda: os.unlink(sys.argv[2]),
    "fork": os.fork,
    "spawn": lambda: os.posix_spawn("/bin/true", ["true"], {}),
    "exec": lambda: os.execv(sys.executable, [sys.executable, "-c", ""]),
    "tcp": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
    "unix": lambda: socket.socket(socket.AF_UNIX),
    "pair": socket.socketpair,
    "memory_file": lambda: os.memfd_create("x"),
    "signal_parent": lambda: os.kill(parent, 0),
    "signal_all": lambda: os.kill(-1, 0),
    "watch_parent": lambda: os.pidfd_open(parent),
    "limit_parent": lambda: resource.prlimit(parent, resource.RLIMIT_NOFILE),
    "own_limit": lambda: resource.getrlimit(resource.RLIMIT_AS)[1],
    "raise_limit": lambda: resource.setrlimit(resource.RLIMIT_AS, (-1, -1)),
    "unshare": unshare,
    "change_user": lambda: os.setuid(12345),
    "chroot": lambda: os.chroot("/"),
    "capabilities": held_capabilities,
}
seen = {}
for name, attempt in TRIES.items():
    try:
        seen[name] = attempt()
    except (OSError, ValueError, MemoryError) as error:
        seen[name] = type(error).__name__
print(json.dumps({"missing": missing, "seen": seen}, default=str))
"""

_DENIED: Final = (
    *("read_file", "read_repository", "list_root", "list_tmp", "parent_environ", "parent_memory"),
    *("write", "write_library", "remove_library", "fork", "spawn", "exec", "tcp", "unix", "pair", "memory_file"),
    *("signal_parent", "signal_all", "watch_parent", "limit_parent", "raise_limit", "unshare", "change_user"),
    "chroot",
)


@pytest.fixture(scope="module")
def probe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    if landlock.abi_version() == 0 or not seccomp.supported(os.uname().machine):
        decline("the walls need Landlock and a system-call table for this machine")
    victim = tmp_path_factory.mktemp("walls") / "victim"
    victim.write_text("still here")
    command = [sys.executable, "-c", _PROBE, __file__, str(victim)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    yield json.loads(done.stdout)
    assert victim.read_text() == "still here"
    assert not Path("/dev/shm/assay-walls").exists()


def test_every_wall_stands_here(probe: dict[str, Any]) -> None:
    assert probe["missing"] == []


@pytest.mark.parametrize("attempt", _DENIED)
def test_it_is_denied(probe: dict[str, Any], attempt: str) -> None:
    assert probe["seen"][attempt] in {"PermissionError", "OSError", "ValueError"}


def test_it_computes_and_imports_what_it_needs(probe: dict[str, Any]) -> None:
    seen = probe["seen"]
    assert seen["late_import"] == "False 1"
    assert seen["read_own_library"] is True
    assert seen["allocate"] == 64 << 20


def test_its_memory_is_bounded(probe: dict[str, Any]) -> None:
    assert probe["seen"]["own_limit"] == 1 << 30
    assert probe["seen"]["too_much"] == "MemoryError"


def test_it_has_no_capability(probe: dict[str, Any]) -> None:
    assert probe["seen"]["capabilities"] is False
