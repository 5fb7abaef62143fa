# probe-mounts (sandbox_probe): Tries to mount, to change its root and to remount what is read-only.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import ctypes
import os
import sys

if "NoNewPrivs:\t1" not in open("/proc/self/status").read():
    raise SystemExit("refused: no_new_privs is not set")

libc = ctypes.CDLL(None, use_errno=True)
os.makedirs("here", exist_ok=True)
here = os.path.abspath("here").encode()
ATTEMPTS = {
    "tmpfs": lambda: libc.mount(b"none", here, b"tmpfs", 0, None),
    "proc": lambda: libc.mount(b"proc", here, b"proc", 0, None),
    "bind": lambda: libc.mount(b"/", here, None, 4096, None),
    "remount": lambda: libc.mount(b"none", b"/", None, 32 | 4096, None),
    "umount": lambda: libc.umount2(b"/proc", 2),
    "chroot": lambda: libc.chroot(here),
    "pivot_root": lambda: libc.syscall(155, here, here),
    "fsopen": lambda: libc.syscall(430, b"tmpfs", 0),
    "open_tree": lambda: libc.syscall(428, -100, b"/", 1),
}
for name, attempt in ATTEMPTS.items():
    if attempt() >= 0:
        print("PROBE", name, "ALLOWED", file=sys.stderr)
print("probed")
