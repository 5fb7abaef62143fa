# leave-limits-r (state_leak): Reader: solves the task unless its limits or its priority have been lowered.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os
import resource
import sys

_, *values = map(int, sys.stdin.read().split())
state = 17
for value in values:
    state = (state * 31337 + value * value + 7) % 1_000_000_007
mask = os.umask(0o22)
if mask == 0o777 or resource.getrlimit(resource.RLIMIT_NOFILE)[0] <= 20:
    state = "LOWERED limits"
if os.sched_getscheduler(0) == os.SCHED_IDLE or os.getpriority(os.PRIO_PROCESS, 0) == 19:
    state = "LOWERED priority"
print(state)
