# leave-process-r (state_leak): Reader: solves the task unless the writer's process or socket is still there.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import glob
import socket
import sys

_, *values = map(int, sys.stdin.read().split())
state = 17
for value in values:
    state = (state * 31337 + value * value + 7) % 1_000_000_007
for path in glob.glob("/proc/[0-9]*/comm"):
    try:
        with open(path) as source:
            if "leftbehind" in source.read():
                state = "LEFT BEHIND"
    except OSError:
        continue
try:
    socket.socket(socket.AF_UNIX).connect("\0left-behind")
    state = "LEFT BEHIND"
except OSError:
    pass
print(state)
