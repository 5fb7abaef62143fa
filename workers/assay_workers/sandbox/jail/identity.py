"""The user namespace of a jail that root starts.

Root may map several users. The jail is set up as root, who can reach an interpreter below root's home, and
the agent then becomes the second user, whom nothing on the machine belongs to. Every worker takes another
one, since the kernel counts some resources by user across the whole machine.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from assay.errors import SandboxRefused
from assay_agent.layout import CANDIDATE_ID

__all__ = ["choose_id", "make_user_namespace"]

_FIRST_ID: Final = 1_900_000_000
_IDS: Final = 1 << 22
_HOLD: Final = """
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
if libc.unshare(0x10000000):
    sys.exit(os.strerror(ctypes.get_errno()))
print("new", flush=True)
sys.stdin.read()
"""


def choose_id(id_map: str, number: int) -> int:
    """An id that nothing uses: one of a high range, or the end of what ``id_map`` (of /proc/self) has.

    ``number`` tells the workers of a machine apart.
    """
    wanted = _FIRST_ID + number % _IDS
    ranges = [(int(first), int(count)) for first, _, count in (line.split() for line in id_map.splitlines())]
    if any(first <= wanted < first + count for first, count in ranges):
        return wanted
    first, count = max(ranges)
    return first + count - 1 - number % max(count // 2, 1)


def make_user_namespace() -> int:
    """A descriptor of a new user namespace that maps root and one unused user.

    Raises:
        SandboxRefused: the kernel refuses user namespaces, or this container lacks SETUID or SETGID.
    """
    command = [sys.executable, "-I", "-S", "-c", _HOLD]
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as holder:
        try:
            assert holder.stdout is not None
            if not holder.stdout.readline():
                complaint = holder.communicate()[1].decode("utf-8", "replace").strip()
                raise OSError(complaint)  # noqa: TRY301 - one answer to all of them
            process = Path("/proc", str(holder.pid))
            for kind in ("uid", "gid"):
                unused = choose_id(Path(f"/proc/self/{kind}_map").read_text(), os.getpid())
                (process / f"{kind}_map").write_text(f"0 0 1\n{CANDIDATE_ID} {unused} 1\n")
            return os.open(process / "ns" / "user", os.O_RDONLY)
        except OSError as error:
            raise SandboxRefused(
                f"root cannot make a user namespace here: {error}",
                hint="allow user namespaces (user.max_user_namespaces), or give the container SETUID and SETGID",
            ) from error
        finally:
            holder.kill()
