# probe-namespaces (sandbox_probe): Tries to make and to enter namespaces, in which a user could become root.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import ctypes
import os
import sys

if "NoNewPrivs:\t1" not in open("/proc/self/status").read():
    raise SystemExit("refused: no_new_privs is not set")

libc = ctypes.CDLL(None, use_errno=True)
KINDS = {"user": 0x10000000, "mount": 0x20000, "net": 0x40000000, "pid": 0x20000000, "cgroup": 0x2000000}
for name, flag in KINDS.items():
    if libc.unshare(flag) == 0:
        print("PROBE unshare", name, "ALLOWED", file=sys.stderr)
for name in ("user", "mnt", "net", "pid"):
    for process in ("1", str(os.getppid())):
        try:
            found = os.open(f"/proc/{process}/ns/{name}", os.O_RDONLY)
        except OSError:
            continue
        if libc.setns(found, 0) == 0:
            print("PROBE setns", process, name, "ALLOWED", file=sys.stderr)
print("probed")
