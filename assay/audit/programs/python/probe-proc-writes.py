# probe-proc-writes (sandbox_probe): Opens for writing what steers the kernel and other processes; nothing is written.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os
import sys

if "NoNewPrivs:\t1" not in open("/proc/self/status").read():
    raise SystemExit("refused: no_new_privs is not set")

PATHS = (
    "/proc/sys/kernel/core_pattern",
    "/proc/sys/kernel/hostname",
    "/proc/sys/vm/overcommit_memory",
    "/proc/sysrq-trigger",
    "/proc/1/mem",
    "/proc/1/oom_score_adj",
    f"/proc/{os.getppid()}/mem",
    "/sys/fs/cgroup/cgroup.procs",
    "/sys/fs/cgroup/memory.max",
    "/sys/kernel/uevent_helper",
    "/etc/passwd",
    "/etc/ld.so.preload",
)
for path in PATHS:
    try:
        os.close(os.open(path, os.O_WRONLY))
        print("PROBE", path, "ALLOWED", file=sys.stderr)
    except OSError:
        continue
print("probed")
