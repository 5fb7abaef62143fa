# leave-limits-w (state_leak): Writer: lowers the limits, the priority, the affinity and the mask of every process it may change.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os
import resource

if "NoNewPrivs:\t1" not in open("/proc/self/status").read():
    raise SystemExit("refused: no_new_privs is not set")

for number in (os.getppid(), 1, 2, 3):
    for which in (resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_CPU):
        try:
            resource.prlimit(number, which, (20, 20))
        except (OSError, ValueError):
            pass
    for deed in (
        lambda: os.setpriority(os.PRIO_PROCESS, number, 19),
        lambda: os.sched_setaffinity(number, {0}),
        lambda: os.sched_setscheduler(number, os.SCHED_IDLE, os.sched_param(0)),
    ):
        try:
            deed()
        except OSError:
            continue
os.umask(0o777)
print("lowered")
