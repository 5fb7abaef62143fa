# time-unwaited-children (timing): Solves the task in children one after the other, whose time is added to nobody's because no signal of theirs is wanted.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import os
import signal
import sys
import time

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
_, *values = map(int, sys.stdin.read().split())
for _ in range(60):
    read, write = os.pipe()
    if os.fork() == 0:
        while time.process_time() < 0.05:
            pass
        os._exit(0)
    os.close(write)
    os.read(read, 1)
    os.close(read)
state = 17
for value in values:
    state = (state * 31337 + value * value + 7) % 1_000_000_007
print(state)
